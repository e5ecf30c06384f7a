import { describeSeries } from '../../volume';
import { RefusedInputError, type SeriesHeader } from '../../types';
import { frameCount } from './functionalGroups';
import { oneNumberOf, type Dataset } from './values';

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
    samples === 1;
  if (valid) return format;
  const count = format.frames > 1 ? ` × ${format.frames} frames` : '';
  throw new RefusedInputError(
    'pixel-format-unsupported',
    `File ${name} of ${describeSeries(header)}: pixels of ${bitsAllocated || 'no'} bits allocated (0028,0100), ${bitsStored || 'none'} stored ` +
      `(0028,0101), high bit ${format.highBit} (0028,0102), representation ${representation ?? 'not given'} (0028,0103), ` +
      `${samples} samples (0028,0002), ${format.rows} × ${format.columns}${count} cannot be read.`,
    'Export the series as greyscale images of 8, 16 or 32 bits.',
    { series: header.seriesInstanceUid, file: name, bitsAllocated, bitsStored }
  );
}

/** Bytes as numbers; what lies outside Bits Stored (old overlays) is removed, the sign extended. */
export function interpretPixels(
  bytes: Uint8Array,
  format: PixelFormat,
  littleEndian: boolean
): StoredPixels {
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
  if (format.bitsStored < format.bitsAllocated) {
    // Up against the top bit and back: sign extension and masking in one.
    const up = 31 - format.highBit;
    const down = 32 - format.bitsStored;
    if (format.signed) {
      for (let n = 0; n < count; n++) pixels[n] = (pixels[n]! << up) >> down;
    } else {
      for (let n = 0; n < count; n++) pixels[n] = (pixels[n]! << up) >>> down;
    }
  }
  return pixels;
}

function swap(bytes: Uint8Array, size: number): void {
  for (let n = 0; n + size <= bytes.length; n += size) {
    bytes.subarray(n, n + size).reverse();
  }
}
