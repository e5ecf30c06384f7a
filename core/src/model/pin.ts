import { RefusedInputError } from '../types';

/** Where a model lies, and the SHA-256 that its manifest must have; null where any will do. */
export interface PinnedLocation {
  location: string;
  sha256: string | null;
}

const PIN = '#sha256=';

/**
 * Splits `<address or folder>#sha256=<64 hexadecimal digits>`. The manifest holds the hashes of all other files, so its own
 * pins the whole model.
 * @throws RefusedInputError `model-pin-invalid`: a pin with a slip of the pen must not count as none
 */
export function splitPin(text: string): PinnedLocation {
  const at = text.indexOf(PIN);
  if (at < 0) return { location: text, sha256: null };
  const sha256 = text.slice(at + PIN.length).toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new RefusedInputError(
      'model-pin-invalid',
      `What follows "${PIN}" in the model's address is not a SHA-256: "${text.slice(at + PIN.length)}".`,
      'Write the 64 hexadecimal digits that `sha256sum manifest.json` prints, or leave the part from "#" on out.',
      { pin: text.slice(at + PIN.length) }
    );
  }
  return { location: text.slice(0, at), sha256 };
}
