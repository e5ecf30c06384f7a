import { endianness } from 'node:os';
import { notLabels, unreadable } from './labelFileError';

export type VoxelType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

export const BYTES: Readonly<Record<VoxelType, 1 | 2 | 4 | 8>> = {
  ...{ int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4 },
  ...{ int64: 8, uint64: 8, float32: 4, float64: 8 },
};

/** More voxels than any image of a head has: 645 × 645 × 645. */
const MOST_VOXELS = 1 << 28;

export type Voxels =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * Number of voxels of the sizes that a file states.
 * @throws RefusedInputError `label-file-unreadable` for sizes that no image has
 */
export function countVoxels(file: string, sizes: readonly number[]): number {
  const count = sizes.reduce((product, size) => product * size, 1);
  const isSound = sizes.every((size) => Number.isInteger(size) && size > 0);
  if (isSound && count <= MOST_VOXELS) return count;
  throw unreadable(file, `it states ${sizes.join(' × ')} voxels`);
}

/** The voxels of a part of a file, which must be as long as they need. 64-bit integers become doubles. */
export function voxelsOf(bytes: Buffer, type: VoxelType, isLittleEndian: boolean): Voxels {
  // A copy: aligned to the type, and swapped without touching the file's own bytes.
  const own = Buffer.alloc(bytes.length);
  bytes.copy(own);
  if (isLittleEndian !== (endianness() === 'LE')) swap(own, BYTES[type]);
  const { buffer, byteOffset: at, byteLength } = own;
  const count = byteLength / BYTES[type];
  switch (type) {
    case 'int8':
      return new Int8Array(buffer, at, count);
    case 'uint8':
      return new Uint8Array(buffer, at, count);
    case 'int16':
      return new Int16Array(buffer, at, count);
    case 'uint16':
      return new Uint16Array(buffer, at, count);
    case 'int32':
      return new Int32Array(buffer, at, count);
    case 'uint32':
      return new Uint32Array(buffer, at, count);
    case 'float32':
      return new Float32Array(buffer, at, count);
    case 'float64':
      return new Float64Array(buffer, at, count);
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer, at, count), Number);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer, at, count), Number);
  }
}

function swap(bytes: Buffer, width: 1 | 2 | 4 | 8): void {
  if (width === 2) bytes.swap16();
  if (width === 4) bytes.swap32();
  if (width === 8) bytes.swap64();
}

/** By which a scaled label may miss a whole number. */
const WHOLE = 1e-3;

/**
 * The voxels as labels.
 * @throws RefusedInputError `labels-expected` where one is no whole number: probabilities, or an image
 */
export function labelsOf(
  file: string,
  voxels: Voxels,
  scale: { slope: number; intercept: number } = { slope: 1, intercept: 0 }
): Int32Array {
  const labels = new Int32Array(voxels.length);
  for (let n = 0; n < labels.length; n++) {
    const value = voxels[n]! * scale.slope + scale.intercept;
    const label = Math.round(value);
    if (!(Math.abs(value - label) <= WHOLE) || (label | 0) !== label)
      throw notLabels(file, `a voxel has the value ${value}`);
    labels[n] = label;
  }
  return labels;
}
