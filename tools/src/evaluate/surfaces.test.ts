import type { Vector3 } from '@inner-ear-hydrops/core';
import { compareSurfaces, surfaceOf } from './surfaces';

const SIZE: Vector3 = [14, 12, 8];

/** A box of ones. */
function box(from: Vector3, to: Vector3): Uint8Array {
  const labels = new Uint8Array(SIZE[0] * SIZE[1] * SIZE[2]);
  for (let k = from[2]; k < to[2]; k++)
    for (let j = from[1]; j < to[1]; j++)
      for (let i = from[0]; i < to[0]; i++) labels[i + SIZE[0] * (j + SIZE[1] * k)] = 1;
  return labels;
}

const compare = (a: Uint8Array, b: Uint8Array, spacing: Vector3) =>
  compareSurfaces(surfaceOf(a, SIZE, spacing, 1), surfaceOf(b, SIZE, spacing, 1), 0.5);

describe('surfaces', () => {
  const spacing: Vector3 = [0.5, 0.5, 1];

  it('have the area of their box, also at the image’s edge', () => {
    const area = (labels: Uint8Array) =>
      surfaceOf(labels, SIZE, spacing, 1).areas.reduce((sum, value) => sum + value, 0);
    // 2 × 1.5 × 3 mm.
    const expected = 2 * (2 * 1.5 + 2 * 3 + 1.5 * 3);
    expect(area(box([4, 4, 2], [8, 7, 5]))).toBeCloseTo(expected, 9);
    expect(area(box([0, 0, 0], [4, 3, 3]))).toBeCloseTo(expected, 9);
  });

  it('agree wholly with themselves', () => {
    const organ = box([2, 2, 1], [9, 8, 6]);
    expect(compare(organ, organ, spacing)).toEqual({ surfaceDice: 1, hausdorff95: 0 });
  });

  it('within a tolerance of one pixel forgive a wall that is one pixel off, not one two off', () => {
    const organ = box([3, 3, 1], [9, 9, 6]);
    const onePixelOff = compare(organ, box([3, 3, 1], [10, 9, 6]), spacing);
    expect(onePixelOff.surfaceDice).toBeCloseTo(1, 9);
    expect(onePixelOff.hausdorff95).toBeCloseTo(0.5, 9);
    const two = compare(organ, box([3, 3, 1], [11, 9, 6]), spacing);
    expect(two.surfaceDice).toBeLessThan(1);
    expect(two.hausdorff95).toBeCloseTo(1, 9);
  });

  it('measure in millimetres along every axis', () => {
    const organ = box([3, 3, 2], [9, 9, 4]);
    const higher = box([3, 3, 3], [9, 9, 5]);
    expect(compare(organ, higher, [0.5, 0.5, 1]).hausdorff95).toBeCloseTo(1, 9);
    expect(compare(organ, higher, [0.5, 0.5, 0.4]).hausdorff95).toBeCloseTo(0.4, 9);
  });

  it('do not agree with nothing', () => {
    const organ = box([3, 3, 1], [9, 9, 6]);
    const nothing = box([0, 0, 0], [0, 0, 0]);
    expect(compare(organ, nothing, spacing)).toEqual({ surfaceDice: 0, hausdorff95: null });
    expect(compare(nothing, nothing, spacing)).toEqual({ surfaceDice: 1, hausdorff95: 0 });
  });
});
