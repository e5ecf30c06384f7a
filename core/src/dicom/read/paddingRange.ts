import { numberOrNull, oneNumberOf, type Dataset } from './values';

/** What tells which number the bits of a stored value stand for. */
export interface StoredBits {
  bitsAllocated: number;
  bitsStored: number;
  signed: boolean;
}

/** As the header states them; 16 bits without a sign where it does not. */
export function bitsOf(dataset: Dataset): StoredBits {
  const bitsAllocated = numberOrNull(dataset, 'BitsAllocated') ?? 16;
  return {
    bitsAllocated,
    bitsStored: numberOrNull(dataset, 'BitsStored') ?? bitsAllocated,
    signed: numberOrNull(dataset, 'PixelRepresentation') === 1,
  };
}

/**
 * Stored values that mark pixels without a measurement (PS3.3 C.7.5.1.1.2), or null. A value that was written in the other
 * sign than the pixels have (US 63536 for −2000) is read as the same bits of a pixel are.
 *
 * @throws RefusedInputError `value-unreadable`
 */
export function paddingRange(
  dataset: Dataset,
  bits: StoredBits
): { from: number; to: number } | null {
  const stated = oneNumberOf(dataset, 'PixelPaddingValue');
  if (stated === null) return null;
  const value = asStored(stated, bits);
  const limit = asStored(oneNumberOf(dataset, 'PixelPaddingRangeLimit') ?? stated, bits);
  return { from: Math.min(value, limit), to: Math.max(value, limit) };
}

function asStored(value: number, { bitsAllocated, bitsStored, signed }: StoredBits): number {
  const top = 2 ** (signed ? bitsStored - 1 : bitsStored);
  const isStorable = (stored: number): boolean => stored >= (signed ? -top : 0) && stored < top;
  // The same bits of the allocated word; else of those that are stored, where the sign was cut off.
  const candidates = [
    value,
    wrapped(value, bitsAllocated, signed),
    wrapped(value, bitsStored, signed),
  ];
  return candidates.find(isStorable) ?? value;
}

/** The number that the lowest bits stand for. */
function wrapped(value: number, bits: number, signed: boolean): number {
  const count = 2 ** bits;
  const rest = ((value % count) + count) % count;
  return signed && rest >= count / 2 ? rest - count : rest;
}
