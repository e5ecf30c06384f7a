import type { Series, Vector3 } from '@inner-ear-hydrops/core';

/** Label files written from the published descriptions of the formats, for tests of the reader. */

export interface NiftiChange {
  /** Bytes to write over, by their place. */
  shorts?: Record<number, number>;
  floats?: Record<number, number>;
}

/** A NIfTI-1 file of one byte a voxel (nifti1.h), placed by its sform. */
export function niftiBytes(
  { volume: { size, spacing, origin, direction } }: Pick<Series, 'volume'>,
  data: Uint8Array,
  { shorts = {}, floats = {} }: NiftiChange = {}
): Buffer {
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  [3, ...size, 1, 1, 1, 1].forEach((value, n) => header.writeInt16LE(value, 40 + 2 * n));
  header.writeInt16LE(2, 70);
  header.writeInt16LE(8, 72);
  [1, ...spacing].forEach((value, n) => header.writeFloatLE(value, 76 + 4 * n));
  header.writeFloatLE(352, 108);
  header.writeUInt8(2, 123);
  header.writeInt16LE(1, 254);
  [0, 1, 2].forEach((row) => {
    // The world of NIfTI is RAS.
    const sign = row < 2 ? -1 : 1;
    const steps = [0, 1, 2].map((axis) => direction[3 * axis + row]! * spacing[axis]!);
    [...steps, origin[row]!].forEach((value, column) =>
      header.writeFloatLE(sign * value, 280 + 16 * row + 4 * column)
    );
  });
  header.write('n+1\0', 344, 'latin1');
  for (const [place, value] of Object.entries(shorts)) header.writeInt16LE(value, Number(place));
  for (const [place, value] of Object.entries(floats)) header.writeFloatLE(value, Number(place));
  return Buffer.concat([header, data]);
}

/** A NRRD file of bytes (teem's format.html); `lines` come after those of the geometry. */
export function nrrdBytes(
  { volume: { size, spacing, origin, direction } }: Pick<Series, 'volume'>,
  data: Buffer | Uint8Array,
  { layers = 1, lines = [] }: { layers?: number; lines?: string[] } = {}
): Buffer {
  const vector = (values: readonly number[]) => `(${values.join(',')})`;
  const steps = [0, 1, 2].map((axis) =>
    vector(([0, 1, 2] as Vector3).map((n) => direction[3 * axis + n]! * spacing[axis]!))
  );
  const several = layers > 1;
  const header = [
    'NRRD0004',
    'type: unsigned char',
    `dimension: ${several ? 4 : 3}`,
    'space: left-posterior-superior',
    `sizes: ${several ? `${layers} ` : ''}${size.join(' ')}`,
    `space directions: ${several ? 'none ' : ''}${steps.join(' ')}`,
    `kinds: ${several ? 'list ' : ''}domain domain domain`,
    `space origin: ${vector(origin)}`,
    ...(lines.some((line) => line.startsWith('encoding')) ? [] : ['encoding: raw']),
    ...lines,
  ];
  return Buffer.concat([Buffer.from(`${header.join('\n')}\n\n`), data]);
}
