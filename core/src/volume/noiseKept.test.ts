import type { Geometry, Vector3, Volume } from '../types';
import { axialGrid, randomNumbers, volumeOf } from '../../test/testGrids';
import { latticeSampling, samplingOf } from './maskPlacement';
import { noiseKept } from './noiseKept';
import { resample } from './resample';
import { rotationFromDegrees, type RigidTransform } from './rigidTransform';

const random = randomNumbers(77);
const normal = (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const grid = axialGrid([48, 44, 30], [0.5, 0.5, 1], [-12, -11, -15]);
const noise = volumeOf(grid, normal);

/** Away from the border, where the mirror image raises it. */
function varianceWithin({ data, size: [columns, rows, slices] }: Volume): number {
  const values = [...data].filter((_, n) => {
    const [i, j, k] = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / columns / rows)];
    return [
      [i, columns],
      [j, rows],
      [k, slices],
    ].every(([x, count]) => Math.min(x ?? 0, (count ?? 0) - 1 - (x ?? 0)) >= 3);
  });
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}

const shifted = (translation: Vector3, degrees: Vector3 = [0, 0, 0]): RigidTransform => ({
  rotation: rotationFromDegrees(degrees),
  translation,
  center: [0, 0, 0],
});

test.each<[string, Geometry, RigidTransform | undefined]>([
  ['moved by half a voxel along each axis', grid, shifted([0.25, 0.25, 0.5])],
  ['moved by a fifth of a pixel', grid, shifted([0.1, 0, 0])],
  ['turned', grid, shifted([0.1, 0.2, 0.3], [2, -1, 3])],
  ['on a finer grid', axialGrid([60, 54, 40], [0.37, 0.38, 0.7], [-11, -10, -14]), undefined],
])('the noise of a series %s falls by the share that is given', (_, target, transform) => {
  const options = transform ? { transform } : {};
  const { data } = resample(noise, target, { interpolation: 'cubic', ...options });
  const kept = noiseKept(samplingOf(noise, target, options), target.size);
  const found = varianceWithin({ ...target, data }) / varianceWithin(noise);
  expect(kept).toBeLessThan(0.96);
  expect(Math.abs(found / kept - 1)).toBeLessThan(0.12);
});

test('a copied series keeps its noise, and a mean over larger voxels is no loss', () => {
  expect(noiseKept(latticeSampling(noise, [0, 0, 2]), grid.size)).toBe(1);
  const coarse = axialGrid([22, 20, 14], [1, 1, 2], [-11.25, -10.25, -14]);
  expect(noiseKept(samplingOf(noise, coarse), coarse.size)).toBeGreaterThan(0.95);
});
