import type { Axis } from '../axes';
import type { Geometry, Matrix3, Vector3 } from '../types';

/** Columns towards the patient's left, rows towards the back, slices towards the head. */
export const AXIAL: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Unit LPS vector of an axis of a grid. */
export function axisOf({ direction }: Pick<Geometry, 'direction'>, axis: Axis): Vector3 {
  const first = 3 * axis;
  return [direction[first]!, direction[first + 1]!, direction[first + 2]!];
}

/**
 * LPS position (mm) of the continuous voxel index (i, j, k); whole numbers are voxel centres.
 */
export function voxelToWorld(geometry: Geometry, index: Vector3): Vector3 {
  const { origin, spacing, direction: d } = geometry;
  const a = index[0] * spacing[0];
  const b = index[1] * spacing[1];
  const c = index[2] * spacing[2];
  return [
    origin[0] + a * d[0] + b * d[3] + c * d[6],
    origin[1] + a * d[1] + b * d[4] + c * d[7],
    origin[2] + a * d[2] + b * d[5] + c * d[8],
  ];
}

/**
 * Continuous voxel index (i, j, k) of an LPS position (mm); not rounded, not limited to the grid.
 */
export function worldToVoxel(geometry: Geometry, point: Vector3): Vector3 {
  const { origin, spacing, direction: d } = geometry;
  const x = point[0] - origin[0];
  const y = point[1] - origin[1];
  const z = point[2] - origin[2];
  return [
    (x * d[0] + y * d[1] + z * d[2]) / spacing[0],
    (x * d[3] + y * d[4] + z * d[5]) / spacing[1],
    (x * d[6] + y * d[7] + z * d[8]) / spacing[2],
  ];
}

/** Volume of one voxel, mm³. */
export function voxelVolume(geometry: Geometry): number {
  return geometry.spacing[0] * geometry.spacing[1] * geometry.spacing[2];
}

/** The grid of a volume without its data. */
export function geometryOf(geometry: Geometry): Geometry {
  return {
    size: [...geometry.size],
    spacing: [...geometry.spacing],
    origin: [...geometry.origin],
    direction: [...geometry.direction],
  };
}

/** Indices of the eight corner voxels. */
export function cornerIndices({ size }: Geometry): Vector3[] {
  const corners: Vector3[] = [];
  for (const i of [0, size[0] - 1]) {
    for (const j of [0, size[1] - 1]) {
      for (const k of [0, size[2] - 1]) corners.push([i, j, k]);
    }
  }
  return corners;
}

/** LPS positions (mm) of their centres. */
function cornerCentres(geometry: Geometry): Vector3[] {
  return cornerIndices(geometry).map((index) => voxelToWorld(geometry, index));
}

/**
 * True when both grids have the same size and no voxel centre lies further apart than the
 * tolerance (mm). The distance is largest at a corner, so the corners decide.
 */
export function sameGrid(a: Geometry, b: Geometry, toleranceMm = 0.01): boolean {
  if (a.size.some((n, axis) => n !== b.size[axis])) return false;
  const others = cornerCentres(b);
  return cornerCentres(a).every((p, n) => distance(p, others[n]!) <= toleranceMm);
}

/** Axis-parallel LPS box (mm) around all voxels, outer faces included. */
export function boundingBox(geometry: Geometry): { minimum: Vector3; maximum: Vector3 } {
  const minimum: Vector3 = [Infinity, Infinity, Infinity];
  const maximum: Vector3 = [-Infinity, -Infinity, -Infinity];
  const [columns, rows, slices] = geometry.size;
  for (const i of [-0.5, columns - 0.5]) {
    for (const j of [-0.5, rows - 0.5]) {
      for (const k of [-0.5, slices - 0.5]) {
        voxelToWorld(geometry, [i, j, k]).forEach((value, axis) => {
          minimum[axis] = Math.min(minimum[axis]!, value);
          maximum[axis] = Math.max(maximum[axis]!, value);
        });
      }
    }
  }
  return { minimum, maximum };
}

export function cross(a: Readonly<Vector3>, b: Readonly<Vector3>): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function dot(a: Readonly<Vector3>, b: Readonly<Vector3>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Distance between two points, in their unit. */
export function distance(a: Readonly<Vector3>, b: Readonly<Vector3>): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
