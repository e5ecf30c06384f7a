import type { Vector3 } from '../types';

/** Moves a point p (LPS mm) to R·(p − center) + center + translation. */
export interface RigidTransform {
  /** Row-major 3 × 3 rotation matrix, nine numbers. */
  rotation: number[];
  /** LPS mm. */
  translation: Vector3;
  /** Centre of rotation, LPS mm. */
  center: Vector3;
}

export const IDENTITY_TRANSFORM: Readonly<RigidTransform> = {
  rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  translation: [0, 0, 0],
  center: [0, 0, 0],
};

export function applyTransform(transform: RigidTransform, point: Vector3): Vector3 {
  const { rotation: r, translation: t, center: c } = transform;
  const x = point[0] - c[0];
  const y = point[1] - c[1];
  const z = point[2] - c[2];
  return [
    r[0] * x + r[1] * y + r[2] * z + c[0] + t[0],
    r[3] * x + r[4] * y + r[5] * z + c[1] + t[1],
    r[6] * x + r[7] * y + r[8] * z + c[2] + t[2],
  ];
}

/** The transform that undoes the given one, about the same centre. */
export function invertTransform(transform: RigidTransform): RigidTransform {
  const { rotation: r, translation: t, center } = transform;
  const rotation = [r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]];
  const undone = (row: number): number =>
    -(rotation[row] * t[0] + rotation[row + 1] * t[1] + rotation[row + 2] * t[2]);
  return { rotation, translation: [undone(0), undone(3), undone(6)], center: [...center] };
}

/** First `first`, then `second`; the result turns about the centre of `first`. */
export function composeTransforms(first: RigidTransform, second: RigidTransform): RigidTransform {
  const a = first.rotation;
  const b = second.rotation;
  const rotation: number[] = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      rotation.push(
        b[3 * row] * a[column] + b[3 * row + 1] * a[3 + column] + b[3 * row + 2] * a[6 + column]
      );
    }
  }
  const center: Vector3 = [...first.center];
  const moved = applyTransform(second, applyTransform(first, center));
  const translation: Vector3 = [moved[0] - center[0], moved[1] - center[1], moved[2] - center[2]];
  return { rotation, translation, center };
}

/** Row-major matrix that turns by the given degrees about LPS x, then y, then z. */
export function rotationFromDegrees(degrees: Vector3): number[] {
  const [x, y, z] = degrees.map((angle) => (angle * Math.PI) / 180);
  const [cx, sx, cy, sy] = [Math.cos(x), Math.sin(x), Math.cos(y), Math.sin(y)];
  const [cz, sz] = [Math.cos(z), Math.sin(z)];
  return [
    cz * cy,
    cz * sy * sx - sz * cx,
    cz * sy * cx + sz * sx,
    sz * cy,
    sz * sy * sx + cz * cx,
    sz * sy * cx - cz * sx,
    -sy,
    cy * sx,
    cy * cx,
  ];
}
