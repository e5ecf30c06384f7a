import type { DicomDataset, DicomElement } from 'dcmjs';

/** An element of the DICOM JSON model (PS3.18 annex F). */
export interface JsonElement {
  vr: string;
  Value?: unknown[];
  InlineBinary?: string;
  BulkDataURI?: string;
}
/** Tag (eight hexadecimal digits, upper case) to element. */
export type DicomJson = Record<string, JsonElement>;

export const PIXEL_DATA = '7FE00010';
/** Longer binary values are referred to by address instead of being put into the metadata. */
export const LARGEST_INLINE_BINARY = 1024;

const BINARY = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const NUMERIC = new Set(['DS', 'FD', 'FL', 'IS', 'SL', 'SS', 'SV', 'UL', 'US', 'UV']);

/**
 * The DICOM JSON model of a data set that dcmjs read. Private elements are kept. A long binary
 * value, and pixel data always, becomes `BulkDataURI`: its path inside the data set, such as
 * `7FE00010` or `00081140/0/00091010`, which a route can resolve with `findBulkData`.
 */
export function toDicomJson(dataset: DicomDataset, path = ''): DicomJson {
  const json: DicomJson = {};
  for (const tag of Object.keys(dataset).sort()) {
    // Group lengths say nothing in JSON.
    if (!/^[0-9A-F]{8}$/.test(tag) || tag.endsWith('0000')) continue;
    const element = dataset[tag];
    if (!element) continue;
    json[tag] = toJsonElement(element, tag, path + tag);
  }
  return json;
}

function toJsonElement(element: DicomElement, tag: string, path: string): JsonElement {
  const vr = normalizedVr(element.vr);
  const values = element.Value ?? [];
  if (vr === 'SQ') {
    return withValues(
      vr,
      values.map((item, index) => toDicomJson(item as DicomDataset, `${path}/${index}/`))
    );
  }
  if (tag === PIXEL_DATA) return { vr, BulkDataURI: path };
  if (BINARY.has(vr)) {
    const bytes = joinBinary(values);
    if (bytes.length === 0) return { vr };
    return bytes.length > LARGEST_INLINE_BINARY
      ? { vr, BulkDataURI: path }
      : { vr, InlineBinary: bytes.toString('base64') };
  }
  if (vr === 'PN') return withValues(vr, values.map(personName));
  if (vr === 'AT') return withValues(vr, values.map(attributeTag));
  if (NUMERIC.has(vr)) return withValues(vr, values.map(numeric));
  return withValues(
    vr,
    values.map((value) => (value === '' || value === undefined ? null : String(value)))
  );
}

/** dcmjs says "ox" or "xs" where an implicit transfer syntax leaves the choice open. */
function normalizedVr(vr: string): string {
  if (vr === 'ox' || vr === 'OX') return 'OW';
  if (vr === 'xs' || vr === 'XS') return 'US';
  return vr;
}

function withValues(vr: string, values: unknown[]): JsonElement {
  return values.every((value) => value === null) ? { vr } : { vr, Value: values };
}

function personName(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? null : { Alphabetic: value };
  if (typeof value !== 'object' || value === null) return null;
  const name = value as Record<string, unknown>;
  const groups: Record<string, unknown> = {};
  for (const group of ['Alphabetic', 'Ideographic', 'Phonetic']) {
    if (typeof name[group] === 'string' && name[group] !== '') groups[group] = name[group];
  }
  return Object.keys(groups).length > 0 ? groups : null;
}

function attributeTag(value: unknown): unknown {
  const tag = typeof value === 'number' ? value.toString(16) : String(value);
  return tag.padStart(8, '0').toUpperCase();
}

function numeric(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  const number = typeof value === 'number' ? value : Number.parseFloat(String(value));
  return Number.isFinite(number) ? number : null;
}

/** Binary values as dcmjs hands them over (ArrayBuffers, typed arrays, or nothing) in one buffer. */
export function joinBinary(values: unknown[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => {
      if (value instanceof ArrayBuffer) return [Buffer.from(value)];
      if (ArrayBuffer.isView(value)) {
        return [Buffer.from(value.buffer, value.byteOffset, value.byteLength)];
      }
      return [];
    })
  );
}

/** The bytes at a path that `toDicomJson` wrote, or null where there is nothing binary. */
export function findBulkData(dataset: DicomDataset, path: string): Buffer | null {
  const steps = path.split('/');
  let current: DicomDataset | undefined = dataset;
  for (let i = 0; i + 2 < steps.length; i += 2) {
    const items: unknown[] | undefined = current?.[steps[i] ?? '']?.Value;
    current = items?.[Number(steps[i + 1])] as DicomDataset | undefined;
  }
  const element = current?.[steps.at(-1) ?? ''];
  if (!element || !(BINARY.has(normalizedVr(element.vr)) || steps.at(-1) === PIXEL_DATA))
    return null;
  return joinBinary(element.Value ?? []);
}

/** Copies with each relative `BulkDataURI` made absolute under `base` (no slash at its end). */
export function withBulkDataBase(json: DicomJson, base: string): DicomJson {
  const result: DicomJson = {};
  for (const [tag, element] of Object.entries(json)) {
    if (element.BulkDataURI !== undefined) {
      result[tag] = { ...element, BulkDataURI: `${base}/bulkdata/${element.BulkDataURI}` };
    } else if (element.vr === 'SQ' && element.Value) {
      const items = element.Value.map((item) => withBulkDataBase(item as DicomJson, base));
      result[tag] = { ...element, Value: items };
    } else {
      result[tag] = element;
    }
  }
  return result;
}

/** The first value as text; empty when there is none. */
export function textOf(json: DicomJson, tag: string): string {
  const value = json[tag]?.Value?.[0];
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return String((value as Record<string, unknown>).Alphabetic ?? '');
  return String(value);
}
