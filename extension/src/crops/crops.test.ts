import type { Vector3 } from '@inner-ear-hydrops/core';
import {
  nearestAxialMapping,
  reorientGeometry,
  type Geometry,
  AXIAL,
} from '@inner-ear-hydrops/core';
import type { SliceGeometry } from '@inner-ear-hydrops/core/dicom';
import { cropSection, offPlane, ontoPlane } from './cropGeometry';
import { axialGrid, cropPlaces, proposedCenters } from './cropPlaces';

const SIZE: Vector3 = [50, 50, 26];

const sides = (corners: number[][]) =>
  corners.map((corner, n) => {
    const next = corners[(n + 1) % corners.length]!;
    return Math.hypot(...corner.map((value, axis) => next[axis]! - value));
  });

describe('the square that is drawn', () => {
  it('is 50 × 50 mm about the centre on the slices of the stack', () => {
    const corners = cropSection([30, -20, 5], SIZE, AXIAL, [0, 0, -1]);
    expect(corners).toHaveLength(4);
    sides(corners).forEach((side) => expect(side).toBeCloseTo(50, 9));
    for (const [x, y, z] of corners) {
      expect(Math.abs(x - 30)).toBeCloseTo(25, 9);
      expect(Math.abs(y + 20)).toBeCloseTo(25, 9);
      expect(z).toBeCloseTo(5, 9);
    }
  });

  it('shows in a coronal plane how many slices the network sees', () => {
    const heights = sides(cropSection([0, 0, 0], SIZE, AXIAL, [0, 1, 0])).sort((a, b) => a - b);
    [26, 26, 50, 50].forEach((length, n) => expect(heights[n]).toBeCloseTo(length, 9));
  });

  it('stays on an oblique plane and inside the crop', () => {
    const normal: [number, number, number] = [0.6, 0, 0.8];
    const corners = cropSection([1, 2, 3], SIZE, AXIAL, normal);
    expect(corners.length).toBeGreaterThanOrEqual(4);
    for (const corner of corners) {
      expect(offPlane(corner, { point: [1, 2, 3], normal })).toBeCloseTo(0, 9);
      [25, 25, 13].forEach((half, axis) =>
        expect(Math.abs(corner[axis]! - [1, 2, 3][axis]!)).toBeLessThanOrEqual(half + 1e-9)
      );
    }
  });
});

it('a crop that is dragged on a slice takes that slice', () => {
  const plane = { point: [100, 100, 7] as [number, number, number], normal: [0, 0, -1] };
  expect(ontoPlane([1, 2, 3], plane as Parameters<typeof ontoPlane>[1])).toEqual([1, 2, 7]);
});

describe('places before anything is known', () => {
  const paper: Geometry = {
    size: [324, 384, 60],
    spacing: [0.5, 0.5, 1],
    origin: [-80, -96, -30],
    direction: AXIAL,
  };

  it("are the paper's reference points, on its matrix", () => {
    const { left, right } = proposedCenters(paper);
    expect(left).toEqual([-80 + 238 * 0.5, -96 + 215 * 0.5, -0.5]);
    expect(right).toEqual([-80 + 92 * 0.5, -96 + 204 * 0.5, -0.5]);
  });

  it('keep their distance from the middle on another matrix, and stay in the image', () => {
    const other: Geometry = { ...paper, size: [512, 512, 60], spacing: [0.4, 0.4, 1] };
    const middle = [-80 + 255.5 * 0.4, -96 + 255.5 * 0.4];
    const { left } = proposedCenters(other);
    expect(left[0] - middle[0]!).toBeCloseTo((238 - 161.5) * 0.5, 6);
    expect(left[1] - middle[1]!).toBeCloseTo((215 - 191.5) * 0.5, 6);
    const small = proposedCenters({ ...paper, size: [40, 40, 10] });
    expect(small.left[0]).toBe(-80 + 39 * 0.5);
    expect(small.right[0]).toBe(-80);
  });

  it("give way to the network's, and those to the reader's", () => {
    const found = { side: 'left' as const, center: [1, 2, 3], confidence: {} } as never;
    const crops = cropPlaces({ right: [-9, 0, 0] }, [found], paper);
    expect(crops.map(({ ear, origin }) => [ear, origin])).toEqual([
      ['left', 'computed'],
      ['right', 'set'],
    ]);
    expect(crops.map(({ center }) => center)).toEqual([
      [1, 2, 3],
      [-9, 0, 0],
    ]);
  });
});

describe('the grid from headers', () => {
  const coronal: Geometry = {
    size: [324, 160, 60],
    spacing: [0.5, 0.6, 1.2],
    origin: [-80, -36, 48],
    direction: [1, 0, 0, 0, 0, -1, 0, 1, 0],
  };
  const slices = Array.from({ length: 60 }, (_, k): SliceGeometry => {
    const [x, y, z] = coronal.origin;
    return {
      sopInstanceUid: `1.2.${k}`,
      sopClassUid: '1.2',
      columns: 324,
      rows: 160,
      imagePositionPatient: [x, y + 1.2 * k, z],
      imageOrientationPatient: [1, 0, 0, 0, 0, -1],
      pixelSpacing: [0.6, 0.5],
      instanceNumber: k + 1,
    };
  });

  it('is that of the volume, whatever the order of the images', () => {
    const grid = axialGrid([...slices].reverse());
    const expected = reorientGeometry(coronal, nearestAxialMapping(coronal));
    expect(grid?.size).toEqual(expected.size);
    for (const field of ['spacing', 'origin', 'direction'] as const) {
      grid?.[field].forEach((value, n) => expect(value).toBeCloseTo(expected[field][n]!, 6));
    }
  });

  it('is null for what is no stack', () => {
    expect(axialGrid([])).toBeNull();
    expect(axialGrid([slices[0]!, slices[0]!])).toBeNull();
  });
});
