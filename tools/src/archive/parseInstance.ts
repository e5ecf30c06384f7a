import { readPart10 } from '@inner-ear-hydrops/core/dicom';
import dcmjs, { type DicomDataset } from 'dcmjs';
import { textOf, toDicomJson, PIXEL_DATA, type DicomJson } from './dicomJson';

dcmjs.log.setLevel('silent');
dcmjs.log.getLogger('validation.dcmjs').setLevel('silent');

export interface InstanceIds {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
}

export interface ParsedInstance extends InstanceIds {
  sopClassUid: string;
  transferSyntaxUid: string;
  /** DICOM JSON model with relative bulk data paths. */
  metadata: DicomJson;
  dataset: DicomDataset;
}

/** A file that is not a DICOM object we can keep; the message says what is wrong with it. */
export class UnreadableInstanceError extends Error {
  override readonly name = 'UnreadableInstanceError';
}

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const NATIVE = new Set([
  '1.2.840.10008.1.2',
  EXPLICIT_LITTLE_ENDIAN,
  '1.2.840.10008.1.2.1.99',
  EXPLICIT_BIG_ENDIAN,
]);

export function isNative(transferSyntaxUid: string): boolean {
  return NATIVE.has(transferSyntaxUid);
}

/** PS3.5 section 9.1; a little more than the standard allows, never anything but digits and dots. */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^[0-9]+(\.[0-9]+)+$/.test(text);
}

/**
 * Reads a Part 10 file (PS3.10).
 * @throws UnreadableInstanceError when it is not Part 10, lacks an identifier, or ends too early.
 */
export function parseInstance(file: Uint8Array): ParsedInstance {
  if (file.byteLength < 132 || Buffer.from(file.subarray(128, 132)).toString('latin1') !== 'DICM') {
    throw new UnreadableInstanceError(
      'This is not a DICOM Part 10 file: "DICM" is missing at byte 128.'
    );
  }
  let meta: DicomJson;
  let dataset: DicomDataset;
  try {
    // A Buffer is often a view into a larger one; dcmjs wants the file alone.
    const copy = new Uint8Array(file).buffer;
    refuseDamaged(copy);
    const dict = dcmjs.data.DicomMessage.readFile(copy);
    meta = toDicomJson(dict.meta);
    dataset = dict.dict;
  } catch (error) {
    if (error instanceof UnreadableInstanceError) throw error;
    throw new UnreadableInstanceError(`The file cannot be parsed as DICOM: ${messageOf(error)}`);
  }
  const metadata = toDicomJson(dataset);
  const ids = {
    studyInstanceUid: requiredUid(metadata, '0020000D', 'Study Instance UID'),
    seriesInstanceUid: requiredUid(metadata, '0020000E', 'Series Instance UID'),
    sopInstanceUid: requiredUid(metadata, '00080018', 'SOP Instance UID'),
    sopClassUid: requiredUid(metadata, '00080016', 'SOP Class UID'),
  };
  const parsed = {
    ...ids,
    transferSyntaxUid: requiredUid(meta, '00020010', 'Transfer Syntax UID'),
    metadata,
    dataset,
  };
  checkPixelDataLength(parsed);
  return parsed;
}

/**
 * What core's stricter reader finds wrong. dcmjs fills what a file lacks with zeros, without a
 * word, and takes seconds over absurd lengths: such files must not reach it.
 */
function refuseDamaged(file: ArrayBuffer): void {
  const { truncatedAt, pixelData, dataset } = readPart10(file);
  const cut =
    pixelData !== null &&
    (pixelData.encapsulated ? !pixelData.complete : pixelData.available < pixelData.length);
  if (truncatedAt !== null || cut) {
    throw new UnreadableInstanceError(
      `The file is cut off: it ends within element ${truncatedAt ?? PIXEL_DATA}.`
    );
  }
  for (const [keyword, tag] of Object.entries(REQUIRED_UIDS)) {
    checkUid(String(dataset[keyword] ?? ''), keyword, tag);
  }
  if (dataset.Rows !== undefined && pixelData === null && !hasFloatPixels(dataset)) {
    throw new UnreadableInstanceError('The file ends before its pixel data.');
  }
}

const REQUIRED_UIDS = {
  StudyInstanceUID: '0020000D',
  SeriesInstanceUID: '0020000E',
  SOPInstanceUID: '00080018',
  SOPClassUID: '00080016',
};

function hasFloatPixels(dataset: Record<string, unknown>): boolean {
  return dataset.BitsAllocated === 32 || dataset.BitsAllocated === 64;
}

function checkUid(uid: string, name: string, tag: string): void {
  if (isUid(uid)) return;
  throw new UnreadableInstanceError(`${name} (${tag}) is ${uid === '' ? 'missing' : `"${uid}"`}.`);
}

function requiredUid(json: DicomJson, tag: string, name: string): string {
  const uid = textOf(json, tag).trim();
  checkUid(uid, name, tag);
  return uid;
}

/** Bytes that native pixel data must have; 0 where the image module is missing. */
export function nativePixelDataLength(metadata: DicomJson): number {
  const number = (tag: string, absent: number) => Number(textOf(metadata, tag) || absent);
  const samples =
    number('00280010', 0) * number('00280011', 0) * number('00280002', 1) * number('00280008', 1);
  return Math.ceil((samples * number('00280100', 16)) / 8);
}

function checkPixelDataLength(parsed: ParsedInstance): void {
  const values = parsed.dataset[PIXEL_DATA]?.Value;
  const expected = nativePixelDataLength(parsed.metadata);
  if (!values || !isNative(parsed.transferSyntaxUid)) return;
  const actual = values.reduce<number>(
    (sum, value) => sum + ((value as ArrayBuffer)?.byteLength ?? 0),
    0
  );
  if (actual < expected) {
    throw new UnreadableInstanceError(
      `The pixel data is cut off: ${actual} bytes of ${expected} that rows, columns and frames ask for.`
    );
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
