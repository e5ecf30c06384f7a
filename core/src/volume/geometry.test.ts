import { firstItems } from '../items';
import type { Vector3, Geometry } from '../types';
import {
  boundingBox,
  distance,
  sameGrid,
  voxelToWorld,
  voxelVolume,
  worldToVoxel,
} from './geometry';
import { nearestAxialMapping, reorientToNearestAxial } from './orientation';
import { applyTransform, rotationFromDegrees, type RigidTransform } from './rigidTransform';
import { axialGrid, randomGrid, randomNumbers, volumeOf } from '../../test/testGrids';

const random = randomNumbers(7);
const point = (): Vector3 => [80 * random() - 40, 80 * random() - 40, 80 * random() - 40];

test('voxel and world coordinates undo each other on oblique grids', () => {
  for (let n = 0; n < 50; n++) {
    const grid = randomGrid(random);
    const p = point();
    expect(distance(voxelToWorld(grid, worldToVoxel(grid, p)), p)).toBeLessThan(1e-9);
  }
});

test('a known sagittal voxel lies where DICOM says', () => {
  // Rows run from anterior to posterior, columns of the image from head to foot, slices to the right.
  const grid: Geometry = {
    size: [4, 4, 3],
    spacing: [0.5, 0.5, 2],
    origin: [10, -20, 30],
    direction: [0, 1, 0, 0, 0, -1, -1, 0, 0],
  };
  expect(voxelToWorld(grid, [2, 3, 1])).toEqual([8, -19, 28.5]);
  expect(voxelVolume(grid)).toBe(0.5);
});

test('grids are the same within the tolerance at every corner, not only at the origin', () => {
  const grid = axialGrid([324, 384, 40], [0.5, 0.5, 1]);
  expect(sameGrid(grid, { ...grid, origin: [0.009, 0, 0] })).toBe(true);
  expect(sameGrid(grid, { ...grid, origin: [0.011, 0, 0] })).toBe(false);
  expect(sameGrid(grid, { ...grid, spacing: [0.5001, 0.5, 1] })).toBe(false);
  expect(sameGrid(grid, { ...grid, size: [324, 384, 39] })).toBe(false);
  const tilt = rotationFromDegrees([0, 0, 0.01]);
  expect(sameGrid(grid, { ...grid, direction: [...tilt] })).toBe(false);
});

test('the bounding box holds the outer faces of all voxels', () => {
  const box = boundingBox(axialGrid([10, 20, 5], [0.5, 1, 2], [1, 2, 3]));
  expect(box).toEqual({ minimum: [0.75, 1.5, 2], maximum: [5.75, 21.5, 12] });
});

test('rigid transforms keep distances', () => {
  for (let n = 0; n < 30; n++) {
    const a: RigidTransform = {
      rotation: rotationFromDegrees([360 * random(), 360 * random(), 360 * random()]),
      translation: point(),
      center: point(),
    };
    const p = point();
    const q = point();
    expect(distance(applyTransform(a, p), applyTransform(a, q))).toBeCloseTo(distance(p, q), 9);
  }
});

test('a turn about z by 90 degrees takes left to posterior', () => {
  const turned = applyTransform(
    { rotation: rotationFromDegrees([0, 0, 90]), translation: [0, 0, 0], center: [0, 0, 0] },
    [1, 0, 0]
  );
  expect(distance(turned, [0, 1, 0])).toBeLessThan(1e-12);
});

describe('reorientToNearestAxial', () => {
  test('every voxel keeps its value and place; axes point left, posterior, superior', () => {
    for (let n = 0; n < 30; n++) {
      const volume = volumeOf(randomGrid(random), () => random());
      const { volume: axial, indexToOriginal } = reorientToNearestAxial(volume);
      expect(axial.direction[0]).toBeGreaterThan(0);
      expect(axial.direction[4]).toBeGreaterThan(0);
      expect(axial.direction[8]).toBeGreaterThan(0);
      const [columns, rows, slices] = axial.size;
      for (let k = 0; k < slices; k++) {
        for (let j = 0; j < rows; j++) {
          for (let i = 0; i < columns; i++) {
            const [a, b, c] = indexToOriginal([i, j, k]);
            expect(axial.data[i + columns * (j + rows * k)]).toBe(
              volume.data[a + volume.size[0] * (b + volume.size[1] * c)]
            );
            const here = voxelToWorld(axial, [i, j, k]);
            expect(distance(here, voxelToWorld(volume, [a, b, c]))).toBeLessThan(1e-9);
          }
        }
      }
    }
  });

  test('stays right-handed, so that left and right are never exchanged', () => {
    for (let n = 0; n < 200; n++) {
      const { volume } = reorientToNearestAxial(volumeOf(randomGrid(random), () => 0));
      const [a, b, c, d, e, f, g, h, i] = firstItems(volume.direction, 9);
      const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
      expect(determinant).toBeCloseTo(1, 9);
    }
  });

  test('labels made on the axial grid return to the voxels they were made for', () => {
    const volume = volumeOf(randomGrid(random), () => Math.floor(255 * random()));
    const { volume: axial, toOriginal } = reorientToNearestAxial(volume);
    expect(toOriginal(axial.data)).toEqual(volume.data);
    expect(toOriginal(Uint8Array.from(axial.data))).toEqual(Uint8Array.from(volume.data));
  });

  test('an axial volume is left as it is', () => {
    expect(nearestAxialMapping(axialGrid([3, 4, 5], [1, 1, 1]))).toMatchObject({
      sourceAxis: [0, 1, 2],
      flipped: [false, false, false],
    });
  });
});
