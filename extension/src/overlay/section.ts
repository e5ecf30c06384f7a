import {
  cross,
  dot,
  voxelToWorld,
  worldToVoxel,
  perAxis,
  mapAxes,
  type Axis,
  type PerAxis,
  AXES,
  axisOf,
} from '@inner-ear-hydrops/core';
import type { Geometry, Vector3 } from '@inner-ear-hydrops/core';

/** The plane that a viewport shows, LPS mm. */
export interface Plane {
  point: Vector3;
  /** Unit vector. */
  normal: Vector3;
}

/** Inclusive bounds in voxel indices, one pair for each axis of the grid. */
export type Bounds = [[number, number], [number, number], [number, number]];

/**
 * A plane's cut through a voxel grid, as pixels. Where the plane is parallel to two axes of the grid, a pixel is the
 * face of a voxel; elsewhere it is a small square in which the nearest voxel was looked up.
 */
export interface Section {
  columns: number;
  rows: number;
  /** Index in the volume of the voxel under pixel (column, row) at `column + columns · row`; −1 outside. */
  voxels: Int32Array;
  /** LPS mm of the corner of pixel (0, 0), and the steps to the next column and row. */
  corner: Vector3;
  alongColumns: Vector3;
  alongRows: Vector3;
}

/** Cosine above which a plane counts as parallel to the grid. */
const PARALLEL = 1 - 1e-4;

/**
 * @param bounds the part of the grid that matters
 * @returns null where the plane does not pass through that part
 */
export function sectionOf(grid: Geometry, bounds: Bounds, plane: Plane): Section | null {
  const axes = perAxis((axis) => axisOf(grid, axis));
  const across = AXES.find((axis) => Math.abs(dot(axes[axis], plane.normal)) > PARALLEL);
  return across === undefined
    ? obliqueSection(grid, bounds, plane)
    : gridSection(grid, axes, across, bounds, plane);
}

function gridSection(
  grid: Geometry,
  axes: PerAxis<Vector3>,
  across: Axis,
  bounds: Bounds,
  plane: Plane
): Section | null {
  const layer = Math.round(worldToVoxel(grid, plane.point)[across]);
  const [lowest, highest] = bounds[across];
  if (layer < lowest || layer > highest) return null;
  const [a, b] = AXES.filter((axis) => axis !== across) as [Axis, Axis];
  const columns = bounds[a][1] - bounds[a][0] + 1;
  const rows = bounds[b][1] - bounds[b][0] + 1;
  const steps: Vector3 = [1, grid.size[0], grid.size[0] * grid.size[1]];
  const voxels = new Int32Array(columns * rows);
  const first = layer * steps[across] + bounds[a][0] * steps[a] + bounds[b][0] * steps[b];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      voxels[column + columns * row] = first + column * steps[a] + row * steps[b];
    }
  }
  const index: Vector3 = [0, 0, 0];
  index[across] = layer;
  index[a] = bounds[a][0] - 0.5;
  index[b] = bounds[b][0] - 0.5;
  return {
    columns,
    rows,
    voxels,
    corner: voxelToWorld(grid, index),
    alongColumns: scaled(axes[a], grid.spacing[a]),
    alongRows: scaled(axes[b], grid.spacing[b]),
  };
}

/** Smaller than half a voxel, so that a cut at a slant keeps the voxels' edges. */
const OBLIQUE_STEPS = 4;

function obliqueSection(grid: Geometry, bounds: Bounds, plane: Plane): Section | null {
  const { normal } = plane;
  const helper: Vector3 = Math.abs(normal[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  const u = unit(cross(normal, helper));
  const v = cross(normal, u);
  const corners = cornersOf(grid, bounds);
  const heights = corners.map((corner) => dot(corner, normal) - dot(plane.point, normal));
  if (Math.min(...heights) > 0 || Math.max(...heights) < 0) return null;
  const range = (axis: Vector3) => {
    const places = corners.map((corner) => dot(corner, axis));
    return [Math.min(...places), Math.max(...places)] as const;
  };
  const step = Math.min(...grid.spacing) / OBLIQUE_STEPS;
  const [left, right] = range(u);
  const [top, bottom] = range(v);
  const columns = Math.ceil((right - left) / step);
  const rows = Math.ceil((bottom - top) / step);
  const depth = dot(plane.point, normal);
  const at = (column: number, row: number): Vector3 =>
    perAxis(
      (axis) =>
        (left + column * step) * u[axis] + (top + row * step) * v[axis] + depth * normal[axis]
    );
  const voxels = new Int32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [i, j, k] = mapAxes(worldToVoxel(grid, at(column + 0.5, row + 0.5)), Math.round);
      const index = [i, j, k];
      const inside = bounds.every(
        ([low, high], axis) => index[axis]! >= low && index[axis]! <= high
      );
      voxels[column + columns * row] = inside ? i + grid.size[0] * (j + grid.size[1] * k) : -1;
    }
  }
  return {
    columns,
    rows,
    voxels,
    corner: at(0, 0),
    alongColumns: scaled(u, step),
    alongRows: scaled(v, step),
  };
}

function cornersOf(grid: Geometry, bounds: Bounds): Vector3[] {
  const ends = mapAxes(bounds, ([low, high]) => [low - 0.5, high + 0.5]);
  return ends[0].flatMap((i) =>
    ends[1].flatMap((j) => ends[2].map((k) => voxelToWorld(grid, [i, j, k])))
  );
}

function unit(vector: Vector3): Vector3 {
  return scaled(vector, 1 / Math.hypot(...vector));
}

function scaled(vector: Vector3, factor: number): Vector3 {
  return vector.map((value) => value * factor) as Vector3;
}
