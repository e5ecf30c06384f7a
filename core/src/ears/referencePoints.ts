import type { EarSide, Geometry, Vector3 } from '../types';
import { voxelToWorld } from '../volume/geometry';

/** The fixed crop centres of Cho et al. (2020), [row, column] on 384 rows × 324 columns of 0.5 mm. */
export const PAPER_REFERENCE_POINTS: Record<EarSide, [number, number]> = {
  left: [215, 238],
  right: [204, 92],
};

/**
 * The paper's crop centres on the middle slice of a volume whose axes run nearly along +x, +y, +z:
 * the fallback where the locator finds nothing. Null for another matrix or pixel size.
 */
export function paperCenters(axial: Geometry): Record<EarSide, Vector3> | null {
  const sameMatrix = axial.size[0] === 324 && axial.size[1] === 384;
  const samePixels = [0, 1].every((axis) => Math.abs(axial.spacing[axis]! - 0.5) < 0.01);
  if (!sameMatrix || !samePixels) return null;
  const at = ([row, column]: [number, number]) =>
    voxelToWorld(axial, [column, row, (axial.size[2] - 1) / 2]);
  return { left: at(PAPER_REFERENCE_POINTS.left), right: at(PAPER_REFERENCE_POINTS.right) };
}
