import type { Volume } from '../types';

/**
 * Voxels of a slice that lie in a patch of 3 × 3 equal pixels. No tissue gives one: they are padding, masks, the border of
 * the field of view. Single zeros, where the magnetisation crosses zero or a vendor clips, are none; nor are patches
 * of the greatest value, which are overflow and so signal.
 *
 * @param volume a series as it was read: interpolation smears the edges of a patch
 * @param skip slices k that are not looked at (blank ones)
 * @returns 1 for each such voxel; null where there is none
 */
export function flatPatches(volume: Volume, skip: ReadonlySet<number>): Uint8Array | null {
  const {
    size: [columns, rows, slices],
    data,
  } = volume;
  let patches: Uint8Array | null = null;
  let brightest = NaN;
  for (let k = 0; k < slices; k++) {
    if (skip.has(k)) continue;
    for (let j = 0; j + 2 < rows; j++) {
      const row = columns * (j + rows * k);
      for (let n = row; n + 2 < row + columns; n++) {
        if (data[n] !== data[n + 1] || !isPatch(data, n, columns)) continue;
        if (Number.isNaN(brightest)) brightest = maximumOf(data);
        if (data[n] === brightest) continue;
        patches ??= new Uint8Array(data.length);
        for (let first = n, m = 0; m < 3; m++, first += columns)
          patches[first] = patches[first + 1] = patches[first + 2] = 1;
      }
    }
  }
  return patches;
}

function isPatch(data: Float32Array, first: number, columns: number): boolean {
  const value = data[first];
  for (let row = 0; row < 3; row++)
    for (let n = first + row * columns, end = n + 3; n < end; n++)
      if (data[n] !== value) return false;
  return true;
}

function maximumOf(data: Float32Array): number {
  let maximum = -Infinity;
  for (const value of data) if (value > maximum) maximum = value;
  return maximum;
}
