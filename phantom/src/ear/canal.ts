import type { CanalParameters } from './earParameters';

/** How deep a point lies in a canal: `depth` 0 on the centre line to 1 at the wall, above 1 outside. */
export interface CanalModel {
  depth(x: number, y: number, z: number): number;
  /** Same for the ampulla alone. */
  ampullaDepth(x: number, y: number, z: number): number;
  readonly center: readonly [number, number, number];
  readonly boundingRadius: number;
}

function segmentDistance(p: readonly number[], a: readonly number[], b: readonly number[]): number {
  const ab = [b[0]! - a[0]!, b[1]! - a[1]!, b[2]! - a[2]!];
  const ap = [p[0]! - a[0]!, p[1]! - a[1]!, p[2]! - a[2]!];
  const n = ab[0]! * ab[0]! + ab[1]! * ab[1]! + ab[2]! * ab[2]!;
  const t = Math.min(1, Math.max(0, (ap[0]! * ab[0]! + ap[1]! * ab[1]! + ap[2]! * ab[2]!) / n));
  return Math.hypot(ap[0]! - t * ab[0]!, ap[1]! - t * ab[1]!, ap[2]! - t * ab[2]!);
}

/** A circular arc of a tube whose ends run straight to two given points, with an ampulla at its start. */
export function createCanal(p: CanalParameters): CanalModel {
  const [e1, e2] = p.axes;
  const toRadians = Math.PI / 180;
  const middle = ((p.arc[0] + p.arc[1]) / 2) * toRadians;
  const half = ((p.arc[1] - p.arc[0]) / 2) * toRadians;
  const pointAt = (degrees: number): [number, number, number] => {
    const c = Math.cos(degrees * toRadians) * p.radius;
    const s = Math.sin(degrees * toRadians) * p.radius;
    return [
      p.center[0] + c * e1[0] + s * e2[0],
      p.center[1] + c * e1[1] + s * e2[1],
      p.center[2] + c * e1[2] + s * e2[2],
    ];
  };
  const starts = [pointAt(p.arc[0]), pointAt(p.arc[1])] as const;
  const ampulla = [0, 1, 2].map((a) => 0.7 * starts[0][a]! + 0.3 * p.ends[0][a]!);

  return {
    depth(x, y, z) {
      const dx = x - p.center[0];
      const dy = y - p.center[1];
      const dz = z - p.center[2];
      const u = dx * e1[0] + dy * e1[1] + dz * e1[2];
      const v = dx * e2[0] + dy * e2[1] + dz * e2[2];
      let best = Infinity;
      let delta = Math.atan2(v, u) - middle;
      delta -= 2 * Math.PI * Math.round(delta / (2 * Math.PI));
      if (Math.abs(delta) <= half) {
        const rho = Math.sqrt(u * u + v * v) - p.radius;
        const normal2 = Math.max(0, dx * dx + dy * dy + dz * dz - u * u - v * v);
        best = Math.sqrt(rho * rho + normal2);
      }
      const point = [x, y, z];
      best = Math.min(best, segmentDistance(point, starts[0], p.ends[0]));
      best = Math.min(best, segmentDistance(point, starts[1], p.ends[1]) / 1.15);
      return best / p.lumen;
    },
    ampullaDepth: (x, y, z) =>
      Math.hypot(x - ampulla[0]!, y - ampulla[1]!, z - ampulla[2]!) / p.ampulla,
    center: p.center,
    boundingRadius:
      Math.max(
        p.radius + p.lumen,
        ...p.ends.map((end) => Math.hypot(...end.map((value, a) => value - p.center[a]!)) + p.lumen)
      ) + p.ampulla,
  };
}
