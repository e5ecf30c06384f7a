import type { DicomDictInstance, NaturalizedDataset } from 'dcmjs';
import { RefusedInputError } from '../../types';
import { text } from '../encode/read';
import { unpackBits } from './packBits';

const UNCOMPRESSED = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
]);
const RLE = '1.2.840.10008.1.2.5';

/**
 * Reader of single frames: `(index) => values`, row by row, 0 or 1 (BINARY) or the label.
 *
 * @throws RefusedInputError `segmentation-compressed`, `pixel-data-truncated`
 */
export function storedFrames(
  part10: DicomDictInstance,
  dataset: NaturalizedDataset,
  frameCount: number
): (index: number) => Uint8Array | Uint16Array {
  const syntax = text(part10.meta['00020010']?.Value?.[0]);
  const bits = Number(dataset.BitsAllocated);
  const length = Number(dataset.Rows) * Number(dataset.Columns);
  const fragments = (part10.dict['7FE00010']?.Value ?? []) as ArrayBuffer[];
  if (UNCOMPRESSED.has(syntax)) {
    const bytes = new Uint8Array(fragments[0] ?? new ArrayBuffer(0));
    const needed = Math.ceil((frameCount * length * bits) / 8);
    if (bytes.length < needed) throw truncated(bytes.length, needed);
    if (bits === 1) return (index) => unpackBits(bytes, index, length);
    return (index) => integers(bytes.subarray((index * length * bits) / 8), length, bits);
  }
  if (syntax === RLE && bits !== 1) {
    if (fragments.length < frameCount) throw truncated(fragments.length, frameCount);
    return (index) => decodeRle(new Uint8Array(fragments[index]!), length, bits / 8);
  }
  throw new RefusedInputError(
    'segmentation-compressed',
    `The segmentation is stored in transfer syntax ${syntax} with ${bits} bits per voxel, which cannot be read here.`,
    'Export it uncompressed (Explicit VR Little Endian).',
    { transferSyntax: syntax }
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

/** RLE Lossless (PS3.5 annex G): one PackBits segment a byte plane, the most significant first. */
function decodeRle(frame: Uint8Array, length: number, planes: number): Uint8Array | Uint16Array {
  const header = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const values = planes === 1 ? new Uint8Array(length) : new Uint16Array(length);
  for (let plane = 0; plane < planes; plane++) {
    let position = header.getUint32(4 * (plane + 1), true);
    for (let filled = 0; filled < length && position < frame.length;) {
      const control = header.getInt8(position++);
      if (control === -128) continue;
      const count = Math.abs(control) + 1;
      for (let i = 0; i < count && filled < length; i++, filled++)
        values[filled] = values[filled]! * 256 + frame[control >= 0 ? position + i : position]!;
      position += control >= 0 ? count : 1;
    }
  }
  return values;
}
