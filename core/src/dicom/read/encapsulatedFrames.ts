import type { PixelDataLocation } from './part10';

/**
 * One byte array a frame: one fragment each, or several, told apart by the basic offset table
 * (PS3.5 A.4). Empty where the fragments cannot be assigned to `count` frames.
 */
export function encapsulatedFrames(
  bytes: Uint8Array,
  { fragments, offsetTable }: PixelDataLocation & { encapsulated: true },
  count: number
): Uint8Array[] {
  const join = (parts: readonly { offset: number; length: number }[]): Uint8Array => {
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const { offset, length } of parts) {
      joined.set(bytes.subarray(offset, offset + length), at);
      at += length;
    }
    return joined;
  };
  if (count === 1 && fragments.length > 0) return [join(fragments)];
  if (fragments.length === count) return fragments.map((fragment) => join([fragment]));
  if (offsetTable.length !== count || fragments.length <= count) return [];
  const frames: Uint8Array[] = [];
  let n = 0;
  for (let frame = 0; frame < count; frame++) {
    const end = frame + 1 < count ? offsetTable[frame + 1]! : Infinity;
    const own: typeof fragments = [];
    for (; n < fragments.length; n++) {
      const fragment = fragments[n]!;
      if (fragment.start >= end) break;
      own.push(fragment);
    }
    // Offsets that do not point at fragments in order say nothing about the frames.
    if (own[0]?.start !== offsetTable[frame]) return [];
    frames.push(join(own));
  }
  return frames;
}
