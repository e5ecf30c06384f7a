import { sha256 } from '../../sha256';

/**
 * A UID that follows from its parts alone: `2.25.` and 128 bits of the SHA-256 of the parts
 * (DICOM PS3.5 B.2). A retry therefore makes the same object instead of a second object. The parts
 * are separated by their lengths, so ('ab', 'c') and ('a', 'bc') differ.
 */
export function deriveUid(...parts: string[]): string {
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return `2.25.${BigInt(`0x${sha256(text).slice(0, 32)}`)}`;
}
