import type { EarSide, Vector3 } from '../types';
import { voxelToWorld, worldToVoxel } from '../volume/geometry';
import { randomGrid, randomNumbers } from '../../test/testGrids';
import { EAR_REACH } from '../registry';
import { isBeyondEar } from './earReach';

const LEFT: Vector3 = [38, -12, 20];
const RIGHT: Vector3 = [-37, -10, 22];
const BOTH = { left: LEFT, right: RIGHT };

const moved = (from: Vector3, by: Vector3): Vector3 => [
  from[0] + by[0],
  from[1] + by[1],
  from[2] + by[2],
];

describe('isBeyondEar', () => {
  it('leaves an ear its own surroundings', () => {
    for (const ear of ['left', 'right'] as EarSide[]) {
      for (const by of [
        [0, 0, 0],
        [12, 0, 0],
        [-12, 0, 0],
        [0, 15, 0],
        [0, 0, -10],
      ] as Vector3[]) {
        expect(isBeyondEar(moved(BOTH[ear], by), ear, BOTH)).toBe(false);
      }
    }
  });

  it('refuses the other ear, whichever side of the image shows it', () => {
    expect(isBeyondEar(RIGHT, 'left', BOTH)).toBe(true);
    expect(isBeyondEar(LEFT, 'right', BOTH)).toBe(true);
    expect(isBeyondEar(moved(RIGHT, [4, 4, 4]), 'left', BOTH)).toBe(true);
  });

  it('ends an ear at its reach, in every direction', () => {
    const near = EAR_REACH - 0.01;
    const far = EAR_REACH + 0.01;
    for (const axis of [0, 1, 2]) {
      for (const sign of [-1, 1]) {
        const at = (mm: number) =>
          moved(LEFT, [0, 1, 2].map((n) => (n === axis ? sign * mm : 0)) as Vector3);
        expect(isBeyondEar(at(near), 'left', BOTH)).toBe(false);
        expect(isBeyondEar(at(far), 'left', BOTH)).toBe(true);
      }
    }
  });

  it('where two middles lie close together, gives each voxel to the nearer ear', () => {
    const close = { left: [10, 0, 0] as Vector3, right: [-10, 0, 0] as Vector3 };
    expect(isBeyondEar([1, 20, 0], 'left', close)).toBe(false);
    expect(isBeyondEar([-1, 20, 0], 'left', close)).toBe(true);
    expect(isBeyondEar([-1, 20, 0], 'right', close)).toBe(false);
  });

  it('lets an ear that was not found be painted on its own side alone', () => {
    const leftOnly = { left: LEFT };
    expect(isBeyondEar(RIGHT, 'right', leftOnly)).toBe(false);
    expect(isBeyondEar(LEFT, 'right', leftOnly)).toBe(true);
    // Far from the left ear, yet lateral of it: not the right half of the head.
    expect(isBeyondEar(moved(LEFT, [40, 0, 0]), 'right', leftOnly)).toBe(true);
    expect(isBeyondEar(moved(LEFT, [0, 60, 0]), 'right', leftOnly)).toBe(true);
    const other = { right: RIGHT };
    expect(isBeyondEar(LEFT, 'left', other)).toBe(false);
    expect(isBeyondEar(moved(RIGHT, [-40, 0, 0]), 'left', other)).toBe(true);
    // The ear that was found ends as it always does.
    expect(isBeyondEar(RIGHT, 'left', leftOnly)).toBe(true);
  });

  it('refuses nothing where no ear is known', () => {
    expect(isBeyondEar(RIGHT, 'left', {})).toBe(false);
    expect(isBeyondEar(LEFT, 'left', {})).toBe(false);
  });

  it('answers alike for the same place on any grid', () => {
    const random = randomNumbers(11);
    for (let trial = 0; trial < 50; trial++) {
      const grid = randomGrid(random);
      for (const [place, ear, beyond] of [
        [LEFT, 'left', false],
        [RIGHT, 'left', true],
        [moved(RIGHT, [0, 10, -5]), 'right', false],
        [moved(RIGHT, [0, 10, -5]), 'left', true],
      ] as [Vector3, EarSide, boolean][]) {
        const throughGrid = voxelToWorld(grid, worldToVoxel(grid, place));
        expect(isBeyondEar(throughGrid, ear, BOTH)).toBe(beyond);
      }
    }
  });
});
