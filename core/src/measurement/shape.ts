import { itemAt } from '../items';
import { AXES, mapAxes, perAxis, type PerAxis } from '../axes';
import type { Vector3 } from '../types';
import { cross, dot } from '../volume';

/** Mean of the points and the unit axes of their spread, longest first (Jacobi rotations). */
export function principalAxes(points: readonly Vector3[]): { center: Vector3; axes: PerAxis<Vector3> } {
  const center: Vector3 = [0, 0, 0];
  for (const point of points) for (const n of AXES) center[n] += point[n] / points.length;
  const m = perAxis((a) =>
    perAxis((b) => {
      let sum = 0;
      for (const point of points) sum += (point[a] - center[a]) * (point[b] - center[b]);
      return sum / points.length;
    })
  );
  const vectors: PerAxis<Vector3> = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < 30; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      if (Math.abs(m[p][q]) < 1e-14) continue;
      const angle = 0.5 * Math.atan2(2 * m[p][q], m[q][q] - m[p][p]);
      const c = Math.cos(angle);
      const s = Math.sin(angle);
      for (const n of AXES) {
        [m[n][p], m[n][q]] = [c * m[n][p] - s * m[n][q], s * m[n][p] + c * m[n][q]];
      }
      for (const n of AXES) {
        [m[p][n], m[q][n]] = [c * m[p][n] - s * m[q][n], s * m[p][n] + c * m[q][n]];
        [vectors[n][p], vectors[n][q]] = [
          c * vectors[n][p] - s * vectors[n][q],
          s * vectors[n][p] + c * vectors[n][q],
        ];
      }
    }
  }
  const longestFirst = [...AXES].sort((a, b) => m[b][b] - m[a][a]);
  const axes = perAxis((rank) => {
    const n = itemAt(longestFirst, rank);
    return perAxis((axis) => vectors[axis][n]);
  });
  return { center, axes };
}

export interface Ring {
  /** LPS mm. */
  center: Vector3;
  radius: number;
  /** Two unit vectors that span the ring's plane. */
  axes: [Vector3, Vector3];
}

/** Circle through points of an arc: their plane, then Kåsa's least squares in it. Null if straight. */
export function fitRing(points: readonly Vector3[]): Ring | null {
  const { center, axes } = principalAxes(points);
  const [e, f] = axes;
  let [uu, uv, vv, uw, vw, meanW] = [0, 0, 0, 0, 0, 0];
  const flat = points.map((point) => {
    const away = mapAxes(point, (x, n) => x - center[n]);
    return [dot(away, e), dot(away, f)] as const;
  });
  for (const [u, v] of flat) {
    const w = u * u + v * v;
    uu += u * u;
    uv += u * v;
    vv += v * v;
    uw += u * w;
    vw += v * w;
    meanW += w / flat.length;
  }
  const determinant = uu * vv - uv * uv;
  if (Math.abs(determinant) < 1e-9) return null;
  const a = (uw * vv - vw * uv) / (2 * determinant);
  const b = (vw * uu - uw * uv) / (2 * determinant);
  const radius = Math.sqrt(meanW + a * a + b * b);
  if (!(radius < 8)) return null;
  return {
    center: mapAxes(center, (x, n) => x + a * e[n] + b * f[n]),
    radius,
    axes: [e, cross(cross(e, f), e)],
  };
}
