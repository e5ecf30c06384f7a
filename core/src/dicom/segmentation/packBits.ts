/** One-bit frames packed least significant bit first, frame after frame without padding (PS3.5 8.1.1). */
export function packBits(frames: Uint8Array[]): ArrayBuffer {
  const bits = frames.reduce((sum, frame) => sum + frame.length, 0);
  const bytes = new Uint8Array(2 * Math.ceil(bits / 16));
  let position = 0;
  for (const frame of frames) {
    for (const value of frame) {
      if (value !== 0) bytes[position >> 3]! |= 1 << (position & 7);
      position++;
    }
  }
  return bytes.buffer;
}

/** Frame `index` of `length` pixels from such packed bits, as 0 and 1. */
export function unpackBits(packed: Uint8Array, index: number, length: number): Uint8Array {
  const frame = new Uint8Array(length);
  const start = index * length;
  for (let i = 0; i < length; i++) frame[i] = (packed[(start + i) >> 3]! >> ((start + i) & 7)) & 1;
  return frame;
}
