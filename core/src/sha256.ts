import { sha256 as digest } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

/**
 * SHA-256 of bytes, or of the UTF-8 of a string, as lower-case hexadecimal. `crypto.subtle` will not do: it is
 * asynchronous, and missing on pages that are not served over TLS, where hospital viewers often live.
 */
export function sha256(content: Uint8Array | string): string {
  return bytesToHex(digest(content));
}

/** A SHA-256 of content that comes in parts. */
export interface RunningSha256 {
  /** Adds bytes, or the UTF-8 of a string. */
  add(content: Uint8Array | string): void;
  /** Of all parts together, as `sha256` gives it; nothing can be added afterwards. */
  hex(): string;
}

export function startSha256(): RunningSha256 {
  const running = digest.create();
  return {
    add: (content) => void running.update(content),
    hex: () => bytesToHex(running.digest()),
  };
}
