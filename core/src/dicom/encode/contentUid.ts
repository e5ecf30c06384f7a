import { deriveUid } from './deriveUid';
import { isArrayBuffer } from './part10';
import { sha256 } from '../../sha256';

/**
 * A UID that follows from all that an object holds, the moment of its making too. It is taken from the finished
 * data set, not from chosen inputs, so that two objects that differ in anything cannot share it: what an encoder
 * writes is covered because it is written.
 *
 * @param purpose keeps the UIDs of different kinds apart
 * @param content data sets by attribute names without the UIDs that are being made, and plain JSON; pixel data
 * as ArrayBuffers
 */
export function contentUid(purpose: string, ...content: unknown[]): string {
  return deriveUid(purpose, sha256(JSON.stringify(content, replaced)));
}

function replaced(_key: string, value: unknown): unknown {
  return isArrayBuffer(value) ? sha256(new Uint8Array(value)) : value;
}
