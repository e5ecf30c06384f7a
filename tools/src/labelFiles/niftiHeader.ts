import { mapAxes, perAxis, type PerAxis, type Vector3 } from '@inner-ear-hydrops/core';
import type { Lattice } from './labelImage';
import { orientationUnknown, unreadable } from './labelFileError';
import { BYTES, type VoxelType } from './voxels';

/** Bytes of the longer header (NIfTI-2). */
export const LONGEST_HEADER = 540;

export interface NiftiHeader extends Lattice {
  isLittleEndian: boolean;
  type: VoxelType;
  /** Bytes before the first voxel. */
  start: number;
  slope: number;
  intercept: number;
}

const TYPES: Readonly<Record<number, VoxelType>> = {
  ...{ 2: 'uint8', 4: 'int16', 8: 'int32', 16: 'float32', 64: 'float64', 256: 'int8' },
  ...{ 512: 'uint16', 768: 'uint32', 1024: 'int64', 1280: 'uint64' },
};

/** The fields that are needed, as both versions of the header have them. */
interface Fields {
  dim: number[];
  pixdim: number[];
  datatype: number;
  start: number;
  slope: number;
  intercept: number;
  units: number;
  qform: number;
  sform: number;
  quaternion: Vector3;
  offset: Vector3;
  /** Rows of the affine. */
  rows: number[][];
}

/**
 * The header of a NIfTI-1 or NIfTI-2 file (nifti1.h, nifti2.h), of either byte order.
 *
 * NIfTI's world is RAS, so x and y change their sign. Where qform and sform both say where the voxels are they must agree;
 * the common programs each follow another one of them.
 *
 * @throws RefusedInputError `label-file-unreadable`, `label-orientation-unknown`
 */
export function readNiftiHeader(file: string, bytes: Buffer): NiftiHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { isSecond, isLittleEndian } = versionOf(file, view);
  const fields = isSecond ? secondFields(view, isLittleEndian) : firstFields(view, isLittleEndian);
  const { dim, datatype, start, slope, intercept } = fields;
  const [dimensions = 0] = dim;
  const type = TYPES[datatype];
  if (!type)
    throw unreadable(file, `its data type ${datatype} is no number of a label`, AS_INTEGERS);
  if (!(dimensions >= 2 && dimensions <= 7))
    throw unreadable(file, `it states ${dimensions} dimensions`);
  if (dim.slice(4, dimensions + 1).some((size) => size > 1))
    throw unreadable(
      file,
      `it holds several volumes (${dim.slice(1, dimensions + 1).join(' × ')})`,
      ONE_VOLUME
    );
  if (!(start >= (isSecond ? 544 : 352)) || start > MOST_BEFORE || start % 1 !== 0)
    throw unreadable(file, `its voxels are said to begin at byte ${start}`);
  const isScaled = Number.isFinite(slope) && slope !== 0;
  return {
    ...placesOf(file, fields),
    size: perAxis((axis) => (axis < dimensions ? (dim[axis + 1] ?? 0) : 1)),
    ...{ isLittleEndian, type, start },
    slope: isScaled ? slope : 1,
    intercept: isScaled && Number.isFinite(intercept) ? intercept : 0,
  };
}

const AS_INTEGERS = 'Export the labels as whole numbers of 8 or 16 bits.';
const ONE_VOLUME = 'Give the labels of one study as one volume.';
/** Bytes that extensions of the header may take. */
const MOST_BEFORE = 1 << 24;

/** Bytes that voxels end at. */
export const endOf = ({ start, type }: NiftiHeader, voxels: number): number =>
  start + voxels * BYTES[type];

function versionOf(file: string, view: DataView): { isSecond: boolean; isLittleEndian: boolean } {
  for (const isLittleEndian of [true, false]) {
    const length = view.byteLength >= 4 ? view.getInt32(0, isLittleEndian) : 0;
    if (length !== 348 && length !== LONGEST_HEADER) continue;
    const isSecond = length === LONGEST_HEADER;
    if (view.byteLength < length) break;
    const at = isSecond ? 4 : 344;
    const magic = String.fromCharCode(...[0, 1, 2].map((n) => view.getUint8(at + n)));
    if (magic === (isSecond ? 'n+2' : 'n+1')) return { isSecond, isLittleEndian };
    throw unreadable(
      file,
      magic.startsWith('ni')
        ? 'its voxels are in another file (.img)'
        : 'it is an ANALYZE file, which names no sides',
      'Export it as one NIfTI file (.nii or .nii.gz).'
    );
  }
  throw unreadable(file, 'it is no NIfTI file');
}

function firstFields(view: DataView, le: boolean): Fields {
  const float = (at: number) => view.getFloat32(at, le);
  const short = (at: number) => view.getInt16(at, le);
  return {
    dim: eight((n) => short(40 + 2 * n)),
    pixdim: eight((n) => float(76 + 4 * n)),
    datatype: short(70),
    ...{ start: float(108), slope: float(112), intercept: float(116), units: view.getUint8(123) },
    ...{ qform: short(252), sform: short(254) },
    quaternion: perAxis((axis) => float(256 + 4 * axis)),
    offset: perAxis((axis) => float(268 + 4 * axis)),
    rows: [280, 296, 312].map((row) => [0, 4, 8, 12].map((at) => float(row + at))),
  };
}

