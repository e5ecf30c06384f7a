import {
  NotDicomError,
  readPart10,
  tagText,
  type Part10File,
  type PixelDataLocation,
} from '@inner-ear-hydrops/core/dicom';
import { textOf, toDicomJson, type DicomJson, type InstanceElements } from './dicomJson';

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
  /** The elements themselves, for bulk data and frames. */
  content: InstanceElements;
  pixelData: PixelDataLocation | null;
  /** Text that cannot be read whole, with its tag and the reason. */
  textProblems: readonly string[];
}

/** A file that is not a DICOM object we can keep; the message says what is wrong with it. */
export class UnreadableInstanceError extends Error {
  override readonly name = 'UnreadableInstanceError';
}

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
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
  const part10 = read(file);
  refuseDamaged(part10);
  const content = { elements: part10.elements, bytes: part10.bytes };
  const metadata = toDicomJson(content);
  const meta = toDicomJson({ elements: part10.meta, bytes: part10.bytes });
  const parsed = {
    studyInstanceUid: requiredUid(metadata, '0020000D', 'Study Instance UID'),
    seriesInstanceUid: requiredUid(metadata, '0020000E', 'Series Instance UID'),
    sopInstanceUid: requiredUid(metadata, '00080018', 'SOP Instance UID'),
    sopClassUid: requiredUid(metadata, '00080016', 'SOP Class UID'),
    transferSyntaxUid: requiredUid(meta, '00020010', 'Transfer Syntax UID'),
    metadata,
    content,
    pixelData: part10.pixelData,
    textProblems: part10.textProblems,
  };
  checkPixelDataLength(parsed);
  return parsed;
}

function read(file: Uint8Array): Part10File {
  try {
    // A Buffer is often a view into a larger buffer.
    return readPart10(new Uint8Array(file).buffer);
  } catch (error) {
    if (!(error instanceof NotDicomError)) throw error;
    throw new UnreadableInstanceError(`The file cannot be parsed as DICOM: ${error.message}.`);
  }
}

/** What was cut off or damaged is not kept: it would be taken for whole. */
function refuseDamaged({ stop, pixelData, dataset }: Part10File): void {
  if (stop?.kind === 'cut') {
    throw new UnreadableInstanceError(`The file is cut off: it ends within element ${stop.tag}.`);
  }
  if (stop) {
    throw new UnreadableInstanceError(
      `The file is damaged at element ${tagText(stop.tag)}: ${stop.reason}.`
    );
  }
  if (dataset.Rows !== undefined && pixelData === null && !hasFloatPixels(dataset)) {
    throw new UnreadableInstanceError('The file ends before its pixel data.');
  }
}

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
function nativePixelDataLength(metadata: DicomJson): number {
  const number = (tag: string, absent: number) => Number(textOf(metadata, tag) || absent);
  const samples =
    number('00280010', 0) * number('00280011', 0) * number('00280002', 1) * number('00280008', 1);
  return Math.ceil((samples * number('00280100', 16)) / 8);
}

function checkPixelDataLength({ pixelData, metadata, transferSyntaxUid }: ParsedInstance): void {
  if (!pixelData || pixelData.encapsulated || !isNative(transferSyntaxUid)) return;
  const expected = nativePixelDataLength(metadata);
  if (pixelData.available < expected) {
    throw new UnreadableInstanceError(
      `The pixel data is cut off: ${pixelData.available} bytes of ${expected} that rows, columns and frames ask for.`
    );
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
