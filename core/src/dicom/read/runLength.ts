/**
 * Decodes one RLE frame (PS3.5 Annex G) of single-sample pixels to little-endian bytes.
 *
 * @returns `pixels × bytesPerPixel` bytes
 * @throws Error when the header does not fit, or a segment holds fewer or more bytes
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
    const held = unpack(
      frame.subarray(start, end),
      output,
      bytesPerPixel - 1 - segment,
      bytesPerPixel
    );
    // A byte more pads an odd number; what is damaged in the middle comes out longer or shorter.
    if (held < pixels || held > pixels + 1) {
      throw new Error(`RLE segment ${segment + 1} holds ${held} bytes for ${pixels} pixels`);
    }
  }
  return output;
}

/**
 * Packed bits into every `stride`-th byte from `first`; returns how many there are, also beyond the output: padding
 * with zeros does not count.
 */
function unpack(packed: Uint8Array, output: Uint8Array, first: number, stride: number): number {
  let at = first;
  let held = 0;
  const put = (value: number): void => {
    if (at < output.length) output[at] = value;
    if (at < output.length || value !== 0) held++;
    at += stride;
  };
  let n = 0;
  while (n < packed.length) {
    const control = packed[n++]!;
    if (control < 128) {
      for (let m = 0; m <= control && n < packed.length; m++) put(packed[n++]!);
    } else if (control > 128 && n < packed.length) {
      const value = packed[n++]!;
      for (let m = 0; m < 257 - control; m++) put(value);
    }
  }
  return held;
}
