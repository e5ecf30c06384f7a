import { axialGrid, randomNumbers, volumeOf } from '../../test/testGrids';
import type { Volume } from '../types';
import { flatPatches } from './flatPatches';

const random = randomNumbers(31);
const grid = axialGrid([12, 10, 3], [0.5, 0.5, 1]);
const noise = volumeOf(grid, () => 1 + random());
const NONE: ReadonlySet<number> = new Set();

const filled = (value: number, where: (i: number, j: number, k: number) => boolean): Volume => ({
  ...noise,
  data: noise.data.map((before, n) =>
    where(n % 12, Math.floor(n / 12) % 10, Math.floor(n / 120)) ? value : before
  ),
});
const marked = (mask: Uint8Array | null): number => mask?.reduce((sum, mark) => sum + mark, 0) ?? 0;

test('noise, single zeros, thin lines and overflow are signal', () => {
  expect(flatPatches(noise, NONE)).toBeNull();
  expect(
    flatPatches(
      filled(0, (i, j) => i % 3 === 0 && j % 2 === 0),
      NONE
    )
  ).toBeNull();
  expect(
    flatPatches(
      filled(0, (i) => i === 4 || i === 5),
      NONE
    )
  ).toBeNull();
  expect(
    flatPatches(
      filled(4095, (i) => i > 6),
      NONE
    )
  ).toBeNull();
});

test('a part of one value is marked to its edge, whatever the value, and no voxel beside it', () => {
  for (const value of [0, 0.7, -3]) {
    const part = flatPatches(
      filled(value, (i, j, k) => i > 2 && i < 7 && j > 1 && j < 5 && k === 1),
      NONE
    );
    expect(marked(part)).toBe(12);
    expect(part?.[3 + 12 * 2 + 120]).toBe(1);
    expect(part?.[6 + 12 * 4 + 120]).toBe(1);
  }
});

test('slices that are blank as a whole are left to `blankSlices`', () => {
  expect(
    flatPatches(
      filled(0, (_, __, k) => k === 1),
      new Set([1])
    )
  ).toBeNull();
});
