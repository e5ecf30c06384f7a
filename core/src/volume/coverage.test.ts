import type { Geometry, Vector3 } from '../types';
import { axialGrid, volumeOf } from '../../test/testGrids';
import { copyOntoLattice, latticeShift, uncoveredBy } from './coverage';
import { voxelToWorld } from './geometry';

const mrc = axialGrid([6, 5, 8], [0.5, 0.5, 1], [-10, 4, 7]);
/** The part of a grid from voxel `first` on, of its own lattice. */
const part = (first: Vector3, size: Vector3): Geometry => ({
  ...mrc,
  size,
  origin: voxelToWorld(mrc, first),
});
const value = ([x, y, z]: Readonly<Vector3>) => 1000 + x + 10 * y + 100 * z;

test('a series that ends earlier, begins later or goes further lies on the same lattice', () => {
  expect(latticeShift(part([0, 0, 0], [6, 5, 6]), mrc)).toEqual([0, 0, 0]);
  expect(latticeShift(part([0, 0, 2], [6, 5, 6]), mrc)).toEqual([0, 0, -2]);
  expect(latticeShift(part([-1, -2, -3], [9, 9, 14]), mrc)).toEqual([1, 2, 3]);
});

test('another spacing, or a place between the voxels, is another lattice', () => {
  expect(latticeShift(axialGrid([6, 5, 8], [0.5, 0.5, 1.05], [-10, 4, 7]), mrc)).toBeNull();
  expect(latticeShift(axialGrid([6, 5, 8], [0.5, 0.5, 1], [-10, 4, 7.5]), mrc)).toBeNull();
  expect(latticeShift(axialGrid([6, 5, 8], [0.5, 0.5, 1], [-10.1, 4, 7]), mrc)).toBeNull();
});

test.each<[string, Vector3, Vector3]>([
  ['the last slices', [0, 0, 0], [6, 5, 6]],
  ['the first slices and an edge', [1, 0, 3], [5, 5, 5]],
  ['nothing', [-1, -1, -1], [8, 7, 10]],
])('values are copied as they are where %s are missing', (_, first, size) => {
  const grid = part(first, size);
  const volume = volumeOf(grid, value);
  const shift = latticeShift(grid, mrc);
  if (!shift) throw new Error('Another lattice.');
  const copied = copyOntoLattice(volume, mrc, shift);
  const uncovered = uncoveredBy(grid, mrc);
  const whole = volumeOf(mrc, value);
  expect(copied.size).toEqual(mrc.size);
  copied.data.forEach((found, n) => {
    expect(found).toBe(uncovered?.[n] ? 0 : whole.data[n]);
  });
  const inside = size.reduce((product, n, axis) => {
    const [low, high] = [Math.max(0, first[axis]!), Math.min(mrc.size[axis]!, first[axis]! + n)];
    return product * (high - low);
  }, 1);
  expect(uncovered?.filter((n) => n === 0).length ?? mrc.size[0] * mrc.size[1] * mrc.size[2]).toBe(
    inside
  );
});
