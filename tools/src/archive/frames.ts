import { encapsulatedFrames } from '@inner-ear-hydrops/core/dicom';
import { findBulkData, PIXEL_DATA, textOf } from './dicomJson';
import { EXPLICIT_LITTLE_ENDIAN, isNative, type ParsedInstance } from './parseInstance';

export interface Frames {
  /** The transfer syntax that the frames' bytes are in. */
  transferSyntaxUid: string;
  /** Octet-stream or the image type of a compressed syntax (PS3.18 table 8.7.3-5). */
  mediaType: string;
  frames: Buffer[];
}

const COMPRESSED_MEDIA_TYPES: Record<string, string> = {
  '1.2.840.10008.1.2.5': 'image/dicom-rle',
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.51': 'image/jpeg',
  '1.2.840.10008.1.2.4.57': 'image/jpeg',
  '1.2.840.10008.1.2.4.70': 'image/jpeg',
  '1.2.840.10008.1.2.4.80': 'image/jls',
  '1.2.840.10008.1.2.4.81': 'image/jls',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
};

/** The frames of an image in stored order, byte-aligned; empty where there is no pixel data. */
export function framesOf(instance: ParsedInstance): Frames {
  const { content, pixelData, transferSyntaxUid } = instance;
  const count = Math.max(1, Number(textOf(instance.metadata, '00280008') || 1));
  if (!isNative(transferSyntaxUid)) {
    return {
      transferSyntaxUid,
      mediaType: COMPRESSED_MEDIA_TYPES[transferSyntaxUid] ?? 'application/octet-stream',
      frames: pixelData?.encapsulated
        ? encapsulatedFrames(content.bytes, pixelData, count).map((frame) => Buffer.from(frame))
        : [],
    };
  }
  const all = findBulkData(content, PIXEL_DATA);
  const bitsAllocated = Number(textOf(instance.metadata, '00280100') || 16);
  return {
    transferSyntaxUid: EXPLICIT_LITTLE_ENDIAN,
    mediaType: 'application/octet-stream',
    frames: all === null ? [] : splitNative(instance, all, count, bitsAllocated),
  };
}

function splitNative(
  instance: ParsedInstance,
  all: Buffer,
  count: number,
  bitsAllocated: number
): Buffer[] {
  const number = (tag: string, absent: number) => Number(textOf(instance.metadata, tag) || absent);
  const samples = number('00280010', 0) * number('00280011', 0) * number('00280002', 1);
  const bits = samples * bitsAllocated;
  if (bits % 8 === 0) {
    const bytes = bits / 8;
    return Array.from({ length: count }, (_, i) => all.subarray(i * bytes, (i + 1) * bytes));
  }
  // One-bit frames follow each other without padding; a frame on its own starts at a byte.
  return Array.from({ length: count }, (_, i) => {
    const frame = Buffer.alloc(Math.ceil(bits / 8));
    for (let bit = 0; bit < bits; bit++) {
      const from = i * bits + bit;
      if (((all[from >> 3] ?? 0) >> (from & 7)) & 1) frame[bit >> 3]! |= 1 << (bit & 7);
    }
    return frame;
  });
}
