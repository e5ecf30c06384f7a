import type { LabelVolume, Vector3 } from '../types';
import { cross, distance, voxelVolume } from './geometry';
import type { Interpolation } from './interpolation';
import { resampleLabels } from '../../test/resampleLabels';
import { resample } from './resample';
import { applyTransform, rotationFromDegrees } from './rigidTransform';
import { axialGrid, randomNumbers, volumeOf } from '../../test/testGrids';

const random = randomNumbers(3);
const ramp = ([x, y, z]: Vector3): number => 2 * x - 3 * y + 0.5 * z + 10;

/** An oblique grid well within the cube from −12 to 12 mm. */
function obliqueGrid(spacing: Vector3): ReturnType<typeof axialGrid> {
  const r = rotationFromDegrees([20, -15, 35]);
  const i: Vector3 = [r[0], r[1], r[2]];
  const j: Vector3 = [r[3], r[4], r[5]];
  return {
    ...axialGrid([6, 5, 4], spacing, [-2, -1, -1]),
    direction: [...i, ...j, ...cross(i, j)],
  };
}

test.each<Interpolation>(['trilinear', 'cubic'])(
  '%s: a linear ramp stays exact on finer, coarser and oblique grids',
  (interpolation) => {
    const source = volumeOf(axialGrid([50, 50, 30], [0.5, 0.5, 0.9], [-12, -12, -13]), ramp);
    for (const spacing of [
      [0.3, 0.3, 0.4],
      [0.5, 0.5, 1],
      [1.1, 0.9, 1.7],
    ] as Vector3[]) {
      const target = obliqueGrid(spacing);
      const result = resample(source, target, { interpolation });
      const expected = volumeOf(target, ramp);
      expected.data.forEach((value, n) => expect(result.data[n]).toBeCloseTo(value, 3));
    }
  }
);

test('the same grid gives the same values, in memory of its own', () => {
  const source = volumeOf(axialGrid([5, 6, 7], [0.5, 0.6, 1]), () => random());
  const copy = resample(source, source);
  expect(copy.data).toEqual(source.data);
  copy.data[0] = -1;
  expect(source.data[0]).not.toBe(-1);
});

test('whole-voxel shifts move the voxels and fill what comes from outside', () => {
  const source = volumeOf(axialGrid([5, 4, 3], [1, 1, 1]), ([x, y, z]) => x + 10 * y + 100 * z);
  for (const interpolation of ['trilinear', 'cubic', 'nearest'] as Interpolation[]) {
    const target = axialGrid([5, 4, 3], [1, 1, 1], [2, 0, 0]);
    const { data } = resample(source, target, { interpolation, outside: -7 });
    expect(Array.from(data.slice(0, 5))).toEqual([2, 3, 4, -7, -7]);
  }
});

test('the transform says where in the volume to look', () => {
  const marker: Vector3 = [2, -3, 1];
  const blob = (center: Vector3) => (p: Vector3) => Math.exp(-(distance(p, center) ** 2) / 4);
  const transform = {
    rotation: rotationFromDegrees([3, -5, 8]),
    translation: [1.5, 0.7, -0.4] as Vector3,
    center: [1, 1, 1] as Vector3,
  };
  const grid = axialGrid([40, 40, 30], [0.6, 0.6, 0.8], [-12, -12, -12]);
  // The patient moved by the transform between the two scans; resampling puts the patient back.
  const moved = volumeOf(grid, blob(applyTransform(transform, marker)));
  const still = volumeOf(grid, blob(marker));
  const back = resample(moved, grid, { transform, interpolation: 'cubic' });
  const error = (a: Float32Array): number =>
    Math.max(...a.map((value, n) => Math.abs(value - still.data[n]!)));
  expect(error(back.data)).toBeLessThan(0.02);
  expect(error(moved.data)).toBeGreaterThan(0.3);
});

test('a thin bright line keeps its mean when the target is coarser', () => {
  const source = volumeOf(axialGrid([64, 64, 8], [0.25, 0.25, 1]), ([x]) =>
    Math.abs(x - 8) < 0.1 ? 100 : 0
  );
  const mean = (data: Float32Array): number => data.reduce((sum, v) => sum + v, 0) / data.length;
  // Four fine voxels to a coarse voxel, outer faces together.
  const target = axialGrid([16, 16, 8], [1, 1, 1], [0.375, 0.375, 0]);
  expect(mean(resample(source, target).data)).toBeCloseTo(mean(source.data), 4);
});

test('the volume of a sphere is kept within 2 % from 0.4 to 1 mm', () => {
  const radius = 4;
  const inside = (p: Vector3): number => (Math.hypot(...p) <= radius ? 1 : 0);
  const truth = (4 / 3) * Math.PI * radius ** 3;
  const source = volumeOf(
    axialGrid([48, 48, 24], [0.25, 0.25, 0.5], [-5.875, -5.875, -5.75]),
    inside
  );
  for (const spacing of [
    [0.4, 0.4, 0.4],
    [0.6, 0.6, 0.8],
    [1, 1, 1],
  ] as Vector3[]) {
    const size = spacing.map((step) => Math.floor(11 / step)) as Vector3;
    const target = axialGrid(
      size,
      spacing,
      spacing.map((s, a) => (-s * (size[a]! - 1)) / 2) as Vector3
    );
    const { data } = resample(source, target);
    const volume = data.reduce((sum, value) => sum + value, 0) * voxelVolume(target);
    expect(Math.abs(volume / truth - 1)).toBeLessThan(0.02);
  }
});

test('a ROI keeps its volume on a finer and on a coarser grid, whatever the grids’ offset', () => {
  const grid = axialGrid([40, 40, 20], [0.5, 0.5, 1], [-9.75, -9.75, -9.5]);
  const ball = volumeOf(grid, ([x, y, z]) => (Math.hypot(x, y, z) < 4 ? (z < 0 ? 1 : 2) : 0));
  const labels: LabelVolume = { ...grid, data: Uint8Array.from(ball.data), segments: [] };
  const volume = ({ data, spacing }: LabelVolume, value: number): number =>
    data.filter((label) => label === value).length * spacing[0] * spacing[1] * spacing[2];
  for (const pixel of [0.4, 0.6, 0.8]) {
    for (const offset of [0, 0.13, 0.31]) {
      const start = -9.5 + offset;
      const count = Math.floor(19 / pixel);
      const target = axialGrid([count, count, 20], [pixel, pixel, 1], [start, start, -9.5]);
      const carried = resampleLabels(labels, target);
      for (const value of [1, 2]) {
        expect(Math.abs(volume(carried, value) / volume(labels, value) - 1)).toBeLessThan(0.04);
      }
    }
  }
});
