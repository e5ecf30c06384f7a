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

export const RLE_LOSSLESS = '1.2.840.10008.1.2.5';

/** Names of encapsulated transfer syntaxes, for messages: how a frame is coded, its stream says. */
export const ENCAPSULATED_SYNTAXES: Record<string, string> = {
  [RLE_LOSSLESS]: 'RLE Lossless',
  '1.2.840.10008.1.2.4.50': 'JPEG Baseline',
  '1.2.840.10008.1.2.4.51': 'JPEG Extended',
  '1.2.840.10008.1.2.4.57': 'JPEG Lossless',
  '1.2.840.10008.1.2.4.70': 'JPEG Lossless SV1',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS Lossless',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS Near Lossless',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000 Lossless',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
  '1.2.840.10008.1.2.4.92': 'JPEG 2000 Part 2 Lossless',
  '1.2.840.10008.1.2.4.93': 'JPEG 2000 Part 2',
  '1.2.840.10008.1.2.4.110': 'JPEG XL Lossless',
  '1.2.840.10008.1.2.4.111': 'JPEG XL JPEG Recompression',
  '1.2.840.10008.1.2.4.112': 'JPEG XL',
  '1.2.840.10008.1.2.4.201': 'High-Throughput JPEG 2000 Lossless',
  '1.2.840.10008.1.2.4.202': 'High-Throughput JPEG 2000 RPCL Lossless',
  '1.2.840.10008.1.2.4.203': 'High-Throughput JPEG 2000',
  '1.2.840.10008.1.2.8.1': 'Deflated Image Frame',
};

/**
 * Syntaxes whose native pixels are read: uncompressed, and compressed ones, as some programs
 * decompress the pixels and keep the label.
 */
export const NATIVE_SYNTAXES = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
  ...Object.keys(ENCAPSULATED_SYNTAXES),
]);
