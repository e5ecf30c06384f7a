import { UnreadableValue } from './elementValue';
import type { Dataset } from './values';

/** Left out: pixels, and what is large and says nothing about patient, study or series. */
const LEFT_OUT = new Set([
  'PixelData',
  'FloatPixelData',
  'DoubleFloatPixelData',
  'PerFrameFunctionalGroupsSequence',
  'IconImageSequence',
  'DataSetTrailingPadding',
  'ReferencedImageEvidenceSequence',
  'SourceImageEvidenceSequence',
]);
/** Binary values above this many bytes are left out. */
const MAX_BINARY = 4096;

/**
 * Standard attributes of a naturalised dataset as plain data that a worker can receive: no proxies,
 * accessors or functions, no pixel data, no per-frame groups, no private elements.
 */
export function plainAttributes(dataset: Dataset): Dataset {
  const plain: Dataset = {};
  for (const keyword of Object.keys(dataset)) {
    if (LEFT_OUT.has(keyword) || !/^[A-Z][A-Za-z0-9]+$/.test(keyword)) continue;
    // Private and unknown tags keep their number as a name.
    if (/^[0-9A-F]{8}$/i.test(keyword)) continue;
    const value = plainValue(dataset[keyword]);
    if (value !== undefined) plain[keyword] = value;
  }
  return plain;
}

function plainValue(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value;
  if (value instanceof UnreadableValue) return undefined;
  if (value instanceof String || value instanceof Number) return value.valueOf();
  if (value instanceof ArrayBuffer) {
    return value.byteLength > MAX_BINARY ? undefined : value.slice(0);
  }
  if (ArrayBuffer.isView(value)) {
    if (value.byteLength > MAX_BINARY) return undefined;
    return value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength);
  }
  if (Array.isArray(value)) {
    const items = Array.from(value, plainValue).filter((item) => item !== undefined);
    return items.length === 0 && value.length > 0 ? undefined : items;
  }
  if (typeof value === 'object') {
    const source = value as Dataset;
    // Bulk data references and tag objects of hosts have functions among their members.
    const plain: Dataset = {};
    for (const key of Object.keys(source)) {
      const member = LEFT_OUT.has(key) ? undefined : plainValue(source[key]);
      if (member !== undefined) plain[key] = member;
    }
    return plain;
  }
  return undefined;
}
