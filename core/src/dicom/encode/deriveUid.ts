import { sha256 } from './sha256';

/**
 * A UID that follows from its parts alone: `2.25.` and 128 bits of the SHA-256 of the parts
 * (DICOM PS3.5 B.2). A retry therefore makes the same object instead of a second one. The parts
 * are separated by their lengths, so ('ab', 'c') and ('a', 'bc') differ.
 */
export function deriveUid(...parts: string[]): string {
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  const digest = sha256(new TextEncoder().encode(text));
  let value = 0n;
  for (let i = 0; i < 16; i++) value = (value << 8n) | BigInt(digest[i]!);
  return `2.25.${value}`;
}
