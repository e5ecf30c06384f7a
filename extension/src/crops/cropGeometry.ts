import { cross, dot, mapAxes, perAxis } from '@inner-ear-hydrops/core';
import type { Vector3, Matrix3 } from '@inner-ear-hydrops/core';

/** The plane that a viewport shows, LPS. */
export interface Plane {
  /** A point on it, mm. */
  point: Vector3;
  /** Unit vector. */
  normal: Vector3;
}

/** Millimetres from the plane to a point, positive along the normal. */
export function offPlane(point: Vector3, plane: Plane): number {
  return dot(point, plane.normal) - dot(plane.point, plane.normal);
}

/** The nearest point on the plane. */
export function ontoPlane(point: Vector3, plane: Plane): Vector3 {
  return along(point, plane.normal, -offPlane(point, plane));
}

export function along(point: Vector3, direction: ArrayLike<number>, distance: number): Vector3 {
  return point.map((value, axis) => value + distance * (direction[axis] ?? 0)) as Vector3;
}

/**
 * Corners, one after the other round, of the cut through a crop along the plane that goes through its
 * centre: the square of the network's patch where the plane is that of the crop's slices.
 * @param size of the crop, mm along its axes
 * @param axes unit LPS vectors of the crop's three axes, one after the other (nine numbers)
 * @param normal unit normal of the plane
 */
export function cropSection(
  center: Vector3,
  size: Readonly<Vector3>,
  axes: Matrix3,
  normal: Vector3
): Vector3[] {
  const vectors = perAxis((axis) => axes.slice(3 * axis, 3 * axis + 3) as Vector3);
  const tilt = mapAxes(vectors, (vector) => dot(vector, normal));
  const half = mapAxes(size, (length) => length / 2);
  const corners: Vector3[] = [];
  // The corners lie where the plane meets the twelve edges of the box.
  for (const [axis, b, c] of [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ] as const) {
    if (Math.abs(tilt[axis]) < 1e-6) continue;
    for (const [signB, signC] of [
      [1, 1],
      [1, -1],
      [-1, 1],
      [-1, -1],
    ] as const) {
      const [alongB, alongC] = [signB * half[b], signC * half[c]];
      const alongAxis = -(alongB * tilt[b] + alongC * tilt[c]) / tilt[axis];
      if (Math.abs(alongAxis) > half[axis] + 1e-6) continue;
      const onEdge = along(center, vectors[axis], alongAxis);
      corners.push(along(along(onEdge, vectors[b], alongB), vectors[c], alongC));
    }
  }
  return inOrder(corners, center, normal);
}

function inOrder(corners: Vector3[], center: Vector3, normal: Vector3): Vector3[] {
  const from = (corner: Vector3) => corner.map((value, axis) => value - center[axis]!) as Vector3;
  const first = corners[0];
  if (!first) return corners;
  const u = from(first);
  const v = cross(normal, u);
  const angle = (corner: Vector3) => Math.atan2(dot(from(corner), v), dot(from(corner), u));
  return [...corners].sort((a, b) => angle(a) - angle(b));
}
