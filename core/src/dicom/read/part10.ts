import {
  PIXEL_DATA,
  isKnownVr,
  type DataElement,
  type ElementSet,
  type Fragments,
} from './elements';
import { readValue } from './elementValue';
import { HeaderReader } from './elementHeader';
import { inflateDataset } from './inflate';
import { naturalise } from './naturalise';
import { readElements, type Stop } from './readElements';
import type { Dataset } from './values';

const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const DEFLATED_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** Where the pixels of a file lie; offsets count from the start of `Part10File.bytes`. */
export type PixelDataLocation =
  | { encapsulated: false; offset: number; length: number; available: number }
  | {
      encapsulated: true;
      /** Byte offsets of frames within the fragments (item tags included); empty when not given. */
      offsetTable: Fragments['offsetTable'];
      /** `start` counts as the offset table does. */
      fragments: Fragments['list'];
      /** False when the file ends within a fragment. */
      complete: boolean;
    };

export interface Part10File {
  transferSyntaxUid: string;
  littleEndian: boolean;
  /** Standard attributes by keyword, without pixel data and large binary values. */
  dataset: Dataset;
  pixelData: PixelDataLocation | null;
  /** Tag at which the file ended too early, or null. */
  truncatedAt: string | null;
  /** Why nothing was read behind `truncatedAt`; null when all was read. */
  stop: Stop | null;
  /** Text that could not be read whole. */
  textProblems: string[];
  /** Every element, also private elements, for those who need more than `dataset`. */
  elements: ElementSet;
  meta: ElementSet;
  /** The file, inflated where its dataset was deflated. */
  bytes: Uint8Array;
  /** Where the data set starts in `bytes`; 0 in a file without preamble and meta information. */
  datasetOffset: number;
  hasPreamble: boolean;
}

/** The bytes are no DICOM file. */
export class NotDicomError extends Error {
  override readonly name = 'NotDicomError';
}

const EXPLICIT = { littleEndian: true, explicit: true };

/**
 * Reads a DICOM file (PS3.10), with or without preamble, without copying its pixel data. Files that
 * were cut off or damaged are read as far as they go.
 *
 * @throws NotDicomError
 */
export function readPart10(buffer: ArrayBuffer): Part10File {
  const bytes = new Uint8Array(buffer);
  const hasPreamble = hasMagic(bytes);
  const start = hasPreamble ? 132 : 0;
  let syntax = hasPreamble ? EXPLICIT_LITTLE_ENDIAN : guessSyntax(bytes);
  let meta: ElementSet = { ...readElements(bytes, 0, EXPLICIT, 'none') };
  let datasetOffset = start;
  let stop: Stop | null = null;
  if (hasPreamble || bytes[0] === 2) {
    const read = readElements(bytes, start, EXPLICIT, '0002');
    meta = read;
    stop = read.stop;
    datasetOffset = read.offset;
    syntax = textOf(meta, bytes, '00020010') || syntax;
  }
  if (syntax === DEFLATED_LITTLE_ENDIAN && stop === null) {
    const inflated = inflateDataset(bytes, datasetOffset);
    if (typeof inflated === 'string') throw new NotDicomError(inflated);
    return readDataset(inflated, { syntax, meta, datasetOffset, hasPreamble, stop });
  }
  return readDataset(bytes, { syntax, meta, datasetOffset, hasPreamble, stop });
}

interface Preamble {
  syntax: string;
  meta: ElementSet;
  datasetOffset: number;
  hasPreamble: boolean;
  stop: Stop | null;
}

function readDataset(bytes: Uint8Array, before: Preamble): Part10File {
  const { syntax, datasetOffset } = before;
  const littleEndian = syntax !== EXPLICIT_BIG_ENDIAN;
  const explicit = isExplicit(bytes, datasetOffset, syntax);
  const read = readElements(bytes, datasetOffset, { littleEndian, explicit });
  const { dataset, textProblems } = naturalise(read, bytes);
  const pixels = read.elements.get(PIXEL_DATA);
  const pixelData = pixels ? locate(pixels, bytes) : null;
  const stop = before.stop ?? read.stop ?? cutPixels(pixelData);
  return {
    transferSyntaxUid: syntax,
    littleEndian,
    dataset,
    pixelData,
    truncatedAt: stop?.tag ?? null,
    stop,
    textProblems,
    elements: read,
    meta: before.meta,
    bytes,
    datasetOffset,
    hasPreamble: before.hasPreamble,
  };
}

