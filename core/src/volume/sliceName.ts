import type { SliceInput } from '../types';

/** `image 25`, or `image 1 frame 25`: before the series is known to be a stack. */
export function nameSlice(slice: SliceInput): string {
  const name =
    slice.instanceNumber === null ? slice.sopInstanceUid : `image ${slice.instanceNumber}`;
  return slice.frameNumber === undefined ? name : `${name} frame ${slice.frameNumber}`;
}

/** `[0, 1.5]` */
export function list(values: readonly number[]): string {
  return `[${values.map(format).join(', ')}]`;
}

/** With four decimals at most. */
export function format(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toFixed(4))) : String(value);
}
