import type { Geometry, Vector3, Volume } from '../../types';
import { RefusedInputError } from '../../types';
import { worldToVoxel } from '../../volume/geometry';

/** Where the pixels of a stored frame lie on MRC's grid: voxel = start + column·alongColumn + row·alongRow. */
export interface FramePlacement {
  start: Vector3;
  alongColumn: Vector3;
  alongRow: Vector3;
}

/** Position, orientation and spacing of a stored frame (PS3.3 C.7.6.2). */
export interface FramePlane {
  position: Vector3;
  /** Row cosines, then column cosines. */
  orientation: number[];
  /** DICOM order: between rows, between columns. */
  pixelSpacing: [number, number];
  rows: number;
  columns: number;
}

/** Voxels by which a frame may miss the grid. */
const TOLERANCE = 0.1;

/**
 * The exact place of a frame on a grid. Flipped, transposed and smaller frames fit; frames between
 * voxels do not.
 *
 * @throws RefusedInputError `segmentation-grid-differs`
 */
export function placeFrame(plane: FramePlane, grid: Volume, seriesName: string): FramePlacement {
  const start = worldToVoxel(grid, plane.position);
  const step = (cosines: number[], length: number): Vector3 => {
    const point = plane.position.map((value, axis) => value + length * cosines[axis]!) as Vector3;
    return worldToVoxel(grid, point).map((value, axis) => value - start[axis]!) as Vector3;
  };
  const placement = {
    start: start.map(Math.round) as Vector3,
    alongColumn: step(plane.orientation.slice(0, 3), plane.pixelSpacing[1]).map(
      Math.round
    ) as Vector3,
    alongRow: step(plane.orientation.slice(3, 6), plane.pixelSpacing[0]).map(Math.round) as Vector3,
  };
  const exactColumn = step(
    plane.orientation.slice(0, 3),
    plane.pixelSpacing[1] * (plane.columns - 1)
  );
  const exactRow = step(plane.orientation.slice(3, 6), plane.pixelSpacing[0] * (plane.rows - 1));
  for (const [columns, rows] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    for (let axis = 0; axis < 3; axis++) {
      const exact = start[axis]! + columns * exactColumn[axis]! + rows * exactRow[axis]!;
      const placed =
        placement.start[axis]! +
        columns * (plane.columns - 1) * placement.alongColumn[axis]! +
        rows * (plane.rows - 1) * placement.alongRow[axis]!;
      if (!(Math.abs(exact - placed) <= TOLERANCE)) throw gridDiffers(plane, grid, seriesName);
    }
  }
  return placement;
}

function gridDiffers(plane: FramePlane, grid: Geometry, seriesName: string): RefusedInputError {
  return new RefusedInputError(
    'segmentation-grid-differs',
    `The segmentation (${plane.columns} × ${plane.rows} pixels of ${plane.pixelSpacing[1]} × ${plane.pixelSpacing[0]} mm, at ${plane.position.map((value) => value.toFixed(2)).join(', ')}) does not lie on the voxels of series "${seriesName}" (${grid.size.join(' × ')} voxels of ${grid.spacing.join(' × ')} mm).`,
    'Choose the MRC series that the segmentation was drawn on.',
    { rows: plane.rows, columns: plane.columns }
  );
}

/**
 * Voxel index of a pixel, or −1 outside of the grid.
 */
export function voxelIndex(
  placement: FramePlacement,
  column: number,
  row: number,
  grid: Geometry
): number {
  let index = 0;
  let stride = 1;
  for (let axis = 0; axis < 3; axis++) {
    const at =
      placement.start[axis]! +
      column * placement.alongColumn[axis]! +
      row * placement.alongRow[axis]!;
    if (at < 0 || at >= grid.size[axis]!) return -1;
    index += at * stride;
    stride *= grid.size[axis]!;
  }
  return index;
}
