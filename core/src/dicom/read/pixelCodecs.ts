/** What a decoder gives for one frame. */
export interface DecodedFrame {
  /** Little-endian samples, row by row. */
  bytes: Uint8Array;
  bytesPerSample: 1 | 2;
  columns: number;
  rows: number;
}

export type CodecName = 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000';

/**
 * Decoders for compressed transfer syntaxes. They are handed in, since where their WebAssembly lies is the
 * shell's affair: see `@inner-ear-hydrops/core/codecs`.
 */
export type PixelCodecs = Record<
  CodecName,
  (frame: Uint8Array, bytesAllocated: 1 | 2) => Promise<DecodedFrame>
>;

/** Name and codec of encapsulated transfer syntaxes; `rle` is built in. */
export const ENCAPSULATED_SYNTAXES: Record<string, { name: string; codec: CodecName | 'rle' }> = {
  '1.2.840.10008.1.2.5': { name: 'RLE Lossless', codec: 'rle' },
  '1.2.840.10008.1.2.4.50': { name: 'JPEG Baseline', codec: 'jpeg' },
  '1.2.840.10008.1.2.4.57': { name: 'JPEG Lossless', codec: 'jpeg-lossless' },
  '1.2.840.10008.1.2.4.70': { name: 'JPEG Lossless SV1', codec: 'jpeg-lossless' },
  '1.2.840.10008.1.2.4.80': { name: 'JPEG-LS Lossless', codec: 'jpeg-ls' },
  '1.2.840.10008.1.2.4.81': { name: 'JPEG-LS Near Lossless', codec: 'jpeg-ls' },
  '1.2.840.10008.1.2.4.90': { name: 'JPEG 2000 Lossless', codec: 'jpeg-2000' },
  '1.2.840.10008.1.2.4.91': { name: 'JPEG 2000', codec: 'jpeg-2000' },
};
