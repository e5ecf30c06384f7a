import { gzipSync } from 'node:zlib';
import { perAxis, type Geometry, type Vector3 } from '@inner-ear-hydrops/core';

/** Bytes of the header, with the four that say that no extension follows. */
const START = 352;
/** Data type and bits of a voxel (nifti1.h). */
const TYPES = { labels: [2, 8], values: [16, 32] } as const;
/** qform and sform place the image in the scanner; lengths are in millimetres. */
const SCANNER = 1;
const MILLIMETRES = 2;
const MAGIC = 'n+1\0';

/**
 * A packed NIfTI-1 file of labels (bytes) or values (floats), placed by qform and sform alike. Its world is RAS, so x and y
 * change their sign. Equal input gives equal bytes.
 */
export function niftiFile(
  { size, spacing, origin, direction }: Geometry,
  data: Uint8Array | Float32Array
): Buffer {
  const [type, bits] = TYPES[data instanceof Uint8Array ? 'labels' : 'values'];
  const header = Buffer.alloc(START);
  header.writeInt32LE(348, 0);
  [3, ...size, 1, 1, 1, 1].forEach((value, n) => header.writeInt16LE(value, 40 + 2 * n));
  header.writeInt16LE(type, 70);
  header.writeInt16LE(bits, 72);
  [1, ...spacing].forEach((value, n) => header.writeFloatLE(value, 76 + 4 * n));
  header.writeFloatLE(START, 108);
  header.writeFloatLE(1, 112);
  header.writeUInt8(MILLIMETRES, 123);
  header.write('Inner Ear Hydrops, research use', 148, 'latin1');
  header.writeInt16LE(SCANNER, 252);
  header.writeInt16LE(SCANNER, 254);
  // Unit vectors of the axes as columns of a rotation, from LPS to RAS.
  const rotation = perAxis((row) =>
    perAxis((axis) => (row === 2 ? 1 : -1) * direction[3 * axis + row]!)
  );
  const moved: Vector3 = [-origin[0], -origin[1], origin[2]];
  [...quaternionOf(rotation), ...moved].forEach((value, n) =>
    header.writeFloatLE(value, 256 + 4 * n)
  );
  rotation.forEach((row, r) =>
    [...row.map((value, axis) => value * spacing[axis]!), moved[r]!].forEach((value, column) =>
      header.writeFloatLE(value, 280 + 16 * r + 4 * column)
    )
  );
  header.write(MAGIC, 344, 'latin1');
  const voxels = Buffer.alloc((data.length * bits) / 8);
  if (data instanceof Uint8Array) voxels.set(data);
  else data.forEach((value, n) => voxels.writeFloatLE(value, 4 * n));
  return gzipSync(Buffer.concat([header, voxels]));
}

/** b, c and d of the unit quaternion whose a is not negative, of a proper rotation. */
function quaternionOf([[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]]: readonly [
  Vector3,
  Vector3,
  Vector3,
]): Vector3 {
  const squares = [1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz];
  const largest = squares.indexOf(Math.max(...squares));
  const twice = Math.sqrt(squares[largest]!);
  const products = [
    [squares[0]!, zy - yz, xz - zx, yx - xy],
    [zy - yz, squares[1]!, xy + yx, xz + zx],
    [xz - zx, xy + yx, squares[2]!, yz + zy],
    [yx - xy, xz + zx, yz + zy, squares[3]!],
  ][largest]!;
  const [a, b, c, d] = products.map((value) => value / (2 * twice)) as [number, ...Vector3];
  const sign = a < 0 ? -1 : 1;
  const stored: Vector3 = [Math.fround(sign * b), Math.fround(sign * c), Math.fround(sign * d)];
  return Math.abs(a) < HALF_TURN ? notShorterThanOne(stored) : stored;
}

/** A first component below this is 0 but for rounding. */
const HALF_TURN = 1e-7;

/**
 * Readers take a from √(1 − b² − c² − d²). In a half turn the last digit of single precision would make 0.0002 of it, a tenth
 * of a millimetre across a head; a sum of 1 or a little more is read as 0.
 */
function notShorterThanOne(stored: Vector3): Vector3 {
  const largest = stored.map(Math.abs).indexOf(Math.max(...stored.map(Math.abs)));
  while (stored.reduce((sum, value) => sum + value * value, 0) < 1)
    stored[largest] = Math.fround(stored[largest]! * (1 + 2 ** -23));
  return stored;
}
