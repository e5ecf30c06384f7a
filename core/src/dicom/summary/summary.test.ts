import type { Geometry, Vector3 } from '../../types';
import { testLabels, testMeasurement, testSeries, testVolume } from '../testSeries';
import { drawSummary } from './drawSummary';
import { fontText, glyphPixel } from './font';
import { encodeSummaryImage } from './encodeSummaryImage';

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
const hydrops = testVolume((i) => (i < 30 ? -1 : 1), grid);
const content = { mrc, labels, hydrops, measurement: testMeasurement(mrc), edited: false };

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
  // First tile, 192 pixels for 24 mm about the organ: 4 pixels a voxel.
  const colorAt = (voxelsRight: number, voxelsDown: number): Vector3 => {
    const x = 8 + 96 + 4 * voxelsRight;
    const y = 48 + 96 + 4 * voxelsDown;
    return [
      ...raster.data.slice(3 * (x + raster.width * y), 3 * (x + raster.width * y) + 3),
    ] as Vector3;
  };
  const isBlue = ([red, , blue]: Vector3): boolean => blue > red + 30;
  expect(isBlue(colorAt(-3, 0))).toBe(true);
  expect(isBlue(colorAt(3, 0))).toBe(false);
  expect(isBlue(colorAt(-9, 0))).toBe(false);
});

test('is the same object for the same result, and another one when a number differs', () => {
  const first = encodeSummaryImage({ ...content, created: new Date(0) });
  expect(encodeSummaryImage({ ...content, created: new Date() }).sopInstanceUid).toBe(
    first.sopInstanceUid
  );
  const other = testMeasurement(mrc);
  other.ears.left!.cochlea!.volume.ratio = 0.9;
  expect(
    encodeSummaryImage({ ...content, measurement: other, created: new Date(0) }).sopInstanceUid
  ).not.toBe(first.sopInstanceUid);
});
