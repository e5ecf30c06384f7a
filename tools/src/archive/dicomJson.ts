import {
  isBinary,
  readValue,
  resolvedVr,
  UnreadableValue,
  type DataElement,
  type ElementSet,
  type ElementValue,
} from '@inner-ear-hydrops/core/dicom';

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
const MAX_INLINE_BINARY = 1024;

const SPECIFIC_CHARACTER_SET = '00080005';

/** Where elements lie: the file's bytes, with the data set inflated. */
export interface InstanceElements {
  elements: ElementSet;
  bytes: Uint8Array;
}

/**
 * The DICOM JSON model of a data set. Private elements are kept; text is Unicode, whatever it was in
 * the file (PS3.18 F.1.1). A long binary value, and pixel data always, becomes `BulkDataURI`: its
 * path inside the data set, such as `7FE00010` or `00081140/0/00091010`, which a route can resolve
 * with `findBulkData`. A value that cannot be read by its VR is left empty.
 */
export function toDicomJson({ elements, bytes }: InstanceElements, path = ''): DicomJson {
  const json: DicomJson = {};
  for (const tag of [...elements.elements.keys()].sort()) {
    // Group lengths say nothing in JSON.
    if (tag.endsWith('0000')) continue;
    const element = elements.elements.get(tag)!;
    json[tag] = toJsonElement(element, elements, bytes, path + tag);
  }
  return json;
}

function toJsonElement(
  element: DataElement,
  set: ElementSet,
  bytes: Uint8Array,
  path: string
): JsonElement {
  const vr = resolvedVr(element, set, bytes);
  if (element.items) {
    const items = element.items.map((item, index) =>
      toDicomJson({ elements: item, bytes }, `${path}/${index}/`)
    );
    return withValues('SQ', items);
  }
  if (element.tag === PIXEL_DATA || element.fragments) return { vr, BulkDataURI: path };
  if (isBinary(vr)) {
    const value = bytesOf(element, set, bytes);
    if (value.length === 0) return { vr };
    return value.length > MAX_INLINE_BINARY
      ? { vr, BulkDataURI: path }
      : { vr, InlineBinary: value.toString('base64') };
  }
  if (element.tag === SPECIFIC_CHARACTER_SET) return { vr, Value: ['ISO_IR 192'] };
  return withValues(vr, readValue(element, set, bytes).values.map(jsonValue));
}

function withValues(vr: string, values: unknown[]): JsonElement {
  return values.every((value) => value === null) ? { vr } : { vr, Value: values };
}

function jsonValue(value: ElementValue): unknown {
  if (value === '' || value instanceof UnreadableValue) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  const groups = Object.entries(value).filter(([, text]) => text !== '');
  return groups.length > 0 ? Object.fromEntries(groups) : null;
}

/** The bytes of a value, little endian (PS3.18 wants its bulk data so); fragments joined. */
function bytesOf(element: DataElement, set: ElementSet, bytes: Uint8Array): Buffer {
  if (element.fragments) {
    return Buffer.concat(
      element.fragments.list.map(({ offset, length }) => bytes.subarray(offset, offset + length))
    );
  }
  const value = Buffer.from(bytes.subarray(element.offset, element.offset + element.length));
  if (set.encoding.littleEndian) return value;
  const size = element.tag === PIXEL_DATA ? bitsAllocated(set, bytes) / 8 : WORDS[element.vr];
  if (size === 2 && value.length % 2 === 0) value.swap16();
  else if (size === 4 && value.length % 4 === 0) value.swap32();
  else if (size === 8 && value.length % 8 === 0) value.swap64();
  return value;
}

const WORDS: Record<string, number> = { OW: 2, OF: 4, OL: 4, OD: 8, OV: 8 };

function bitsAllocated(set: ElementSet, bytes: Uint8Array): number {
  const element = set.elements.get('00280100');
  return element ? Number(readValue(element, set, bytes).values[0]) : 16;
}

/** The bytes at a path that `toDicomJson` wrote, or null where there is nothing binary. */
export function findBulkData({ elements, bytes }: InstanceElements, path: string): Buffer | null {
  const steps = path.split('/');
  let current: ElementSet | undefined = elements;
  for (let i = 0; i + 2 < steps.length; i += 2) {
    current = current?.elements.get(steps[i] ?? '')?.items?.[Number(steps[i + 1])];
  }
  const element = current?.elements.get(steps.at(-1) ?? '');
  if (!current || !element || element.items) return null;
  const isBulk = isBinary(element.vr) || element.fragments || element.tag === PIXEL_DATA;
  return isBulk ? bytesOf(element, current, bytes) : null;
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
