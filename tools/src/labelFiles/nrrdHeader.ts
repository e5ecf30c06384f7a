import { perAxis, type PerAxis, type Vector3 } from '@inner-ear-hydrops/core';
import type { Lattice } from './labelImage';
import { orientationUnknown, unreadable } from './labelFileError';
import type { VoxelType } from './voxels';

export interface NrrdHeader extends Lattice {
  isLittleEndian: boolean;
  type: VoxelType;
  encoding: 'raw' | 'gzip' | 'ascii';
  /** Name of the file that holds the voxels; null where they follow the header. */
  dataFile: string | null;
  /** Lines and bytes of the voxels' file that are passed over; −1 bytes: the voxels are its end. */
  lineSkip: number;
  byteSkip: number;
  /** Samples of all axes in the order of the file, and which of the axes lie in space. */
  sizes: number[];
  spatial: PerAxis<number>;
  /** Number of layers (samples of the axis that is none of space). */
  layers: number;
  /** `key:=value`. */
  pairs: Map<string, string>;
  /** Bytes of the header with the empty line that ends it. */
  length: number;
}

/** A header longer than this is none. */
const MOST_BYTES = 1 << 20;

const TYPES: Readonly<Record<string, VoxelType>> = Object.fromEntries([
  ...named('int8', 'signed char', 'int8', 'int8_t'),
  ...named('uint8', 'uchar', 'unsigned char', 'uint8', 'uint8_t'),
  ...named('int16', 'short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'),
  ...named('uint16', 'ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'),
  ...named('int32', 'int', 'signed int', 'int32', 'int32_t'),
  ...named('uint32', 'uint', 'unsigned int', 'uint32', 'uint32_t'),
  ...named('int64', 'longlong', 'long long', 'long long int', 'signed long long'),
  ...named('int64', 'signed long long int', 'int64', 'int64_t'),
  ...named('uint64', 'ulonglong', 'unsigned long long', 'unsigned long long int'),
  ...named('uint64', 'uint64', 'uint64_t'),
  ...named('float32', 'float'),
  ...named('float64', 'double'),
]);

function named(type: VoxelType, ...names: string[]): [string, VoxelType][] {
  return names.map((name) => [name, type]);
}

const ENCODINGS: Readonly<Record<string, NrrdHeader['encoding']>> = {
  ...{ raw: 'raw', gzip: 'gzip', gz: 'gzip' },
  ...{ ascii: 'ascii', text: 'ascii', txt: 'ascii' },
};

/** Signs that turn the axes of a space into LPS. */
const SPACES: Readonly<Record<string, Vector3>> = {
  ...{ 'left-posterior-superior': [1, 1, 1], lps: [1, 1, 1] },
  ...{ 'right-anterior-superior': [-1, -1, 1], ras: [-1, -1, 1] },
  ...{ 'left-anterior-superior': [1, -1, 1], las: [1, -1, 1] },
};

/**
 * The header of a NRRD file, attached or detached (teem.sourceforge.net/nrrd/format.html).
 * @throws RefusedInputError `label-file-unreadable`, `label-orientation-unknown`
 */
export function readNrrdHeader(file: string, content: Buffer): NrrdHeader {
  const { lines, length } = linesOf(file, content);
  const fields = new Map<string, string>();
  const pairs = new Map<string, string>();
  for (const line of lines) {
    const found = /^([^:]+):(=|\s)(.*)$/.exec(line) ?? [];
    const [, key, sign, value] = found;
    if (key === undefined || value === undefined)
      throw unreadable(file, `its header has the line "${line.slice(0, 60)}"`);
    if (sign === '=') pairs.set(key, value.replace(/\\n/g, '\n'));
    else fields.set(key.trim().toLowerCase(), value.trim());
  }
  return { ...fieldsOf(file, fields), pairs, length };
}

function linesOf(file: string, content: Buffer): { lines: string[]; length: number } {
  const head = content.subarray(0, MOST_BYTES);
  if (!/^NRRD000[1-5]\r?\n/.test(head.subarray(0, 16).toString('latin1')))
    throw unreadable(file, 'it is no NRRD file of versions 1 to 5');
  const ends = ['\n\n', '\r\n\r\n'].map((mark) => ({ at: head.indexOf(mark), of: mark.length }));
  const [end] = ends.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at);
  // A detached header may end with the file.
  if (!end && content.length > MOST_BYTES) throw unreadable(file, 'its header does not end');
  const text = head.subarray(0, end?.at ?? head.length).toString('utf8');
  const [, ...lines] = text.split(/\r?\n/);
  return {
    lines: lines.filter((line) => line !== '' && !line.startsWith('#')),
    length: end ? end.at + end.of : head.length,
  };
}

