/** Bytes of elements as a test spells them out, faults included. */
export type Bytes = number[];

const LONG = new Set('OB OW SQ UN UT UC'.split(' '));
const le = (value: number, count: number): Bytes =>
  Array.from({ length: count }, (_, n) => Math.floor(value / 2 ** (8 * n)) % 256);

export function text(value: string): Bytes {
  return Array.from(value, (char) => char.charCodeAt(0));
}

/** Tag as eight digits. */
export function tagBytes(tag: string): Bytes {
  return [...le(parseInt(tag.slice(0, 4), 16), 2), ...le(parseInt(tag.slice(4), 16), 2)];
}

/** An element in Explicit VR Little Endian; `length` overrides the true one. */
export function element(tag: string, vr: string, value: string | Bytes, length?: number): Bytes {
  const plain = typeof value === 'string' ? text(value) : value;
  const padded = typeof value === 'string' && plain.length % 2 ? [...plain, 0x20] : plain;
  const stated = length ?? padded.length;
  const header = LONG.has(vr) ? [0, 0, ...le(stated, 4)] : le(stated, 2);
  return [...tagBytes(tag), ...text(vr), ...header, ...padded];
}

/** An element without VR, as implicit syntaxes and sequences stored as UN have it. */
export function implicit(tag: string, value: string | Bytes): Bytes {
  const plain = typeof value === 'string' ? text(value) : value;
  return [...tagBytes(tag), ...le(plain.length, 4), ...plain];
}

/** A sequence item of stated length. */
export function item(...elements: Bytes[]): Bytes {
  const content = elements.flat();
  return [...tagBytes('FFFEE000'), ...le(content.length, 4), ...content];
}

export const US = (value: number): Bytes => le(value, 2);

const HEADER: [string, string, string | Bytes][] = [
  ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.4\0'],
  ['00080018', 'UI', '2.25.31'],
  ['00080060', 'CS', 'MR'],
  ['0008103E', 'LO', 'MRC'],
  ['0020000D', 'UI', '2.25.11'],
  ['0020000E', 'UI', '2.25.21'],
  ['00200011', 'IS', '7'],
  ['00200013', 'IS', '3'],
  ['00200032', 'DS', '1\\-2.5\\3'],
  ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
  ['00280002', 'US', US(1)],
  ['00280010', 'US', US(2)],
  ['00280011', 'US', US(3)],
  ['00280030', 'DS', '0.5\\0.75'],
  ['00280100', 'US', US(16)],
  ['00280101', 'US', US(12)],
  ['00280102', 'US', US(11)],
  ['00280103', 'US', US(0)],
  ['00281052', 'DS', '-1'],
  ['00281053', 'DS', '2'],
  ['7FE00010', 'OW', [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]],
];

/** A 2 × 3 MR image of values 1 to 6, slope 2 and intercept −1, with elements put in or replaced. */
export function mrImage(changes: Record<string, Bytes | null> = {}): ArrayBuffer {
  const elements = new Map(HEADER.map(([tag, vr, value]) => [tag, element(tag, vr, value)]));
  for (const [tag, bytes] of Object.entries(changes)) {
    if (bytes) elements.set(tag, bytes);
    else elements.delete(tag);
  }
  const body = [...elements].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, bytes]) => bytes);
  const meta = [
    ...element('00020002', 'UI', '1.2.840.10008.5.1.4.1.1.4\0'),
    ...element('00020010', 'UI', '1.2.840.10008.1.2.1\0'),
  ];
  return Uint8Array.from([...new Array<number>(128).fill(0), ...text('DICM'), ...meta, ...body])
    .buffer;
}