function secondFields(view: DataView, le: boolean): Fields {
  const double = (at: number) => view.getFloat64(at, le);
  const long = (at: number) => Number(view.getBigInt64(at, le));
  const int = (at: number) => view.getInt32(at, le);
  return {
    dim: eight((n) => long(16 + 8 * n)),
    pixdim: eight((n) => double(104 + 8 * n)),
    datatype: view.getInt16(12, le),
    ...{ start: long(168), slope: double(176), intercept: double(184), units: int(500) },
    ...{ qform: int(344), sform: int(348) },
    quaternion: perAxis((axis) => double(352 + 8 * axis)),
    offset: perAxis((axis) => double(376 + 8 * axis)),
    rows: [400, 432, 464].map((row) => [0, 8, 16, 24].map((at) => double(row + at))),
  };
}

const eight = (valueOf: (n: number) => number): number[] =>
  Array.from({ length: 8 }, (_, n) => valueOf(n));

/** Codes of qform and sform: of the scanner, or aligned to another image of the patient. Others are of a template. */
const PATIENT: ReadonlySet<number> = new Set([1, 2]);
/** Millimetres of one unit, by the three low bits of xyzt_units; an unknown unit is millimetres by custom. */
const UNITS: Readonly<Record<number, number>> = { 0: 1, 1: 1000, 2: 1, 3: 0.001 };

function placesOf(file: string, fields: Fields): Pick<Lattice, 'origin' | 'steps'> {
  const { qform, sform, units } = fields;
  const unit = UNITS[units & 7];
  if (unit === undefined) throw unreadable(file, `its unit of length is of code ${units & 7}`);
  const codes = [qform, sform].filter((code) => code > 0);
  if (codes.length === 0) throw orientationUnknown(file, 'qform_code and sform_code are 0');
  if (!codes.every((code) => PATIENT.has(code)))
    throw orientationUnknown(
      file,
      `it is in the space of a template (qform_code ${qform}, sform_code ${sform})`
    );
  const bySform = sform > 0 ? toLps(bySformOf(fields), unit) : null;
  const byQform = qform > 0 ? toLps(byQformOf(fields), unit) : null;
  if (bySform && byQform) refuseContradiction(file, fields.dim, bySform, byQform);
  const places = bySform ?? byQform;
  if (!places || !areSound(places))
    throw orientationUnknown(file, 'its axes do not span the space');
  return places;
}

type Places = Pick<Lattice, 'origin' | 'steps'>;

function bySformOf({ rows }: Fields): Places {
  const column = (c: number): Vector3 => perAxis((axis) => rows[axis]?.[c] ?? NaN);
  return { origin: column(3), steps: perAxis(column) };
}

/** Method 2 of nifti1.h; rounding may make the quaternion a little longer than 1. */
function byQformOf({ quaternion, offset, pixdim }: Fields): Places {
  const rest = 1 - quaternion.reduce((sum, value) => sum + value * value, 0);
  const isTurned = rest < 1e-7;
  const length = isTurned ? Math.hypot(...quaternion) : 1;
  const [b, c, d] = mapAxes(quaternion, (value) => value / length);
  const a = isTurned ? 0 : Math.sqrt(rest);
  const columns: PerAxis<Vector3> = [
    [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
    [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b],
  ];
  const flip = (pixdim[0] ?? 1) < 0 ? -1 : 1;
  const steps = mapAxes(columns, (column, axis) =>
    mapAxes(column, (value) => value * (pixdim[axis + 1] ?? NaN) * (axis === 2 ? flip : 1))
  );
  return { origin: offset, steps };
}

/** From RAS to LPS. */
function toLps({ origin, steps }: Places, unit: number): Places {
  const turned = ([x, y, z]: Vector3): Vector3 => [-x * unit, -y * unit, z * unit];
  return { origin: turned(origin), steps: mapAxes(steps, turned) };
}

function areSound({ origin, steps: [i, j, k] }: Places): boolean {
  const volume =
    i[0] * (j[1] * k[2] - j[2] * k[1]) -
    i[1] * (j[0] * k[2] - j[2] * k[0]) +
    i[2] * (j[0] * k[1] - j[1] * k[0]);
  const edges = [i, j, k].map((step) => Math.hypot(...step));
  const most = edges.reduce((product, edge) => product * edge, 1);
  return origin.every(Number.isFinite) && most > 0 && Math.abs(volume) > 0.01 * most;
}

/** Corners that lie half a voxel apart would put labels on other voxels. */
function refuseContradiction(file: string, dim: number[], a: Places, b: Places): void {
  const least = Math.min(...a.steps.map((step) => Math.hypot(...step)));
  const size = perAxis((axis) => Math.max((dim[axis + 1] ?? 1) - 1, 0));
  for (let corner = 0; corner < 8; corner++) {
    const at = mapAxes(size, (last, axis) => ((corner >> axis) & 1) * last);
    const apart = perAxis((axis) => {
      const of = ({ origin, steps }: Places) =>
        steps.reduce((sum, step, n) => sum + step[axis] * (at[n] ?? 0), origin[axis]);
      return of(a) - of(b);
    });
    if (Math.hypot(...apart) <= least / 2) continue;
    throw unreadable(
      file,
      `its qform and its sform place it differently, by ${Math.hypot(...apart).toFixed(1)} mm at a corner`,
      'Export it again from the program that it was drawn with.'
    );
  }
}
