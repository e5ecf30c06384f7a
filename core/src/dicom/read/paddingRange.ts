import type { PixelFormat } from './pixelFormat';
import { oneNumberOf, type Dataset } from './values';

/**
 * Stored values that mark pixels without a measurement (PS3.3 C.7.5.1.1.2), or null. Written in the other sign than the
 * pixels have (US 63536 for −2000), a value is read as the pixels with its bits are.
 *
 * @throws RefusedInputError `value-unreadable`
 */
export function paddingRange(
  dataset: Dataset,
  format: Pick<PixelFormat, 'bitsAllocated' | 'bitsStored' | 'signed'>
): { from: number; to: number } | null {
  const stated = oneNumberOf(dataset, 'PixelPaddingValue');
  if (stated === null) return null;
  const value = asStored(stated, format);
  const limit = asStored(oneNumberOf(dataset, 'PixelPaddingRangeLimit') ?? stated, format);
  return { from: Math.min(value, limit), to: Math.max(value, limit) };
}

function asStored(
  value: number,
  { bitsAllocated, bitsStored, signed }: Pick<PixelFormat, 'bitsAllocated' | 'bitsStored' | 'signed'>
): number {
  const top = 2 ** (signed ? bitsStored - 1 : bitsStored);
  const isStorable = (one: number): boolean => one >= (signed ? -top : 0) && one < top;
  // The same bits in the allocated word; else in those that are stored, where the sign was cut off.
  return (
    [value, wrapped(value, bitsAllocated, signed), wrapped(value, bitsStored, signed)].find(
      isStorable
    ) ?? value
  );
}

/** The number that the lowest bits stand for. */
function wrapped(value: number, bits: number, signed: boolean): number {
  const count = 2 ** bits;
  const rest = ((value % count) + count) % count;
  return signed && rest >= count / 2 ? rest - count : rest;
}
