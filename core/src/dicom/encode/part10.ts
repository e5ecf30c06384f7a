import dcmjs from 'dcmjs';
import type { DicomDataset, DicomElement, NaturalizedDataset } from 'dcmjs';
import { PATIENT_AND_STUDY, REQUEST } from './patientContext';

/** A DICOM object ready to be stored or downloaded. */
export interface EncodedObject {
  sopClassUid: string;
  sopInstanceUid: string;
  seriesInstanceUid: string;
  /** For the summary of what will be stored. */
  description: string;
  /** Part 10 file, Explicit VR Little Endian. */
  file: ArrayBuffer;
  /** The same content by attribute names, without bulk pixel data. */
  dataset: NaturalizedDataset;
}

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** UID of this software; PS3.7 D.3.3.2 requires a fixed UID of the implementation. */
const IMPLEMENTATION_CLASS_UID = '2.25.148963217405186612908743651092837465113';
const IMPLEMENTATION_VERSION = 'IEHYDROPS_0_1';

/** What the study says of itself is repeated as it is, whatever its length. */
const COPIED_VERBATIM = new Set<string>([
  ...PATIENT_AND_STUDY,
  REQUEST,
  'ReferencedRequestSequence',
]);

/** Longest value in characters (PS3.5 6.2) of the text VRs that we write. */
const MAX_LENGTH: Record<string, number> = {
  AE: 16,
  CS: 16,
  DA: 8,
  DS: 16,
  DT: 26,
  IS: 12,
  LO: 64,
  LT: 10240,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
};
const BINARY = new Set(['OB', 'OW', 'UN', 'OF', 'OD', 'OL', 'OV']);
const BINARY_NUMBER = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'AT']);

