import type { PreparedStudy } from '../study';
import type { Vector3 } from '../types';
import { grid, images, labelsOn, prepared } from '../../test/testEars';
import { volumeOf } from '../../test/testGrids';
import { countEndolymph } from './countEndolymph';
import { alignmentError } from './alignmentError';
import { measureSlices } from './slices';

// Perilymph on one side of the ear and endolymph on the other: where PPI stands aside, the border between them moves.

const slope = ([x, y, z]: Readonly<Vector3>, by: Readonly<Vector3>): number =>
  100 + 60 * Math.sin(1.2 * (x - by[0] - 2.8) + 0.5 * (y - by[1] - 12) + 0.3 * (z - by[2]));
const pei = volumeOf(grid, () => 100);

/** A study whose PPI stands displaced by so many mm, and says so precisely, to within a standard error, or not at all. */
function study(by: Vector3, standardError: number | null): PreparedStudy {
  const made = prepared({ mrc: images.mrc, ppi: volumeOf(grid, (p) => slope(p, by)), pei });
  const report = made.alignment.ppi;
  const againstPei =
    standardError === null ? {} : { againstPei: { displacement: 0, standardError } };
  return { ...made, alignment: { ...made.alignment, ppi: { ...report, ...againstPei } } };
}

interface Counted {
  ratio: number;
  interval: [number, number];
}

/** By volume, then on each slice of the left cochlea. */
function counted(of: PreparedStudy): Counted[] {
  const { data } = labelsOn(images.mrc);
  const indices = Int32Array.from([...data.keys()].filter((n) => data[n] === 1));
  const displaced = alignmentError(of, indices);
  const noise = { magnitude: 0.7, hydrops: 1 };
  const slices = measureSlices(
    of,
    { ear: 'left', organ: 'cochlea', indices, center: [0, 0, 0] },
    noise,
    displaced
  );
  return [
    countEndolymph(of, indices, noise, displaced),
    ...slices.map(({ measured }) => measured),
  ].map(({ ratio, interval }) => {
    if (!interval) throw new Error('no interval');
    return { ratio, interval };
  });
}

const still = counted(study([0, 0, 0], 0));
const width = ({ interval }: Counted): number => interval[1] - interval[0];

test.each<[string, Vector3]>([
  ['along the rows', [0.12, 0, 0]],
  ['against them', [-0.12, 0, 0]],
  ['obliquely', [0.07, -0.07, 0.07]],
])('the interval holds the ratio that a PPI displaced %s would have without', (_, by) => {
  const displaced = counted(study(by, 0.08));
  displaced.forEach(({ interval }, n) => {
    const { ratio } = still[n] ?? { ratio: NaN };
    expect(interval[0]).toBeLessThanOrEqual(ratio);
    expect(interval[1]).toBeGreaterThanOrEqual(ratio);
  });
});

/** What one voxel of a slice makes. */
const COUNT = 0.03;

test('a more exact alignment has a narrower interval, an unknown one the widest', () => {
  const widths = [0, 0.05, 0.1, null].map((error) => counted(study([0, 0, 0], error)).map(width));
  widths[0]?.forEach((_, n) => {
    const [none = NaN, fine = NaN, coarse = NaN, unknown = NaN] = widths.map((of) => of[n] ?? NaN);
    expect(none).toBeLessThanOrEqual(fine + COUNT);
    expect(fine).toBeLessThanOrEqual(coarse + COUNT);
    expect(coarse).toBeLessThanOrEqual(unknown + COUNT);
  });
  expect(widths[3]?.[0]).toBeGreaterThan((widths[0]?.[0] ?? NaN) + 0.1);
});

test('an interpolated series has a wider interval, the wider the larger its pixels are', () => {
  const interpolated = (pixel: number): Counted[] => {
    const made = study([0, 0, 0], 0);
    const { ppi } = made.alignment;
    return counted({
      ...made,
      mrc: { ...made.mrc, spacing: [pixel, pixel, 1] },
      alignment: { ...made.alignment, ppi: { ...ppi, interpolation: 'cubic' } },
    });
  };
  const [stored = NaN, fine = NaN, coarse = NaN] = [
    still,
    interpolated(0.4),
    interpolated(0.8),
  ].map(([volume]) => (volume ? width(volume) : NaN));
  expect(fine).toBeGreaterThan(stored + 0.02);
  expect(coarse).toBeGreaterThan(fine);
});
