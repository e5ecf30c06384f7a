import { deriveUid } from './deriveUid';
import { isArrayBuffer } from './part10';
import { sha256 } from '../../sha256';

/**
 * Attributes that say when an object was made and nothing else of it. The moment at which a reader verified a
 * report is not among them: it is part of what is stated.
 */
export const MOMENTS: ReadonlySet<string> = new Set([
  'InstanceCreationDate',
  'InstanceCreationTime',
  'SeriesDate',
  'SeriesTime',
  'ContentDate',
  'ContentTime',
  'ContributionDateTime',
  'DateOfSecondaryCapture',
  'TimeOfSecondaryCapture',
]);

/**
 * A UID that follows from all that an object holds but the moments of its making. It is taken from the finished
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

function replaced(key: string, value: unknown): unknown {
  if (MOMENTS.has(key)) return undefined;
  return isArrayBuffer(value) ? sha256(new Uint8Array(value)) : value;
}
