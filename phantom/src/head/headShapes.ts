import type { Vector3 } from '@inner-ear-hydrops/core';

/** Distance in mm (approximate, negative inside) to an axis-aligned ellipsoid. */
export function ellipsoid(
  x: number,
  y: number,
  z: number,
  cx: number,
  cy: number,
  cz: number,
  rx: number,
  ry: number,
  rz: number
): number {
  const px = (x - cx) / rx;
  const py = (y - cy) / ry;
  const pz = (z - cz) / rz;
  const k0 = Math.sqrt(px * px + py * py + pz * pz);
  const k1 = Math.sqrt((px * px) / (rx * rx) + (py * py) / (ry * ry) + (pz * pz) / (rz * rz));
  return k1 === 0 ? -Math.min(rx, ry, rz) : (k0 * (k0 - 1)) / k1;
}

/** Ends of a tube, mm in the head's frame; those below lie on the left and are mirrored. */
export type Segment = readonly [Vector3, Vector3];
export const TRIGEMINAL: Segment = [
  [13, -4, 3],
  [19.5, -18, 1.5],
];
export const MEDULLA: Segment = [
  [0, 11, -16],
  [0, 24, -60],
];
export const MIDBRAIN: Segment = [
  [0, 8, 14],
  [0, 6, 34],
];
export const PEDUNCLE: Segment = [
  [8, 10, -1],
  [20, 24, -2],
];
export const TEMPORAL_HORN: Segment = [
  [27, -12, 6],
  [31, 16, 13],
];
export const BASILAR: Segment = [
  [0, -9.6, -10],
  [0, -10.5, 16],
];
export const VERTEBRAL: Segment = [
  [0, -9.6, -10],
  [9, -2, -38],
];
export const AICA: Segment = [
  [1, -9, -6],
  [14, -5, -2],
];
export const AICA_LOOP: Segment = [
  [14, -5, -2],
  [24, 2, -1],
];
export const SIGMOID_SINUS: Segment = [
  [50, 34, 6],
  [38, 22, -28],
];
export const EAR_CANAL: Segment = [
  [50, -3, -4],
  [85, -2, -4],
];
export const CAROTID: Segment = [
  [24, -9, -6],
  [22, -6, -60],
];
export const OPTIC_NERVE: Segment = [
  [28, -54, 3],
  [12, -28, 5],
];

/** Distance to a round-ended tube. */
export function capsule(x: number, y: number, z: number, [a, b]: Segment, radius: number): number {
  const bx = b[0] - a[0];
  const by = b[1] - a[1];
  const bz = b[2] - a[2];
  const dx = x - a[0];
  const dy = y - a[1];
  const dz = z - a[2];
  const along = (dx * bx + dy * by + dz * bz) / (bx * bx + by * by + bz * bz);
  const t = along < 0 ? 0 : along > 1 ? 1 : along;
  const ex = dx - t * bx;
  const ey = dy - t * by;
  const ez = dz - t * bz;
  return Math.sqrt(ex * ex + ey * ey + ez * ez) - radius;
}

/** Distance to an upright tube that ends at height `top`. */
export function column(
  x: number,
  y: number,
  z: number,
  cy: number,
  top: number,
  radius: number
): number {
  return Math.max(Math.sqrt(x * x + (y - cy) * (y - cy)) - radius, z - top);
}
