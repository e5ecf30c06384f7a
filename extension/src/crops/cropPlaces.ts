import {
  cross,
  dot,
  EAR_SIDES,
  nearestAxialMapping,
  PAPER_REFERENCE_POINTS,
  paperCenters,
  reorientGeometry,
  voxelToWorld,
} from '@inner-ear-hydrops/core';
import type { EarFinding, EarSide, Geometry, Vector3 } from '@inner-ear-hydrops/core';
import type { SliceGeometry } from '@inner-ear-hydrops/core/dicom';

export { EAR_SIDES as EARS };

/** Set by the reader, as the last computation had it, or a place to start from. */
export type CropOrigin = 'set' | 'computed' | 'proposed';

export interface Crop {
  ear: EarSide;
  /** LPS mm. */
  center: Vector3;
  origin: CropOrigin;
}

/** Where the crop of each ear is to be drawn. */
export function cropPlaces(
  set: Partial<Record<EarSide, Vector3>>,
  computed: readonly EarFinding[],
  axial: Geometry
): Crop[] {
  const proposed = proposedCenters(axial);
  return EAR_SIDES.map((ear): Crop => {
    const bySet = set[ear];
    if (bySet) return { ear, center: bySet, origin: 'set' };
    const finding = computed.find(({ side }) => side === ear);
    if (finding) return { ear, center: finding.center, origin: 'computed' };
    return { ear, center: proposed[ear], origin: 'proposed' };
  });
}

const PAPER_MATRIX = { columns: 324, rows: 384, pixel: 0.5 };

/**
 * The paper's reference points on the middle slice. On another matrix than the paper's they keep their
 * distance in millimetres from the middle of the image: places to drag from, no more.
 * @param axial a grid whose axes run nearly along +x, +y, +z
 */
export function proposedCenters(axial: Geometry): Record<EarSide, Vector3> {
  const exact = paperCenters(axial);
  if (exact) return exact;
  const place = ([row, column]: [number, number]): Vector3 => {
    const { columns, rows, pixel } = PAPER_MATRIX;
    const fromMiddle = [column - (columns - 1) / 2, row - (rows - 1) / 2, 0];
    const index = axial.size.map((count, axis) => {
      const middle = (count - 1) / 2;
      const wanted = middle + (fromMiddle[axis]! * pixel) / axial.spacing[axis]!;
      return Math.min(Math.max(wanted, 0), count - 1);
    });
    return voxelToWorld(axial, index as Vector3);
  };
  return { left: place(PAPER_REFERENCE_POINTS.left), right: place(PAPER_REFERENCE_POINTS.right) };
}

/**
 * The nearest axial grid of a stack, from its headers alone (its images need not have been read yet).
 * Null for what is no stack of parallel slices; computing says why.
 */
export function axialGrid(slices: readonly SliceGeometry[]): Geometry | null {
  const [any] = slices;
  if (!any || slices.length < 2) return null;
  const row = any.imageOrientationPatient.slice(0, 3) as Vector3;
  const column = any.imageOrientationPatient.slice(3) as Vector3;
  const normal = cross(row, column);
  const sorted = slices
    .map((slice) => ({ slice, position: dot(slice.imagePositionPatient, normal) }))
    .sort((a, b) => a.position - b.position);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (!first || !last || !(last.position > first.position)) return null;
  const grid: Geometry = {
    size: [any.columns, any.rows, sorted.length],
    spacing: [
      any.pixelSpacing[1],
      any.pixelSpacing[0],
      (last.position - first.position) / (sorted.length - 1),
    ],
    origin: [...first.slice.imagePositionPatient],
    direction: [...row, ...column, ...normal],
  };
  return reorientGeometry(grid, nearestAxialMapping(grid));
}
