import { describeSeries } from '../../volume';
import { RefusedInputError, type SeriesHeader } from '../../types';
import { frameCount } from './functionalGroups';
import type { Part10File, PixelDataLocation } from './part10';
import { ENCAPSULATED_SYNTAXES, type PixelCodecs } from './pixelCodecs';
import { decodeRunLength } from './runLength';
import { numberOf } from './values';

/** Stored values of one frame, before the modality LUT. */
export type StoredPixels =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

interface PixelFormat {
  rows: number;
  columns: number;
  frames: number;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
}

export interface DecodeContext {
  file: Part10File;
  header: SeriesHeader;
  /** File name, for messages. */
  name: string;
  codecs?: PixelCodecs;
}

/**
 * Stored pixel values of every frame: bits outside Bits Stored removed, sign extended.
 *
 * @throws RefusedInputError `pixel-data-truncated`, `pixel-format-unsupported`,
 * `transfer-syntax-unsupported`, `pixel-data-undecodable`
 */
export async function decodeFrames(context: DecodeContext): Promise<StoredPixels[]> {
  const format = pixelFormat(context);
  const location = context.file.pixelData;
  if (!location) {
    throw truncated(context, 'it has no Pixel Data (7FE0,0010)');
  }
  if (location.encapsulated) return decodeEncapsulated(context, format, location);
  const perFrame = (format.rows * format.columns * format.bitsAllocated) / 8;
  const needed = perFrame * format.frames;
  if (location.available < needed) {
    throw truncated(
      context,
      `Pixel Data (7FE0,0010) holds ${location.available} of ${needed} bytes`
    );
  }
  return Array.from({ length: format.frames }, (_, frame) => {
    const start = location.offset + frame * perFrame;
    const bytes = context.file.bytes.slice(start, start + perFrame);
    return interpret(bytes, format, context.file.littleEndian);
  });
}

async function decodeEncapsulated(
  context: DecodeContext,
  format: PixelFormat,
  location: PixelDataLocation & { encapsulated: true }
): Promise<StoredPixels[]> {
  const syntax = ENCAPSULATED_SYNTAXES[context.file.transferSyntaxUid];
  if (!syntax) {
    throw unsupported(context, `transfer syntax ${context.file.transferSyntaxUid}`);
  }
  if (!location.complete) {
    throw truncated(context, 'the file ends within Pixel Data (7FE0,0010)');
  }
  const frames = encapsulatedFrames(context, location, format.frames);
  const decoded: StoredPixels[] = [];
  for (const frame of frames) {
    decoded.push(await decodeFrame(context, format, syntax, frame));
  }
  return decoded;
}

async function decodeFrame(
  context: DecodeContext,
  format: PixelFormat,
  syntax: { name: string; codec: string },
  frame: Uint8Array
): Promise<StoredPixels> {
  const pixels = format.rows * format.columns;
  const bytesAllocated = format.bitsAllocated / 8;
  try {
    if (syntax.codec === 'rle') {
      return interpret(decodeRunLength(frame, pixels, bytesAllocated), format, true);
    }
    const decode = context.codecs?.[syntax.codec as keyof PixelCodecs];
    if (!decode) throw unsupported(context, syntax.name);
    const result = await decode(frame, bytesAllocated > 1 ? 2 : 1);
    if (result.rows !== format.rows || result.columns !== format.columns) {
      throw new Error(
        `the stream is ${result.rows} × ${result.columns}, Rows × Columns ${format.rows} × ${format.columns}`
      );
    }
    const bits = 8 * result.bytesPerSample;
    if (result.bytes.length < pixels * result.bytesPerSample) {
      throw new Error(`${result.bytes.length} of ${pixels * result.bytesPerSample} bytes`);
    }
    const bitsStored = Math.min(format.bitsStored, bits);
    return interpret(
      result.bytes,
      { ...format, bitsAllocated: bits, bitsStored, highBit: bitsStored - 1 },
      true
    );
  } catch (error) {
    if (error instanceof RefusedInputError) throw error;
    throw new RefusedInputError(
      'pixel-data-undecodable',
      `${nameOf(context)}: ${syntax.name} pixel data cannot be decoded (${describe(error)}).`,
      'Send the file again; if it stays unreadable, export the series uncompressed.',
      { series: context.header.seriesInstanceUid, file: context.name }
    );
  }
}

