import type { EncodedObject } from './part10';
import type { Part10File } from '../read/part10';
import { readObject, text } from './read';

/**
 * A Part 10 file as the object that its encoder returned, for files that were kept.
 *
 * @throws RefusedInputError `not-dicom`
 */
export function readEncodedObject(file: ArrayBuffer, description = ''): EncodedObject {
  const { dataset } = readObject(file);
  return {
    sopClassUid: text(dataset.SOPClassUID),
    sopInstanceUid: text(dataset.SOPInstanceUID),
    seriesInstanceUid: text(dataset.SeriesInstanceUID),
    description: description || text(dataset.SeriesDescription),
    file,
    dataset,
  };
}

const UNCOMPRESSED = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
]);

/**
 * Whether what an archive holds is the object that was sent: the same SOP Instance UID, pixels and
 * content tree. An archive may write other dates of reception, patient data corrected by its index,
 * or another transfer syntax; pixels that it compressed are taken for the same, as our UIDs follow
 * from the content.
 *
 * @throws RefusedInputError `not-dicom`
 */
export function isSameObject(sent: ArrayBuffer, held: ArrayBuffer): boolean {
  const [a, b] = [readObject(sent), readObject(held)];
  for (const keyword of ['SOPClassUID', 'SOPInstanceUID', 'SeriesInstanceUID'] as const)
    if (text(a.dataset[keyword]) !== text(b.dataset[keyword])) return false;
  if (JSON.stringify(a.dataset.ContentSequence) !== JSON.stringify(b.dataset.ContentSequence))
    return false;
  if (!UNCOMPRESSED.has(b.transferSyntaxUid)) return true;
  return sameBytes(pixelBytes(a), pixelBytes(b));
}

function pixelBytes({ pixelData, bytes }: Part10File): Uint8Array {
  if (!pixelData || pixelData.encapsulated) return new Uint8Array(0);
  return bytes.subarray(pixelData.offset, pixelData.offset + pixelData.available);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
