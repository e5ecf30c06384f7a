import { RefusedInputError, type SeriesHeader } from '../../types';
import { tagOfKeyword } from './dictionary';
import { parseNumber, UnreadableValue } from './elementValue';

/**
 * Tolerant access to naturalised DICOM datasets (keyword → value). Readers and hosts differ: numbers
 * may be strings, a single value may stand alone or in an array, a sequence may be one item. Absent
 * stays absent; what is there and cannot be read is refused, not taken for absent.
 */
export type Dataset = Record<string, unknown>;

/** All values of an attribute; an absent or empty attribute gives an empty list. */
export function valuesOf(dataset: Dataset, keyword: string): unknown[] {
  const value = dataset[keyword];
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>);
  }
  if (typeof value === 'string' && value.includes('\\')) return value.split('\\');
  return [value];
}

/**
 * All values as numbers; empty values are left out.
 *
 * @param instance the data set of the instance, where `dataset` is an item of it: messages name it
 * @throws RefusedInputError `value-unreadable` where a value is there but is no number
 */
export function numbersOf(dataset: Dataset, keyword: string, instance = dataset): number[] {
  return valuesOf(dataset, keyword).flatMap((value) => {
    if (value === null || value === undefined || isBlank(value)) return [];
    const number = typeof value === 'string' ? parseNumber(value) : Number(value);
    if (number === null || !Number.isFinite(number)) throw unreadable(dataset, keyword, instance);
    return [number];
  });
}

/**
 * The value as a number, or null where there is none.
 *
 * @throws RefusedInputError `value-unreadable` as `numbersOf`
 */
export function numberOf(dataset: Dataset, keyword: string, instance = dataset): number | null {
  return numbersOf(dataset, keyword, instance)[0] ?? null;
}

/** As `numberOf`, where several values would leave open which value holds. */
export function oneNumberOf(dataset: Dataset, keyword: string, instance = dataset): number | null {
  const numbers = numbersOf(dataset, keyword, instance);
  if (numbers.length > 1) throw unreadable(dataset, keyword, instance, 'a single number');
  return numbers[0] ?? null;
}

/** As `numberOf` for values that are good to know but not needed: null where they are unreadable. */
export function numberOrNull(dataset: Dataset, keyword: string): number | null {
  return ifReadable(() => numberOf(dataset, keyword), null);
}

/** What `read` gives, or `otherwise` where it meets a value that cannot be read. */
export function ifReadable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RefusedInputError && UNREADABLE.has(error.code)) return otherwise;
    throw error;
  }
}

const UNREADABLE = new Set(['value-unreadable', 'real-world-values-unsupported']);

/** Whether stored values are indices of a colour table (PS3.3 C.7.6.3.1.2), and no signal. */
export function hasPalette(dataset: Dataset): boolean {
  return stringOf(dataset, 'PhotometricInterpretation').toUpperCase() === 'PALETTE COLOR';
}

/** By what messages name the series of an instance. */
export function seriesNames(
  dataset: Dataset
): Pick<SeriesHeader, 'seriesNumber' | 'seriesDescription' | 'seriesInstanceUid'> {
  return {
    seriesNumber: numberOrNull(dataset, 'SeriesNumber'),
    seriesDescription: stringOf(dataset, 'SeriesDescription'),
    seriesInstanceUid: stringOf(dataset, 'SeriesInstanceUID'),
  };
}

/** `image 12`, by its SOP Instance UID where it has no number. */
export function imageNameOf(dataset: Dataset): string {
  return `image ${stringOf(dataset, 'InstanceNumber') || stringOf(dataset, 'SOPInstanceUID')}`;
}

/** The refusal of a value that is there but cannot be read as what it should be. */
export function unreadable(
  dataset: Dataset,
  keyword: string,
  instance: Dataset,
  wanted = 'a number'
): RefusedInputError {
  const values = valuesOf(dataset, keyword);
  const doubtful = values.find((value) => value instanceof UnreadableValue);
  const value = doubtful ? doubtful.shown : values.map((one) => String(one ?? '')).join('\\');
  const tag = tagOfKeyword(keyword) ?? '';
  const name = keyword.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').replace(/ Patient$/, ' (Patient)');
  const number = stringOf(instance, 'SeriesNumber');
  const series = stringOf(instance, 'SeriesInstanceUID');
  const sopInstanceUid = stringOf(instance, 'SOPInstanceUID');
  return new RefusedInputError(
    'value-unreadable',
    `Series${number && ` ${number}`} "${stringOf(instance, 'SeriesDescription') || series}": ${name} ${tag} of image ` +
      `${stringOf(instance, 'InstanceNumber') || sopInstanceUid} is "${value}", which is not ${wanted}` +
      `${doubtful ? ` (${doubtful.reason})` : ''}.`,
    'Export the series again, or have the value corrected at its source.',
    { series, sopInstanceUid, keyword, tag, value }
  );
}

/** All values as trimmed strings. */
export function stringsOf(dataset: Dataset, keyword: string): string[] {
  return valuesOf(dataset, keyword)
    .filter((value) => !(value instanceof UnreadableValue))
    .map((value) => trim(value));
}

/** The first value as a trimmed string, or an empty string. */
export function stringOf(dataset: Dataset, keyword: string): string {
  return stringsOf(dataset, keyword)[0] ?? '';
}

/**
 * The items of a sequence.
 *
 * @throws RefusedInputError `value-unreadable` where the sequence is there but damaged
 */
export function itemsOf(dataset: Dataset, keyword: string, instance = dataset): Dataset[] {
  const values = valuesOf(dataset, keyword);
  if (values.some((value) => value instanceof UnreadableValue)) {
    throw unreadable(dataset, keyword, instance, 'a sequence of items');
  }
  return values.filter((item): item is Dataset => typeof item === 'object' && item !== null);
}

/** The first item of a sequence, or an empty dataset. */
export function itemOf(dataset: Dataset, keyword: string, instance = dataset): Dataset {
  return itemsOf(dataset, keyword, instance)[0] ?? {};
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && trim(value) === '';
}

function trim(value: unknown): string {
  // DICOM pads with spaces, UIDs with a null byte.
  return value === null || value === undefined ? '' : String(value).replace(/\0+$/, '').trim();
}
