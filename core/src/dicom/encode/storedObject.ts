import type { EncodedObject } from './part10';
import { text } from './read';
import { readPart10 } from './readPart10';

/**
 * A Part 10 file as the object that its encoder returned, for files that were kept.
 *
 * @throws RefusedInputError `not-dicom`
 */
export function readEncodedObject(file: ArrayBuffer, description = ''): EncodedObject {
  const { dataset } = readPart10(file);
  const withoutPixels = { ...dataset };
  delete withoutPixels.PixelData;
  return {
    sopClassUid: text(dataset.SOPClassUID),
    sopInstanceUid: text(dataset.SOPInstanceUID),
    seriesInstanceUid: text(dataset.SeriesInstanceUID),
    description: description || text(dataset.SeriesDescription),
    file,
    dataset: withoutPixels,
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
  const [a, b] = [readPart10(sent), readPart10(held)];
  for (const keyword of ['SOPClassUID', 'SOPInstanceUID', 'SeriesInstanceUID'] as const)
    if (text(a.dataset[keyword]) !== text(b.dataset[keyword])) return false;
  if (JSON.stringify(a.dataset.ContentSequence) !== JSON.stringify(b.dataset.ContentSequence))
    return false;
  const syntax = text(b.part10.meta['00020010']?.Value?.[0]);
  if (syntax !== '' && !UNCOMPRESSED.has(syntax)) return true;
  return sameBytes(pixelBytes(a.part10.dict), pixelBytes(b.part10.dict));
}

function pixelBytes(dict: Record<string, { Value?: unknown[] } | undefined>): Uint8Array {
  const value = dict['7FE00010']?.Value?.[0];
  if (value === undefined || value === null) return new Uint8Array(0);
  const view = value as ArrayBuffer | Uint8Array;
  return 'buffer' in view
    ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    : new Uint8Array(view);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