function locate(element: DataElement, bytes: Uint8Array): PixelDataLocation {
  const { fragments, offset, length } = element;
  if (fragments) {
    const { offsetTable, list, complete } = fragments;
    return { encapsulated: true, offsetTable, fragments: list, complete };
  }
  return {
    encapsulated: false,
    offset,
    length,
    available: Math.max(0, Math.min(length, bytes.length - offset)),
  };
}

function cutPixels(location: PixelDataLocation | null): Stop | null {
  if (!location) return null;
  const whole = location.encapsulated ? location.complete : location.available === location.length;
  return whole ? null : { tag: PIXEL_DATA, kind: 'cut', reason: 'the file ends within its value' };
}

function hasMagic(bytes: Uint8Array): boolean {
  return bytes.length >= 132 && String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
}

function textOf(set: ElementSet, bytes: Uint8Array, tag: string): string {
  const element = set.elements.get(tag);
  const value = element ? readValue(element, set, bytes).values[0] : undefined;
  return typeof value === 'string' ? value : '';
}

/** Files without preamble start with a group 0002 or 0008 element; anything else is not DICOM. */
function guessSyntax(bytes: Uint8Array): string {
  const isExplicitVr = isKnownVr(String.fromCharCode(bytes[4]!, bytes[5]!));
  if (bytes.length >= 16 && bytes[0] === 0 && bytes[1] === 8 && isExplicitVr) {
    return EXPLICIT_BIG_ENDIAN;
  }
  const group = bytes[0]! | (bytes[1]! << 8);
  const element = bytes[2]! | (bytes[3]! << 8);
  if (bytes.length < 16 || (group !== 8 && group !== 2) || element > 0x70) {
    throw new NotDicomError(kindOf(bytes));
  }
  if (isExplicitVr) return EXPLICIT_LITTLE_ENDIAN;
  const length = bytes[4]! | (bytes[5]! << 8) | (bytes[6]! << 16);
  if (length > 256 || bytes[7] !== 0) throw new NotDicomError(kindOf(bytes));
  return IMPLICIT_LITTLE_ENDIAN;
}

/** First bytes of archives that are not unpacked here (zip files are, but not one within another), or of their 258th. */
const ARCHIVES: readonly [kind: string, at: number, magic: string][] = [
  ['zip', 0, 'PK\u0003\u0004'],
  ['tar', 257, 'ustar'],
  ['7z', 0, '7z\u00bc\u00af'],
  ['rar', 0, 'Rar!'],
];

/** Images in an archive are not read: someone has to be told. */
function kindOf(bytes: Uint8Array): string {
  const archive = ARCHIVES.find(
    ([, at, magic]) => String.fromCharCode(...bytes.subarray(at, at + magic.length)) === magic
  );
  return archive
    ? `it is a ${archive[0]} archive, which has to be unpacked first`
    : 'not a DICOM file';
}

/** By the label, unless the first element can only be read the other way. */
function isExplicit(bytes: Uint8Array, at: number, syntax: string): boolean {
  const stated = syntax !== IMPLICIT_LITTLE_ENDIAN;
  if (syntax === EXPLICIT_BIG_ENDIAN || at + 8 > bytes.length) return stated;
  const headers = new HeaderReader(bytes);
  const among = { end: bytes.length, delimited: false, outermost: true };
  const fits = (explicit: boolean): boolean =>
    headers.isWellPlaced(at, { ...among, encoding: { littleEndian: true, explicit } });
  return fits(stated) || !fits(!stated) ? stated : !stated;
}
