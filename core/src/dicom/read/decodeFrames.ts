import { describeSeries } from '../../volume';
import { RefusedInputError, type SeriesHeader } from '../../types';
import { encapsulatedFrames } from './encapsulatedFrames';
import { frameCount } from './functionalGroups';
import type { Part10File, PixelDataLocation } from './part10';
import {
  ENCAPSULATED_SYNTAXES,
  NATIVE_SYNTAXES,
  RLE_LOSSLESS,
  type DecodedFrame,
  type PixelCodecs,
} from './pixelCodecs';
import {
  interpretPixels,
  pixelFormat,
  type InterpretedPixels,
  type PixelFormat,
  type StoredPixels,
  type UnusedBits,
} from './pixelFormat';
import { decodeRunLength } from './runLength';
import { streamHeader, type StreamHeader } from './streamHeader';
import { unusedBits, withoutStrayBits } from './unusedBits';
import { itemsOf, stringOf } from './values';

export interface DecodeContext {
  file: Part10File;
  header: SeriesHeader;
  /** File name, for messages. */
  name: string;
  codecs?: PixelCodecs;
}

export interface DecodedStoredFrame {
  /** Bits outside Bits Stored removed, sign extended. */
  pixels: StoredPixels;
  /** What the frame's stream says of itself; null where it is not compressed, or by run lengths. */
  stream: StreamHeader | null;
  /** Bytes of the stream, and those of the pixels in it. */
  compressed: number;
  stored: number;
}

/**
 * Stored pixel values of every frame.
 *
 * @throws RefusedInputError `pixel-data-truncated`, `frames-differ`, `pixel-format-unsupported`,
 * `transfer-syntax-unsupported`, `pixel-data-undecodable`, `value-unreadable`
 */
export async function decodeFrames(context: DecodeContext): Promise<DecodedStoredFrame[]> {
  const format = pixelFormat(context.file.dataset, context.header, context.name);
  const location = context.file.pixelData;
  if (!location) {
    throw truncated(context, 'it has no Pixel Data (7FE0,0010)');
  }
  if (location.encapsulated) return decodeEncapsulated(context, format, location);
  if (!NATIVE_SYNTAXES.has(context.file.transferSyntaxUid)) {
    // Some private syntaxes swap the bytes of the pixels.
    throw unsupported(context, `transfer syntax ${context.file.transferSyntaxUid}`);
  }
  const perFrame = (format.rows * format.columns * format.bitsAllocated) / 8;
  const needed = perFrame * format.frames;
  if (location.available < needed) {
    throw truncated(
      context,
      `Pixel Data (7FE0,0010) holds ${location.available} of ${needed} bytes`
    );
  }
  // A frame more is no padding.
  if (location.available >= needed + perFrame) {
    throw framesDiffer(
      context,
      `Pixel Data (7FE0,0010) holds ${Math.floor(location.available / perFrame)}`
    );
  }
  const unused = unusedBits(context.file);
  return Array.from({ length: format.frames }, (_, frame) => {
    const start = location.offset + frame * perFrame;
    const bytes = context.file.bytes.slice(start, start + perFrame);
    const interpreted = interpretPixels(bytes, format, context.file.littleEndian, unused);
    const pixels = withoutStrayBits(interpreted, format, context);
    return { pixels, stream: null, compressed: perFrame, stored: perFrame };
  });
}

/**
 * Frames that Number of Frames leaves out would be lost without a word.
 *
 * @throws RefusedInputError `frames-differ`, `value-unreadable`
 */
export function requireFrames(context: DecodeContext): void {
  const { dataset } = context.file;
  const groups = itemsOf(dataset, 'PerFrameFunctionalGroupsSequence').length;
  if (groups === 0 || groups === frameCount(dataset)) return;
  throw framesDiffer(context, `Per-frame Functional Groups (5200,9230) hold ${groups}`);
}

function framesDiffer(context: DecodeContext, others: string): RefusedInputError {
  const stated = stringOf(context.file.dataset, 'NumberOfFrames') || 'absent';
  return new RefusedInputError(
    'frames-differ',
    `${nameOf(context)}: Number of Frames (0028,0008) is ${stated}, but its ${others}; it is not known which frames are meant.`,
    'Send the file again, or have Number of Frames corrected at its source.',
    { series: context.header.seriesInstanceUid, file: context.name, frames: stated }
  );
}

