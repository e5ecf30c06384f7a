/**
 * Decodes one RLE frame (PS3.5 Annex G) of single-sample pixels to little-endian bytes.
 *
 * @returns `pixels × bytesPerPixel` bytes, or fewer when the stream ends early
 * @throws Error when the header does not fit
 */
export function decodeRunLength(
  frame: Uint8Array,
  pixels: number,
  bytesPerPixel: number
): Uint8Array {
  const header = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 64) throw new Error('the RLE header is incomplete');
  const segments = header.getUint32(0, true);
  if (segments !== bytesPerPixel) {
    throw new Error(`the RLE header has ${segments} segments instead of ${bytesPerPixel}`);
  }
  const output = new Uint8Array(pixels * bytesPerPixel);
  for (let segment = 0; segment < segments; segment++) {
    const start = header.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? header.getUint32(8 + 4 * segment, true) : frame.length;
    // Segments run from the most to the least significant byte.
    const written = unpack(
      frame.subarray(start, end),
      output,
      bytesPerPixel - 1 - segment,
      bytesPerPixel
    );
    if (written < pixels) {
      throw new Error(`RLE segment ${segment + 1} holds ${written} of ${pixels} bytes`);
    }
  }
  return output;
}

/** Packed bits into every `stride`-th byte from `first`; returns how many were written. */
function unpack(packed: Uint8Array, output: Uint8Array, first: number, stride: number): number {
  let at = first;
  let written = 0;
  let n = 0;
  while (n < packed.length && at < output.length) {
    const control = packed[n++]!;
    if (control < 128) {
      for (let m = 0; m <= control && n < packed.length && at < output.length; m++) {
        output[at] = packed[n++]!;
        at += stride;
        written++;
      }
    } else if (control > 128 && n < packed.length) {
      const value = packed[n++]!;
      for (let m = 0; m < 257 - control && at < output.length; m++) {
        output[at] = value;
        at += stride;
        written++;
      }
    }
  }
  return written;
}
