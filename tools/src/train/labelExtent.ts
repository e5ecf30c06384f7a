import type { Vector3 } from '@inner-ear-hydrops/core';

/** `ANATOMY` codes of cochlea, vestibule and canals. */
export function isLabyrinth(code: number): boolean {
  return code >= 1 && code <= 4;
}

/** Centroid of the wanted voxels and the first and last slice that hold one; null without any. */
export function labelExtent(
  classes: Uint8Array,
  [columns, rows, slices]: Vector3,
  wanted: (code: number) => boolean
): { center: Vector3; low: number; high: number } | null {
  const sum = [0, 0, 0];
  let count = 0;
  let [low, high] = [slices, -1];
  for (let k = 0, voxel = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++, voxel++) {
        if (!wanted(classes[voxel]!)) continue;
        count++;
        sum[0]! += i;
        sum[1]! += j;
        sum[2]! += k;
        low = Math.min(low, k);
        high = Math.max(high, k);
      }
    }
  }
  if (count === 0) return null;
  return { center: sum.map((value) => value / count) as Vector3, low, high };
}
