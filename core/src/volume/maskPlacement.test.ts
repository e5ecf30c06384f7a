import type { Geometry, Vector3 } from '../types';
import { latticeSampling, makeMarkedWeight, placeMask, samplingOf } from './maskPlacement';
import { resample } from './resample';
import { rotationFromDegrees, type RigidTransform } from './rigidTransform';
import { axialGrid, randomNumbers, volumeOf } from '../../test/testGrids';

const random = randomNumbers(21);
const source = axialGrid([20, 18, 12], [0.5, 0.6, 1], [-5, -5, -6]);
const moved: RigidTransform = {
  rotation: rotationFromDegrees([1, -2, 3]),
  translation: [0.4, -0.3, 0.7],
  center: [0, 0, 0],
};

test.each<[string, Geometry, RigidTransform | undefined, number]>([
  ['moved', source, moved, 0.003],
  ['moved, with scattered pixels', source, moved, 0.05],
  ['on a finer grid', axialGrid([22, 20, 16], [0.35, 0.4, 0.6], [-4, -4, -5]), undefined, 0.01],
  ['on a coarser grid', axialGrid([9, 9, 5], [1, 1.1, 2.1], [-4.5, -4.5, -5.5]), undefined, 0.01],
])(
  'no value of a series %s hangs on a marked voxel unless it is marked too',
  (_, grid, transform, share) => {
    const sound = volumeOf(source, () => random());
    const mask = Uint8Array.from(sound.data, () => (random() < share ? 1 : 0));
    const options = transform ? { transform } : {};
    const sampling = samplingOf(source, grid, options);
    const placed = placeMask(mask, sampling, grid);
    const weightAt = makeMarkedWeight(sampling, mask);
    expect(placed).toContain(1);
    expect(placed).toContain(0);
    // Whatever stands in the marked voxels: what is not marked keeps its value within the least weight.
    for (const sign of [() => 1, () => -1, () => Math.sign(random() - 0.5)]) {
      const data = sound.data.map((value, n) => (mask[n] ? value + 100 * sign() : value));
      const read = (values: Float32Array): Float32Array =>
        resample({ ...source, data: values }, grid, { interpolation: 'cubic', ...options }).data;
      const [before, after] = [read(sound.data), read(data)];
      before.forEach((value, n) => {
        if (placed[n] === 0) expect(Math.abs(after[n]! - value)).toBeLessThanOrEqual(5.1);
      });
    }
    const [columns, rows] = grid.size;
    placed.forEach((mark, n) => {
      const index: Vector3 = [
        n % columns,
        Math.floor(n / columns) % rows,
        Math.floor(n / (columns * rows)),
      ];
      const { total, bySlice } = weightAt(index);
      if (mark === 1) expect(total).toBeGreaterThan(0.05);
      const sum = [...bySlice.values()].reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(total, 9);
    });
  }
);

test('on the lattice of the grid a mark stays on its own voxel', () => {
  const grid = axialGrid([20, 18, 8], [0.5, 0.6, 1], [-5, -5, -4]);
  const mask = new Uint8Array(20 * 18 * 12);
  const at = (i: number, j: number, k: number): number => i + 20 * (j + 18 * k);
  mask[at(3, 4, 5)] = 1;
  mask[at(3, 4, 0)] = 1;
  const placed = placeMask(mask, latticeSampling(source, [0, 0, 2]), grid);
  expect([...placed.keys()].filter((n) => placed[n] === 1)).toEqual([at(3, 4, 3)]);
});
