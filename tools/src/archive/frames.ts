import { encapsulatedFrames } from '@inner-ear-hydrops/core/dicom';
import { findBulkData, PIXEL_DATA, textOf } from './dicomJson';
import { EXPLICIT_LITTLE_ENDIAN, isNative, type ParsedInstance } from './parseInstance';

export interface Frames {
  /** The transfer syntax that the frames' bytes are in. */
  transferSyntaxUid: string;
  /** Octet-stream or the image type of a compressed syntax (PS3.18 table 8.7.3-5). */
  mediaType: string;
  count: number;
  /** The bytes of a frame, numbered from 1. */
  frame(number: number): Buffer;
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

/**
 * The frames of an image in stored order, byte-aligned; none where there is no pixel data. Each is
 * made when it is asked for: a header may state any number of them.
 */
export function framesOf(instance: ParsedInstance): Frames {
  const { content, pixelData, transferSyntaxUid } = instance;
  const stated = Math.max(1, Number(textOf(instance.metadata, '00280008') || 1));
  if (!isNative(transferSyntaxUid)) {
    const frames = pixelData?.encapsulated
      ? encapsulatedFrames(content.bytes, pixelData, stated)
      : [];
    return {
      transferSyntaxUid,
      mediaType: COMPRESSED_MEDIA_TYPES[transferSyntaxUid] ?? 'application/octet-stream',
      count: frames.length,
      frame: (number) => Buffer.from(frames[number - 1] ?? []),
    };
  }
  const all = findBulkData(content, PIXEL_DATA);
  const bits = bitsOfFrame(instance);
  return {
    transferSyntaxUid: EXPLICIT_LITTLE_ENDIAN,
    mediaType: 'application/octet-stream',
    count: all === null || bits === 0 ? 0 : stated,
    frame: (number) => nativeFrame(all ?? Buffer.alloc(0), number - 1, bits),
  };
}

function bitsOfFrame(instance: ParsedInstance): number {
  const number = (tag: string, absent: number) => Number(textOf(instance.metadata, tag) || absent);
  const samples = number('00280010', 0) * number('00280011', 0) * number('00280002', 1);
  return samples * number('00280100', 16);
}

function nativeFrame(all: Buffer, index: number, bits: number): Buffer {
  if (bits % 8 === 0) return all.subarray((index * bits) / 8, ((index + 1) * bits) / 8);
  // One-bit frames follow each other without padding; a frame on its own starts at a byte.
  const frame = Buffer.alloc(Math.ceil(bits / 8));
  for (let bit = 0; bit < bits; bit++) {
    const from = index * bits + bit;
    if (((all[from >> 3] ?? 0) >> (from & 7)) & 1) frame[bit >> 3]! |= 1 << (bit & 7);
  }
  return frame;
}