async function decodeEncapsulated(
  context: DecodeContext,
  format: PixelFormat,
  location: PixelDataLocation & { encapsulated: true }
): Promise<DecodedStoredFrame[]> {
  if (!location.complete) {
    throw truncated(context, 'the file ends within Pixel Data (7FE0,0010)');
  }
  const decoded: DecodedStoredFrame[] = [];
  const frames = encapsulatedFrames(context.file.bytes, location, format.frames);
  if (frames.length !== format.frames) {
    throw truncated(
      context,
      `Pixel Data (7FE0,0010) holds ${location.fragments.length} fragments for ${format.frames} frames`
    );
  }
  for (const frame of frames) {
    decoded.push(await decodeFrame(context, format, frame));
  }
  return decoded;
}

/** The stream says how it is coded: transfer syntaxes are sometimes labelled wrongly. */
async function decodeFrame(
  context: DecodeContext,
  format: PixelFormat,
  frame: Uint8Array
): Promise<DecodedStoredFrame> {
  const unused = unusedBits(context.file);
  const sizes = {
    compressed: frame.length,
    stored: (format.rows * format.columns * format.bitsAllocated) / 8,
  };
  const syntax = context.file.transferSyntaxUid;
  let name = ENCAPSULATED_SYNTAXES[syntax] ?? `transfer syntax ${syntax}`;
  try {
    const header = streamHeader(frame);
    if (!header && syntax !== RLE_LOSSLESS) throw unsupported(context, name);
    if (!header) {
      const count = format.rows * format.columns;
      const bytes = decodeRunLength(frame, count, format.bitsAllocated / 8);
      const pixels = withoutStrayBits(
        interpretPixels(bytes, format, true, unused),
        format,
        context
      );
      return { pixels, stream: null, ...sizes };
    }
    ({ name } = header);
    checkStream(header, format);
    const decode = context.codecs?.[header.codec];
    if (!decode) throw unsupported(context, name);
    const result = await decode(frame, format.bitsAllocated > 8 ? 2 : 1);
    const pixels = withoutStrayBits(interpretDecoded(result, format, unused), format, context);
    return { pixels, stream: header, ...sizes };
  } catch (error) {
    if (error instanceof RefusedInputError) throw error;
    throw new RefusedInputError(
      'pixel-data-undecodable',
      `${nameOf(context)}: ${name} pixel data cannot be decoded (${describe(error)}).`,
      'Send the file again; if it stays unreadable, export the series uncompressed.',
      { series: context.header.seriesInstanceUid, file: context.name }
    );
  }
}

/** Before anything is decoded: the stream is whole and holds the image that the header describes. */
function checkStream(header: StreamHeader, format: PixelFormat): void {
  const { rows, columns, components, bitsPerSample } = header;
  if (rows !== format.rows || columns !== format.columns) {
    throw new Error(
      `the stream is ${rows} × ${columns}, Rows × Columns are ${format.rows} × ${format.columns}`
    );
  }
  if (components !== 1) throw new Error(`${components} colour components`);
  if (bitsPerSample > 16) throw new Error(`${bitsPerSample} bits per sample`);
  if (header.length === null) throw new Error('the stream ends early');
}

function interpretDecoded(
  result: DecodedFrame,
  format: PixelFormat,
  unused: UnusedBits
): InterpretedPixels {
  const pixels = format.rows * format.columns;
  const bits = 8 * result.bytesPerSample;
  if (result.rows !== format.rows || result.columns !== format.columns) {
    throw new Error(`the decoder returned ${result.rows} × ${result.columns} pixels`);
  }
  if (result.bytes.length < pixels * result.bytesPerSample) {
    throw new Error(`${result.bytes.length} of ${pixels * result.bytesPerSample} bytes`);
  }
  const bitsStored = Math.min(format.bitsStored, bits);
  const decoded = { ...format, bitsAllocated: bits, bitsStored, highBit: bitsStored - 1 };
  return interpretPixels(result.bytes, decoded, true, unused);
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
