import { describeSeries } from '../../volume';
import { RefusedInputError, type SeriesHeader } from '../../types';
import { frameCount } from './functionalGroups';
import { hasPalette, oneNumberOf, type Dataset } from './values';

/** Stored values of one frame, before the modality LUT. */
export type StoredPixels =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

export interface PixelFormat {
  rows: number;
  columns: number;
  frames: number;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
}

/** MR images have up to 1024 × 1024; a header that asks for more than this is not believed. */
const MAX_FRAME_PIXELS = 1 << 24;
const MAX_IMAGE_PIXELS = 1 << 29;

/**
 * The image pixel module (PS3.3 C.7.6.3) of an image that can be measured.
 *
 * @throws RefusedInputError `pixel-format-unsupported`, `value-unreadable`
 */
export function pixelFormat(dataset: Dataset, header: SeriesHeader, name: string): PixelFormat {
  const samples = oneNumberOf(dataset, 'SamplesPerPixel') ?? 1;
  const bitsAllocated = oneNumberOf(dataset, 'BitsAllocated') ?? 0;
  const bitsStored = oneNumberOf(dataset, 'BitsStored') ?? bitsAllocated;
  const representation = oneNumberOf(dataset, 'PixelRepresentation');
  const format: PixelFormat = {
    rows: oneNumberOf(dataset, 'Rows') ?? 0,
    columns: oneNumberOf(dataset, 'Columns') ?? 0,
    frames: frameCount(dataset),
    bitsAllocated,
    bitsStored,
    highBit: oneNumberOf(dataset, 'HighBit') ?? bitsStored - 1,
    signed: representation === 1,
  };
  const frame = format.rows * format.columns;
  const valid =
    [8, 16, 32].includes(bitsAllocated) &&
    bitsStored >= 1 &&
    bitsStored <= bitsAllocated &&
    format.highBit >= bitsStored - 1 &&
    format.highBit < bitsAllocated &&
    (representation === 0 || representation === 1) &&
    frame > 0 &&
    frame <= MAX_FRAME_PIXELS &&
    frame * format.frames <= MAX_IMAGE_PIXELS &&
    samples === 1 &&
    !hasPalette(dataset);
  if (valid) return format;
  const palette = hasPalette(dataset) ? ', PALETTE COLOR (0028,0004)' : '';
  const count = format.frames > 1 ? ` × ${format.frames} frames` : '';
  throw new RefusedInputError(
    'pixel-format-unsupported',
    `File ${name} of ${describeSeries(header)}: pixels of ${bitsAllocated || 'no'} bits allocated (0028,0100), ${bitsStored || 'none'} stored ` +
      `(0028,0101), high bit ${format.highBit} (0028,0102), representation ${representation ?? 'not given'} (0028,0103), ` +
      `${samples} samples (0028,0002)${palette}, ${format.rows} × ${format.columns}${count} cannot be read.`,
    'Export the series as greyscale images of 8, 16 or 32 bits.',
    { series: header.seriesInstanceUid, file: name, bitsAllocated, bitsStored }
  );
}

/** What may lie outside Bits Stored. */
export interface UnusedBits {
  /** Mask of the bits of a word that overlays use. */
  overlays: number;
  /** Values, bits outside removed, that mark pixels without a measurement. */
  padding: { from: number; to: number } | null;
}

export interface InterpretedPixels {
  /** What lies outside Bits Stored is removed, the sign extended. */
  pixels: StoredPixels;
  /** The first pixel with something outside that may not lie there, and the word that was stored. */
  stray: { at: number; word: number } | null;
}

/** Bytes as numbers. */
export function interpretPixels(
  bytes: Uint8Array,
  format: PixelFormat,
  littleEndian: boolean,
  unused: UnusedBits
): InterpretedPixels {
  const size = format.bitsAllocated / 8;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  if (!littleEndian && size > 1) swap(aligned, size);
  const count = format.rows * format.columns;
  const { buffer, byteOffset } = aligned;
  const make = (): StoredPixels => {
    if (size === 1) {
      return format.signed
        ? new Int8Array(buffer, byteOffset, count)
        : new Uint8Array(buffer, byteOffset, count);
    }
    if (size === 2) {
      return format.signed
        ? new Int16Array(buffer, byteOffset, count)
        : new Uint16Array(buffer, byteOffset, count);
    }
    return format.signed
      ? new Int32Array(buffer, byteOffset, count)
      : new Uint32Array(buffer, byteOffset, count);
  };
  const pixels = make();
  const stray =
    format.bitsStored < format.bitsAllocated ? keepStored(pixels, format, unused) : null;
  return { pixels, stray };
}

/** Up against the top bit and back: sign extension and masking in one. */
function keepStored(
  pixels: StoredPixels,
  { bitsAllocated, bitsStored, highBit, signed }: PixelFormat,
  { overlays, padding }: UnusedBits
): InterpretedPixels['stray'] {
  const up = 31 - highBit;
  const down = 32 - bitsStored;
  const whole = bitsAllocated === 32 ? -1 : (1 << bitsAllocated) - 1;
  const above = highBit === 31 ? 0 : whole & ~((2 << highBit) - 1);
  let stray: InterpretedPixels['stray'] = null;
  for (let at = 0; at < pixels.length; at++) {
    const word = pixels[at]!;
    const value = signed ? (word << up) >> down : (word << up) >>> down;
    pixels[at] = value;
    const outside = (word ^ (value << (highBit - bitsStored + 1))) & whole;
    // A sign may be extended or not.
    if (outside === 0 || (value < 0 && outside === above)) continue;
    const isPadding = padding !== null && value >= padding.from && value <= padding.to;
    if ((outside & ~overlays) !== 0 && !isPadding) stray ??= { at, word };
  }
  return stray;
}

function swap(bytes: Uint8Array, size: number): void {
  for (let n = 0; n + size <= bytes.length; n += size) {
    bytes.subarray(n, n + size).reverse();
  }
}
