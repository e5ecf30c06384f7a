import type { Vector3 } from '@inner-ear-hydrops/core';

/** A label's boundary: the faces between its voxels and others, by their centres (mm) and areas (mm²). */
export interface Surface {
  points: Float64Array;
  areas: Float64Array;
}

/** Axes across which voxels of one slice have faces that tell anything. */
export const IN_PLANE: readonly number[] = [0, 1];
const ALL_AXES: readonly number[] = [0, 1, 2];

/**
 * The faces of a label's voxels, in the grid's own frame. Axes: columns, rows, slices.
 * @param across axes across which faces are taken: of chosen slices those in the plane, for where a region that was
 *   annotated on one slice ends above and below is not known
 */
export function surfaceOf(
  labels: ArrayLike<number>,
  [columns, rows, slices]: Vector3,
  spacing: Vector3,
  code: number,
  across: readonly number[] = ALL_AXES
): Surface {
  const points: number[] = [];
  const areas: number[] = [];
  const faceAreas = [spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]];
  const size = [columns, rows, slices];
  const stride = [1, columns, columns * rows];
  for (let voxel = 0; voxel < labels.length; voxel++) {
    if (labels[voxel] !== code) continue;
    const at = [
      voxel % columns,
      Math.floor(voxel / columns) % rows,
      Math.floor(voxel / stride[2]!),
    ];
    for (const axis of across) {
      for (const step of [-1, 1]) {
        const next = at[axis]! + step;
        const outside = next < 0 || next >= size[axis]!;
        if (!outside && labels[voxel + step * stride[axis]!] === code) continue;
        for (let a = 0; a < 3; a++)
          points.push((at[a]! + (a === axis ? step / 2 : 0)) * spacing[a]!);
        areas.push(faceAreas[axis]!);
      }
    }
  }
  return { points: Float64Array.from(points), areas: Float64Array.from(areas) };
}

export interface SurfaceAgreement {
  /** Share of both surfaces that lies within the tolerance of the other (Nikolov et al., 2018). */
  surfaceDice: number;
  /** Larger of the two directed 95th percentiles (by area) of distance, mm; null if a surface is missing. */
  hausdorff95: number | null;
}

/**
 * How well two surfaces agree; distances run from face centre to nearest face centre. 1 and 0 mm where
 * both are empty.
 * @param tolerance mm
 */
export function compareSurfaces(a: Surface, b: Surface, tolerance: number): SurfaceAgreement {
  if (a.areas.length === 0 && b.areas.length === 0) return { surfaceDice: 1, hausdorff95: 0 };
  if (a.areas.length === 0 || b.areas.length === 0) return { surfaceDice: 0, hausdorff95: null };
  const [forth, back] = [distances(a, b), distances(b, a)];
  const within = (surface: Surface, found: Float64Array) =>
    surface.areas.reduce((sum, area, n) => sum + (found[n]! <= tolerance + 1e-9 ? area : 0), 0);
  const whole = (surface: Surface) => surface.areas.reduce((sum, area) => sum + area, 0);
  return {
    surfaceDice: (within(a, forth) + within(b, back)) / (whole(a) + whole(b)),
    hausdorff95: Math.max(percentile95(a, forth), percentile95(b, back)),
  };
}

function distances(from: Surface, to: Surface): Float64Array {
  const result = new Float64Array(from.areas.length);
  const target = to.points;
  for (let n = 0; n < result.length; n++) {
    const [x, y, z] = [from.points[3 * n]!, from.points[3 * n + 1]!, from.points[3 * n + 2]!];
    let best = Infinity;
    for (let m = 0; m < target.length; m += 3) {
      const dx = target[m]! - x;
      const dy = target[m + 1]! - y;
      const dz = target[m + 2]! - z;
      const squared = dx * dx + dy * dy + dz * dz;
      if (squared < best) best = squared;
    }
    result[n] = Math.sqrt(best);
  }
  return result;
}

/** Smallest distance that 95 % of the surface's area does not exceed. */
function percentile95(surface: Surface, found: Float64Array): number {
  const order = Array.from(found.keys()).sort((a, b) => found[a]! - found[b]!);
  const wanted = 0.95 * surface.areas.reduce((sum, area) => sum + area, 0);
  let sum = 0;
  for (const n of order) {
    sum += surface.areas[n]!;
    if (sum >= wanted - 1e-9) return found[n]!;
  }
  return found[order[order.length - 1]!]!;
}
