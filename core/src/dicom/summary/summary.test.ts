import type { Geometry, Vector3 } from '../../types';
import { sha256 } from '../../sha256';
import {
  TEST_CASES,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../../test/testSeries';
import { drawSummary } from './drawSummary';
import { fontText, glyphPixel } from './font';
import { encodeSummaryImage } from './encodeSummaryImage';
import type { Raster } from './raster';

const grid: Geometry = {
  size: [60, 60, 6],
  spacing: [0.5, 0.5, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const mrc = testSeries(
  'MRC',
  testVolume((i, j) => 100 + ((i + j) % 7), grid)
);
const organ = (i: number, j: number): number =>
  Math.abs(i - 30) < 6 && Math.abs(j - 30) < 6 ? 1 : 0;
const labels = { ...testLabels(grid), data: Uint8Array.from(testVolume(organ, grid).data) };
const endolymph = Uint8Array.from(testVolume((i) => (i < 30 ? 1 : 0), grid).data);
const content = { mrc, labels, endolymph, measurement: testMeasurement(mrc) };

const pixel = ({ data, width }: Raster, x: number, y: number): Vector3 =>
  [...data.slice(3 * (x + width * y), 3 * (x + width * y) + 3)] as Vector3;
/** Tinted in the colour of endolymph: orange. */
const isTinted = ([red, , blue]: Vector3): boolean => red > blue + 30;
/** First tile, 240 pixels for 24 mm about the organ: 5 pixels a voxel. */
const inFirstTile = (raster: Raster, voxelsRight: number, voxelsDown: number): Vector3 =>
  pixel(raster, 8 + 120 + 5 * voxelsRight, 68 + 120 + 5 * voxelsDown);

test('every glyph is complete, and a sign that the font lacks shows as a question mark', () => {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;%/()-+=<>?!\'"_';
  expect(fontText(signs)).toBe(signs);
  const shapes = new Set<string>();
  for (const sign of signs) {
    let shape = '';
    for (let y = 0; y < 7; y++)
      for (let x = 0; x < 5; x++) shape += glyphPixel(sign, x, y) ? '#' : '.';
    expect(shape).toContain('#');
    shapes.add(shape);
  }
  expect(shapes.size).toBe(signs.length);
  expect(fontText('Müller – 幻')).toBe('MULLER - ?');
});

test('the endolymph is tinted on its side of the organ only, within the outline', () => {
  const raster = drawSummary(content);
  expect(isTinted(inFirstTile(raster, -3, 0))).toBe(true);
  expect(isTinted(inFirstTile(raster, 3, 0))).toBe(false);
  expect(isTinted(inFirstTile(raster, -9, 0))).toBe(false);
});

test('of a voided ear nothing is tinted, and its numbers are struck through', () => {
  const measurement = testMeasurement(mrc);
  TEST_CASES['a voided ear'](measurement);
  const [raster, before] = [drawSummary({ ...content, measurement }), drawSummary(content)];
  expect(isTinted(inFirstTile(raster, -3, 0))).toBe(false);
  // Row of the left cochlea: the line runs through the blank between area and volume digits, left cochlea only.
  const amber = (image: Raster, row: number): number => {
    const top = 68 + 240 + 60 + 8 + row * 20;
    let count = 0;
    for (let y = top; y < top + 14; y++)
      for (let x = 8 + 17 * 12; x < 8 + 45 * 12; x++)
        if (String(pixel(image, x, y)) === '255,190,70') count++;
    return count;
  };
  expect(amber(raster, 1)).toBeGreaterThan(200);
  expect(amber(before, 1)).toBe(0);
  expect(amber(raster, 3)).toBe(0);
});

test('an ear that was not found, a moved slice and a doubt each change the image', () => {
  const images = [undefined, ...Object.values(TEST_CASES)].map((change) => {
    const measurement = testMeasurement(mrc);
    change?.(measurement);
    return sha256(drawSummary({ ...content, measurement }).data);
  });
  expect(new Set(images).size).toBe(images.length);
});

test('is the same object for the same result, and another object when a number differs', () => {
  const first = encodeSummaryImage({ ...content, created: new Date(0) });
  expect(encodeSummaryImage({ ...content, created: new Date(0) }).sopInstanceUid).toBe(
    first.sopInstanceUid
  );
  const other = testMeasurement(mrc);
  other.ears.left!.cochlea!.volume.ratio = 0.9;
  expect(
    encodeSummaryImage({ ...content, measurement: other, created: new Date(0) }).sopInstanceUid
  ).not.toBe(first.sopInstanceUid);
});
