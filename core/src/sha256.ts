import { sha256 as digest } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

/**
 * SHA-256 of bytes, or of the UTF-8 of a string, as lower-case hexadecimal. `crypto.subtle` will not do: it is
 * asynchronous, and missing on pages that are not served over TLS, where hospital viewers often live.
 */
export function sha256(content: Uint8Array | string): string {
  return bytesToHex(digest(content));
}
