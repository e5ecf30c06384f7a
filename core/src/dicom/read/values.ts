/**
 * Tolerant access to naturalised DICOM datasets (keyword → value). Readers and hosts differ: numbers
 * may be strings, a single value may stand alone or in an array, a sequence may be one item.
 */
export type Dataset = Record<string, unknown>;

/** All values of an attribute; an absent or empty one gives an empty list. */
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

/** All values as numbers; values that are not numbers are left out. */
export function numbersOf(dataset: Dataset, keyword: string): number[] {
  return valuesOf(dataset, keyword)
    .map((value) => (typeof value === 'string' ? parseNumber(value) : Number(value)))
    .filter((value) => Number.isFinite(value));
}

/** The first value as a number, or null. */
export function numberOf(dataset: Dataset, keyword: string): number | null {
  return numbersOf(dataset, keyword)[0] ?? null;
}

/** All values as trimmed strings. */
export function stringsOf(dataset: Dataset, keyword: string): string[] {
  return valuesOf(dataset, keyword).map((value) => trim(value));
}

/** The first value as a trimmed string, or an empty string. */
export function stringOf(dataset: Dataset, keyword: string): string {
  return stringsOf(dataset, keyword)[0] ?? '';
}

/** The items of a sequence. */
export function itemsOf(dataset: Dataset, keyword: string): Dataset[] {
  return valuesOf(dataset, keyword).filter(
    (item): item is Dataset => typeof item === 'object' && item !== null
  );
}

/** The first item of a sequence, or an empty dataset. */
export function itemOf(dataset: Dataset, keyword: string): Dataset {
  return itemsOf(dataset, keyword)[0] ?? {};
}

function parseNumber(text: string): number {
  const trimmed = trim(text);
  return trimmed === '' ? NaN : Number(trimmed);
}

function trim(value: unknown): string {
  // DICOM pads with spaces, UIDs with a null byte.
  return String(value).replace(/\0+$/, '').trim();
}