/**
 * A number as Decimal String: the shortest text of at most 16 characters that is nearest to it.
 * dcmjs cuts longer numbers off instead, which loses the exponent of small ones.
 *
 * @throws RangeError for NaN and infinities, which DS cannot hold
 */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a Decimal String value.`);
  if (value === 0) return '0';
  const plain = String(value);
  if (plain.length <= 16) return plain;
  for (let digits = 15; digits > 0; digits--) {
    const candidates = [String(Number(value.toPrecision(digits))), value.toExponential(digits - 1)];
    const short = candidates.filter((text) => text.length <= 16 && Number.isFinite(Number(text)));
    if (short.length > 0) return short[0]!;
  }
  throw new RangeError(`${value} cannot be written as a Decimal String.`);
}

/** A person's name from dcmjs' or a host's forms ("A^B", {Alphabetic: "A^B"}, one-item arrays). */
export function personName(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  const first = Array.isArray(value) ? (value[0] as unknown) : value;
  if (typeof first === 'string') return first;
  const parts = (first ?? {}) as { Alphabetic?: string; Ideographic?: string; Phonetic?: string };
  return [parts.Alphabetic, parts.Ideographic, parts.Phonetic]
    .map((part) => part ?? '')
    .join('=')
    .replace(/=+$/, '');
}

/** Also for a buffer of another realm (frame, worker, test sandbox), which instanceof denies. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

/** The keywords of dcmjs' dictionary that are ambiguous there, with the VR that we write. */
const VR_BY_KEYWORD: Record<string, string> = {
  PixelData: 'OW',
  SmallestImagePixelValue: 'SS',
  LargestImagePixelValue: 'SS',
  PixelPaddingValue: 'SS',
};

function elementValue(vr: string, keyword: string, value: unknown): unknown {
  if (BINARY.has(vr)) {
    if (!isArrayBuffer(value)) throw new TypeError(`${keyword} must be an ArrayBuffer.`);
    return value;
  }
  if (vr === 'PN') return readable(personName(value));
  if (vr === 'DS') return typeof value === 'number' ? decimalString(value) : String(value);
  if (vr === 'IS') {
    if (typeof value === 'number' && !Number.isInteger(value))
      throw new RangeError(`${keyword} must be an integer, not ${value}.`);
    return String(value);
  }
  if (BINARY_NUMBER.has(vr)) {
    if (typeof value !== 'number' || Number.isNaN(value))
      throw new TypeError(`${keyword} must be a number.`);
    return value;
  }
  return readable(String(value));
}

/**
 * Text as any reader shows it: where the source's characters could not be read (U+FFFD), a question mark stands, which
 * is also what a query takes for any one character (PS3.4 C.2.2.2.4). The reader is told with `text-unreadable`.
 */
function readable(text: string): string {
  return text.replaceAll('\uFFFD', '?');
}

/**
 * Tags and explicit VRs from a dataset by attribute names; sequences are arrays of datasets, null
 * is an empty value and undefined leaves the attribute out.
 *
 * @throws RangeError for an unknown attribute name, or a value that its VR cannot hold: nothing is
 * dropped or cut off in silence
 */
function denaturalize(
  dataset: NaturalizedDataset,
  vrByKeyword: Record<string, string> = VR_BY_KEYWORD,
  isVerbatim = false
): DicomDataset {
  const result: DicomDataset = {};
  for (const [keyword, value] of Object.entries(dataset)) {
    if (value === undefined) continue;
    const entry = dcmjs.data.DicomMetaDictionary.nameMap[keyword];
    if (!entry) throw new RangeError(`${keyword} is not a DICOM attribute.`);
    const vr = vrByKeyword[keyword] ?? (entry.vr === 'xs' ? 'US' : entry.vr);
    const tag = entry.tag.replace(/[(),]/g, '');
    const verbatim = isVerbatim || COPIED_VERBATIM.has(keyword);
    result[tag] = { vr, Value: elementValues(vr, keyword, value, vrByKeyword, verbatim) };
  }
  return result;
}

function elementValues(
  vr: string,
  keyword: string,
  value: unknown,
  vrByKeyword: Record<string, string>,
  isVerbatim: boolean
): unknown[] {
  if (value === null) return [];
  const list = Array.isArray(value) ? [...(value as unknown[])] : [value];
  if (vr === 'SQ')
    return list.map((item) => denaturalize(item as NaturalizedDataset, vrByKeyword, isVerbatim));
  const values = list.map((item) => elementValue(vr, keyword, item));
  const limit = isVerbatim ? undefined : MAX_LENGTH[vr];
  for (const text of values) {
    if (limit !== undefined && typeof text === 'string' && text.length > limit)
      throw new RangeError(`${keyword} can hold at most ${limit} characters: "${text}".`);
  }
  return values;
}

/** One private block: a creator and its elements by offset (PS3.5 7.8.1). */
export interface PrivateBlock {
  creator: string;
  /** Odd group number. */
  group: number;
  elements: Record<number, DicomElement>;
}

const hex = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0');

/**
 * A Part 10 file (PS3.10) in Explicit VR Little Endian; texts are written as UTF-8 (ISO_IR 192).
 *
 * @param dataset by attribute names; must hold SOPClassUID, SOPInstanceUID and SeriesInstanceUID
 * @param options.privateBlock elements of our own; options.pixelVr VR of PixelData (OW)
 * @throws RangeError as `denaturalize` does
 */
export function encodePart10(
  dataset: NaturalizedDataset,
  description: string,
  options: { privateBlock?: PrivateBlock; pixelVr?: 'OB' | 'OW' } = {}
): EncodedObject {
  const sopClassUid = String(dataset.SOPClassUID);
  const sopInstanceUid = String(dataset.SOPInstanceUID);
  const meta: DicomDataset = {
    '00020001': { vr: 'OB', Value: [Uint8Array.of(0, 1).buffer] },
    '00020002': { vr: 'UI', Value: [sopClassUid] },
    '00020003': { vr: 'UI', Value: [sopInstanceUid] },
    '00020010': { vr: 'UI', Value: [EXPLICIT_VR_LITTLE_ENDIAN] },
    '00020012': { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] },
    '00020013': { vr: 'SH', Value: [IMPLEMENTATION_VERSION] },
  };
  const dict = new dcmjs.data.DicomDict(meta);
  dict.dict = denaturalize(
    { SpecificCharacterSet: 'ISO_IR 192', ...dataset },
    { ...VR_BY_KEYWORD, PixelData: options.pixelVr ?? 'OW' }
  );
  const block = options.privateBlock;
  if (block) {
    const group = hex(block.group, 4);
    dict.dict[`${group}0010`] = { vr: 'LO', Value: [block.creator] };
    for (const [offset, element] of Object.entries(block.elements))
      dict.dict[`${group}10${hex(Number(offset), 2)}`] = element;
  }
  const withoutPixels = { ...dataset };
  delete withoutPixels.PixelData;
  delete withoutPixels.FloatPixelData;
  return {
    sopClassUid,
    sopInstanceUid,
    seriesInstanceUid: String(dataset.SeriesInstanceUID),
    description,
    // Our own values are checked above; copied ones may be longer than the standard allows.
    file: dict.write({ allowInvalidVRLength: true }),
    dataset: withoutPixels,
  };
}
