import { RefusedInputError } from '../../types';
import { text } from '../encode/read';
import { encapsulatedFrames } from '../read/encapsulatedFrames';
import { inflateFrame } from '../read/inflate';
import type { Part10File } from '../read/part10';
import { decodeRunLength } from '../read/runLength';
import { oneNumberOf } from '../read/values';
import { unpackBits } from './packBits';

const UNCOMPRESSED = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
]);
const RLE = '1.2.840.10008.1.2.5';
/** Deflated Image Frame Compression (PS3.5 A.4). */
const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';

/** Values of frame `index`, row by row: 0 or 1 (one bit), else what is stored. */
export type FrameReader = (index: number) => Uint8Array | Uint16Array;

/**
 * Reader of the frames of a stored segmentation: uncompressed, RLE or deflated frame by frame, with 1, 8 or 16 bits.
 * The frames of a compressed one-bit object are packed each for itself, least significant bit first.
 *
 * @throws RefusedInputError `segmentation-compressed`, `pixel-data-truncated`, `value-unreadable`; its frames likewise when they are read
 */
export function storedFrames(
  { dataset, transferSyntaxUid, pixelData, bytes }: Part10File,
  frameCount: number
): FrameReader {
  const bits = oneNumberOf(dataset, 'BitsAllocated') ?? 0;
  const length = (oneNumberOf(dataset, 'Rows') ?? 0) * (oneNumberOf(dataset, 'Columns') ?? 0);
  const isKnown = [RLE, DEFLATED_FRAMES].includes(transferSyntaxUid);
  if (![1, 8, 16].includes(bits) || !(isKnown || UNCOMPRESSED.has(transferSyntaxUid)))
    throw unreadable(transferSyntaxUid, bits, text(dataset.SeriesDescription));
  if (!pixelData) throw truncated(0, frameCount);
  if (!pixelData.encapsulated) {
    const { offset, available } = pixelData;
    const stored = bytes.subarray(offset, offset + available);
    const needed = Math.ceil((frameCount * length * bits) / 8);
    if (stored.length < needed) throw truncated(stored.length, needed);
    if (bits === 1) return (index) => unpackBits(stored, index, length);
    return (index) => integers(stored.subarray((index * length * bits) / 8), length, bits);
  }
  const frames = encapsulatedFrames(bytes, pixelData, frameCount);
  if (frames.length < frameCount) throw truncated(pixelData.fragments.length, frameCount);
  const expand = transferSyntaxUid === RLE ? expandRunLength : inflateFrame;
  return (index) => {
    const needed = Math.ceil((length * bits) / 8);
    let expanded: Uint8Array;
    try {
      expanded = expand(frames[index]!, needed, Math.max(1, bits / 8));
    } catch (error) {
      throw damaged(index, error);
    }
    if (expanded.length < needed) throw truncated(expanded.length, needed);
    return bits === 1 ? unpackBits(expanded, 0, length) : integers(expanded, length, bits);
  };
}

const expandRunLength = (frame: Uint8Array, bytes: number, planes: number): Uint8Array =>
  decodeRunLength(frame, bytes / planes, planes);

function unreadable(syntax: string, bits: number, series: string): RefusedInputError {
  return new RefusedInputError(
    'segmentation-compressed',
    `Segmentation "${series || 'without description'}" is stored in transfer syntax ${syntax} with ${bits} bits per voxel, which cannot be read here.`,
    'Export it uncompressed (Explicit VR Little Endian).',
    { transferSyntax: syntax }
  );
}

function damaged(index: number, error: unknown): RefusedInputError {
  const reason = error instanceof Error ? error.message : String(error);
  return new RefusedInputError(
    'pixel-data-truncated',
    `Frame ${index + 1} of the segmentation cannot be decoded: ${reason}.`,
    'Fetch the object from the archive again.',
    { frame: index + 1 }
  );
}

function truncated(found: number, needed: number): RefusedInputError {
  return new RefusedInputError(
    'pixel-data-truncated',
    `The segmentation's Pixel Data holds ${found} of ${needed} bytes or frames.`,
    'Fetch the object from the archive again.',
    { found, needed }
  );
}

function integers(bytes: Uint8Array, length: number, bits: number): Uint8Array | Uint16Array {
  if (bits === 8) return bytes.subarray(0, length);
  return Uint16Array.from({ length }, (_, i) => bytes[2 * i]! | (bytes[2 * i + 1]! << 8));
}