/** One byte array a frame: one fragment each, or split by the basic offset table (PS3.5 A.4). */
function encapsulatedFrames(
  context: DecodeContext,
  location: PixelDataLocation & { encapsulated: true },
  frames: number
): Uint8Array[] {
  const { fragments, offsetTable } = location;
  const join = (parts: readonly { offset: number; length: number }[]): Uint8Array => {
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const { offset, length } of parts) {
      joined.set(context.file.bytes.subarray(offset, offset + length), at);
      at += length;
    }
    return joined;
  };
  if (frames === 1 && fragments.length > 0) return [join(fragments)];
  if (fragments.length === frames) return fragments.map((fragment) => join([fragment]));
  if (offsetTable.length === frames && fragments.length > frames) {
    return offsetTable.map((start, n) =>
      join(
        fragments.filter(
          (fragment) =>
            fragment.start >= start && (n + 1 >= frames || fragment.start < offsetTable[n + 1])
        )
      )
    );
  }
  throw truncated(
    context,
    `Pixel Data (7FE0,0010) holds ${fragments.length} fragments for ${frames} frames`
  );
}

function pixelFormat(context: DecodeContext): PixelFormat {
  const { dataset } = context.file;
  const bitsAllocated = numberOf(dataset, 'BitsAllocated') ?? 16;
  const bitsStored = numberOf(dataset, 'BitsStored') ?? bitsAllocated;
  const format: PixelFormat = {
    rows: numberOf(dataset, 'Rows') ?? 0,
    columns: numberOf(dataset, 'Columns') ?? 0,
    frames: frameCount(dataset),
    bitsAllocated,
    bitsStored,
    highBit: numberOf(dataset, 'HighBit') ?? bitsStored - 1,
    signed: numberOf(dataset, 'PixelRepresentation') === 1,
  };
  const valid =
    [8, 16, 32].includes(bitsAllocated) &&
    bitsStored >= 1 &&
    bitsStored <= bitsAllocated &&
    format.highBit >= bitsStored - 1 &&
    format.highBit < bitsAllocated &&
    format.rows > 0 &&
    format.columns > 0 &&
    (numberOf(dataset, 'SamplesPerPixel') ?? 1) === 1;
  if (valid) return format;
  throw new RefusedInputError(
    'pixel-format-unsupported',
    `${nameOf(context)}: pixels of ${bitsAllocated} bits allocated (0028,0100), ${bitsStored} stored ` +
      `(0028,0101), high bit ${format.highBit} (0028,0102), ${format.rows} × ${format.columns} cannot be read.`,
    'Export the series as greyscale images of 8, 16 or 32 bits.',
    { series: context.header.seriesInstanceUid, file: context.name, bitsAllocated, bitsStored }
  );
}

/** Bytes as numbers; what lies outside Bits Stored (old overlays) is removed. */
function interpret(bytes: Uint8Array, format: PixelFormat, littleEndian: boolean): StoredPixels {
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
      for (let n = 0; n < count; n++) pixels[n] = (pixels[n] << up) >> down;
    } else {
      for (let n = 0; n < count; n++) pixels[n] = (pixels[n] << up) >>> down;
    }
  }
  return pixels;
}

function swap(bytes: Uint8Array, size: number): void {
  for (let n = 0; n + size <= bytes.length; n += size) {
    bytes.subarray(n, n + size).reverse();
  }
}

function nameOf(context: DecodeContext): string {
  const name = describeSeries(context.header);
  return `File ${context.name} of ${name}`;
}

function truncated(context: DecodeContext, what: string): RefusedInputError {
  return new RefusedInputError(
    'pixel-data-truncated',
    `${nameOf(context)} is incomplete: ${what}.`,
    'Copy or send the file again; a transfer was probably cut short.',
    { series: context.header.seriesInstanceUid, file: context.name }
  );
}

function unsupported(context: DecodeContext, what: string): RefusedInputError {
  return new RefusedInputError(
    'transfer-syntax-unsupported',
    `${nameOf(context)}: ${what} cannot be decoded here.`,
    'Export the series uncompressed (Explicit VR Little Endian) or losslessly compressed.',
    {
      series: context.header.seriesInstanceUid,
      file: context.name,
      transferSyntax: context.file.transferSyntaxUid,
    }
  );
}

function describe(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'number' ? 'the decoder gave up' : String(error);
}
