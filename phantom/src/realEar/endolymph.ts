import type { Vector3 } from '@inner-ear-hydrops/core';

/** Values in the label volume of a real ear. */
export const EAR_LABEL = { cochlea: 1, vestibule: 2, canals: 3 } as const;

/** A labelled block of isotropic voxels whose axes are lateral, posterior and superior. */
export interface LabelBlock {
  size: Vector3;
  labels: Uint8Array;
}

/**
 * Modiolar axis of a human cochlea from base to apex, in lateral, posterior, superior directions,
 * as found in a real ear, pydsgz/IEVNet (smallest principal axis of its label).
 */
const MODIOLAR_AXIS: Vector3 = [0.42, -0.79, -0.44];

/**
 * Marks the given share of each organ's voxels as endolymph, where it would lie: a wedge at the outer,
 * apical side of the cochlear lumen; utricle and saccule within the vestibule; the core of the canals.
 * The share is met to the voxel.
 */
export function placeEndolymph(
  block: LabelBlock,
  shares: { cochlea: number; vestibule: number; canals: number }
): Uint8Array {
  const endolymph = new Uint8Array(block.labels.length);
  const rank = (label: number, share: number, order: (p: Vector3, n: number) => number): void => {
    const members: { n: number; order: number }[] = [];
    forEachOf(block, label, (p, n) => members.push({ n, order: order(p, n) }));
    members.sort((a, b) => a.order - b.order || a.n - b.n);
    const count = Math.round(share * members.length);
    for (let i = 0; i < count; i++) endolymph[members[i]!.n] = 1;
  };
  const cochlea = centroid(block, EAR_LABEL.cochlea);
  const [wx, wy, wz] = MODIOLAR_AXIS;
  rank(EAR_LABEL.cochlea, shares.cochlea, (p) => {
    const d = [p[0] - cochlea[0], p[1] - cochlea[1], p[2] - cochlea[2]] as const;
    const along = d[0] * wx + d[1] * wy + d[2] * wz;
    const r: Vector3 = [d[0] - along * wx, d[1] - along * wy, d[2] - along * wz];
    const n = Math.hypot(...r) || 1;
    const outwards: Vector3 = [r[0] / n, r[1] / n, r[2] / n];
    const e = relativePosition(block, EAR_LABEL.cochlea, p, outwards);
    const f = relativePosition(block, EAR_LABEL.cochlea, p, MODIOLAR_AXIS);
    return Math.abs(Math.atan2(f, e + 0.2) - 0.6);
  });
  const v = centroid(block, EAR_LABEL.vestibule);
  let front = 0;
  let members = 0;
  forEachOf(block, EAR_LABEL.vestibule, (p) => {
    front += Math.abs(p[1] - v[1]);
    members++;
  });
  const spread = (2 * front) / Math.max(1, members);
  rank(EAR_LABEL.vestibule, shares.vestibule, (p) => {
    const utricle = Math.hypot(
      p[0] - v[0],
      p[1] - v[1] - 0.35 * spread,
      p[2] - v[2] - 0.2 * spread
    );
    const saccule = Math.hypot(p[0] - v[0], p[1] - v[1] + 0.6 * spread, p[2] - v[2] + 0.2 * spread);
    return Math.min(utricle, 1.5 * saccule);
  });
  rank(EAR_LABEL.canals, shares.canals, (p) => -wallDistance(block, p));
  return endolymph;
}

function forEachOf(block: LabelBlock, label: number, visit: (p: Vector3, n: number) => void): void {
  const [a, b, c] = block.size;
  for (let k = 0, n = 0; k < c; k++)
    for (let j = 0; j < b; j++)
      for (let i = 0; i < a; i++, n++) if (block.labels[n] === label) visit([i, j, k], n);
}

export function centroid(block: LabelBlock, label: number): Vector3 {
  const sum: Vector3 = [0, 0, 0];
  let count = 0;
  forEachOf(block, label, (p) => {
    sum[0] += p[0];
    sum[1] += p[1];
    sum[2] += p[2];
    count++;
  });
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** −1 at the near wall to 1 at the far wall along a direction. */
function relativePosition(block: LabelBlock, label: number, p: Vector3, d: Vector3): number {
  const reach = (sign: number): number => {
    for (let step = 0.5; step < 15; step += 0.5) {
      const q = p.map((value, a) => Math.round(value + sign * step * d[a]!));
      const inside = q.every((value, a) => value >= 0 && value < block.size[a]!);
      if (
        !inside ||
        block.labels[q[0]! + block.size[0] * (q[1]! + block.size[1] * q[2]!)] !== label
      )
        return step;
    }
    return 15;
  };
  const forwards = reach(1);
  const backwards = reach(-1);
  return (backwards - forwards) / (backwards + forwards);
}

/** Voxels to the nearest wall along the three axes' directions. */
function wallDistance(block: LabelBlock, p: Vector3): number {
  let least = Infinity;
  for (const [a, s] of [
    [0, 1],
    [0, -1],
    [1, 1],
    [1, -1],
    [2, 1],
    [2, -1],
  ] as const) {
    const q: Vector3 = [...p];
    let steps = 0;
    do {
      q[a] += s;
      steps++;
    } while (
      q[a] >= 0 &&
      q[a] < block.size[a] &&
      steps < 20 &&
      block.labels[q[0] + block.size[0] * (q[1] + block.size[1] * q[2])] === EAR_LABEL.canals
    );
    least = Math.min(least, steps);
  }
  return least;
}
