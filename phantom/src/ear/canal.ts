import type { Vector3 } from '@inner-ear-hydrops/core';
import type { CanalParameters } from './earParameters';

/** A canal's lumen as distances, mm. */
export interface CanalModel {
  /** Distance to the centre line, as a share of the lumen's radius: below 1 inside. */
  depth(x: number, y: number, z: number): number;
  /** Distance to the ampulla's centre as a share of its radius. */
  ampullaDepth(x: number, y: number, z: number): number;
  readonly center: readonly [number, number, number];
  readonly boundingRadius: number;
}

/** Distance from (x, y, z) to a segment. */
function distanceTo(a: Vector3, b: Vector3): (x: number, y: number, z: number) => number {
  const bx = b[0] - a[0];
  const by = b[1] - a[1];
  const bz = b[2] - a[2];
  const n = bx * bx + by * by + bz * bz;
  return (x, y, z) => {
    const dx = x - a[0];
    const dy = y - a[1];
    const dz = z - a[2];
    const t = Math.min(1, Math.max(0, (dx * bx + dy * by + dz * bz) / n));
    const ex = dx - t * bx;
    const ey = dy - t * by;
    const ez = dz - t * bz;
    return Math.sqrt(ex * ex + ey * ey + ez * ez);
  };
}

/** A circular arc of a tube whose ends run straight to two given points, with an ampulla at its start. */
export function createCanal(p: CanalParameters): CanalModel {
  const [e1, e2] = p.axes;
  const [cx, cy, cz] = p.center;
  const toRadians = Math.PI / 180;
  const middle = ((p.arc[0] + p.arc[1]) / 2) * toRadians;
  const half = ((p.arc[1] - p.arc[0]) / 2) * toRadians;
  const pointAt = (degrees: number): Vector3 => {
    const c = Math.cos(degrees * toRadians) * p.radius;
    const s = Math.sin(degrees * toRadians) * p.radius;
    return [cx + c * e1[0] + s * e2[0], cy + c * e1[1] + s * e2[1], cz + c * e1[2] + s * e2[2]];
  };
  const start = pointAt(p.arc[0]);
  const toStart = distanceTo(start, p.ends[0]);
  const toEnd = distanceTo(pointAt(p.arc[1]), p.ends[1]);
  const ampulla = start.map((v, a) => 0.7 * v + 0.3 * p.ends[0][a]!) as Vector3;
  const away = (v: Vector3): number => Math.hypot(v[0] - cx, v[1] - cy, v[2] - cz);

  return {
    depth(x, y, z) {
      const dx = x - cx;
      const dy = y - cy;
      const dz = z - cz;
      const u = dx * e1[0] + dy * e1[1] + dz * e1[2];
      const v = dx * e2[0] + dy * e2[1] + dz * e2[2];
      let best = Math.min(toStart(x, y, z), toEnd(x, y, z) / 1.15);
      const rho = Math.sqrt(u * u + v * v) - p.radius;
      const normal2 = Math.max(0, dx * dx + dy * dy + dz * dz - u * u - v * v);
      const toRing = Math.sqrt(rho * rho + normal2);
      if (toRing < best) {
        let delta = Math.atan2(v, u) - middle;
        delta -= 2 * Math.PI * Math.round(delta / (2 * Math.PI));
        if (Math.abs(delta) <= half) best = toRing;
      }
      return best / p.lumen;
    },
    ampullaDepth(x, y, z) {
      const dx = x - ampulla[0];
      const dy = y - ampulla[1];
      const dz = z - ampulla[2];
      return Math.sqrt(dx * dx + dy * dy + dz * dz) / p.ampulla;
    },
    center: p.center,
    boundingRadius:
      Math.max(p.radius + p.lumen, ...p.ends.map((end) => away(end) + 1.2 * p.lumen)) + p.ampulla,
  };
}
