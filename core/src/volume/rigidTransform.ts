import { mapAxes } from '../axes';
import type { Matrix3, Vector3 } from '../types';

/** Moves a point p (LPS mm) to R·(p − center) + center + translation. */
export interface RigidTransform {
  /** Row by row. */
  rotation: Matrix3;
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

/** Row-major matrix that turns by the given degrees about LPS x, then y, then z. */
export function rotationFromDegrees(degrees: Vector3): Matrix3 {
  const [x, y, z] = mapAxes(degrees, (angle) => (angle * Math.PI) / 180);
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