function fieldsOf(
  file: string,
  fields: ReadonlyMap<string, string>
): Omit<NrrdHeader, 'pairs' | 'length'> {
  const of = (...keys: string[]) =>
    keys.map((key) => fields.get(key)).find((one) => one !== undefined);
  const type = TYPES[(of('type') ?? '').toLowerCase()];
  if (!type) throw unreadable(file, `its type "${of('type') ?? '(none)'}" is no number of a label`);
  const encoding = ENCODINGS[(of('encoding') ?? '').toLowerCase()];
  if (!encoding)
    throw unreadable(
      file,
      `its encoding "${of('encoding') ?? '(none)'}" is not read`,
      'Save it uncompressed, or with gzip.'
    );
  const sizes = words(of('sizes')).map(Number);
  if (sizes.length !== Number(of('dimension')) || sizes.length < 3 || sizes.length > 4)
    throw unreadable(
      file,
      `it has the sizes "${of('sizes') ?? ''}" of ${of('dimension') ?? '?'} dimensions`
    );
  if (words(of('kinds')).some((kind) => /color|matrix|complex|quaternion/i.test(kind)))
    throw unreadable(file, `its samples are of kind "${of('kinds') ?? ''}"`);
  const { spatial, ...places } = placesOf(file, of, sizes);
  const others = sizes.filter((_, axis) => !spatial.includes(axis));
  const isOneByte = type === 'uint8' || type === 'int8' || encoding === 'ascii';
  const endian = (of('endian') ?? '').toLowerCase();
  if (!isOneByte && endian !== 'little' && endian !== 'big')
    throw unreadable(file, 'it does not state the order of its bytes (endian)');
  return {
    ...places,
    ...{ type, encoding, sizes, spatial },
    size: perAxis((axis) => sizes[spatial[axis]] ?? 0),
    isLittleEndian: endian !== 'big',
    dataFile: of('data file', 'datafile') ?? null,
    lineSkip: Number(of('line skip', 'lineskip') ?? 0),
    byteSkip: Number(of('byte skip', 'byteskip') ?? 0),
    layers: others[0] ?? 1,
  };
}

function placesOf(
  file: string,
  of: (...keys: string[]) => string | undefined,
  sizes: readonly number[]
): Pick<NrrdHeader, 'origin' | 'steps' | 'spatial'> {
  const space = of('space');
  const signs = SPACES[(space ?? '').toLowerCase()];
  if (!signs)
    throw orientationUnknown(
      file,
      space ? `its space is "${space}"` : 'it names no space (left-posterior-superior or another)'
    );
  const vectors = [...(of('space directions') ?? '').matchAll(/none|\([^)]*\)/g)].map(([text]) =>
    text === 'none' ? null : vectorOf(text)
  );
  const spatial = vectors.flatMap((vector, axis) => (vector ? [axis] : []));
  const origin = vectorOf(of('space origin') ?? '');
  const [i, j, k] = spatial;
  const [u, v, w] = vectors.filter((vector) => vector !== null);
  if (vectors.length !== sizes.length || i === undefined || j === undefined || k === undefined)
    throw orientationUnknown(file, `its space directions are "${of('space directions') ?? ''}"`);
  if (!origin || !u || !v || !w || spatial.length !== 3)
    throw orientationUnknown(file, `its space origin is "${of('space origin') ?? ''}"`);
  const unit = unitOf(file, of('space units'));
  const toLps = (vector: Vector3): Vector3 => perAxis((axis) => vector[axis] * signs[axis] * unit);
  return { origin: toLps(origin), steps: [toLps(u), toLps(v), toLps(w)], spatial: [i, j, k] };
}

function vectorOf(text: string): Vector3 | null {
  const numbers = text
    .replace(/[()\s]/g, '')
    .split(',')
    .map(Number);
  const [x = NaN, y = NaN, z = NaN] = numbers;
  return numbers.length === 3 && [x, y, z].every(Number.isFinite) ? [x, y, z] : null;
}

const UNITS: Readonly<Record<string, number>> = {
  mm: 1,
  millimeter: 1,
  cm: 10,
  m: 1000,
  um: 0.001,
};

function unitOf(file: string, text: string | undefined): number {
  const names = [
    ...new Set([...(text ?? '').matchAll(/"([^"]*)"/g)].map(([, name]) => name ?? '')),
  ];
  const [name = 'mm', ...others] = names.filter((one) => one !== '');
  const unit = UNITS[name];
  if (unit === undefined || others.length > 0)
    throw orientationUnknown(file, `its space units are ${text ?? ''}`);
  return unit;
}

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter(Boolean);
