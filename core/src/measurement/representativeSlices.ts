import { mapAxes, perAxis } from '../axes';
import { EARS, perEar } from '../registry';
import {
  type Organ,
  ANATOMY,
  type EarSide,
  type LabelVolume,
  type Vector3,
  type Volume,
} from '../types';
import { dot, voxelToWorld, worldToVoxel } from '../volume';
import { fitRing, principalAxes } from './shape';

export type RepresentativeSlices = Record<EarSide, Record<Organ, number | null>>;

/**
 * The slice (index k on MRC's grid) on which each organ's area is measured, by the rules of the paper
 * (INHEARIT, 2020):
 * - cochlea: the slice that shows basal, middle and apical turn; of several such slices, that with the tallest
 *   modiolus, which is nearest to the modiolus' tip in the apical turn;
 * - vestibule: the lowest slice (towards the feet) on which the ring of lateral canal and vestibule
 *   is visible for more than 240°.
 *
 * Fallbacks: without a lateral canal, or where no slice shows 240°, the slice with the widest ring,
 * else with the largest area. Null where the anatomy lacks the organ.
 *
 * @param anatomy values of `ANATOMY` on MRC's grid
 */
export function representativeSlices(anatomy: Uint8Array, mrc: Volume): RepresentativeSlices {
  return findSlices(anatomy, mrc).slices;
}

/** Representative slices, and how they were found. */
export interface FoundSlices {
  slices: RepresentativeSlices;
  /** Ears without a lateral canal that could show a ring: the slice of the vestibule is that of its largest area. */
  byArea: EarSide[];
}

/** As `representativeSlices`. */
export function findSlices(anatomy: Uint8Array, mrc: Volume): FoundSlices {
  const byArea: EarSide[] = [];
  const voxels = new Map<number, number[]>();
  for (let n = 0; n < anatomy.length; n++) {
    const code = anatomy[n]!;
    if (code === ANATOMY.background) continue;
    const list = voxels.get(code);
    if (list) list.push(n);
    else voxels.set(code, [n]);
  }
  const slices = perEar((side): RepresentativeSlices[EarSide] => {
    const offset = EARS[side].anatomyOffset;
    const of = (code: number): number[] => voxels.get(code + offset) ?? [];
    const vestibule = of(ANATOMY.vestibule);
    const ring = ringSlice(anatomy, mrc, of(ANATOMY.lateralCanal), vestibule, offset);
    if (ring === null && vestibule.length > 0) byArea.push(side);
    return {
      cochlea: cochlearSlice(of(ANATOMY.cochlea), mrc, side === 'left'),
      vestibule: ring ?? largestSlice(vestibule, mrc),
    };
  });
  return { slices, byArea };
}

/** Direction from the base of the cochlea to its apex in a left ear, LPS: forwards, outwards, down. */
const APEX_DIRECTION: Vector3 = [0.6, -0.77, -0.2];
/** Cosine between the cochlea's shortest axis and the expected axis below which the expected axis is used. */
const AXIS_AGREES = 0.75;
/** Area, mm², from which a turn counts as visible. */
const VISIBLE_AREA = 0.5;

function cochlearSlice(indices: number[], mrc: Volume, left: boolean): number | null {
  if (indices.length === 0) return null;
  const points = indices.map((n) => positionOf(mrc, n));
  const expected: Vector3 = [
    left ? APEX_DIRECTION[0] : -APEX_DIRECTION[0],
    APEX_DIRECTION[1],
    APEX_DIRECTION[2],
  ];
  const shortest = principalAxes(points).axes[2];
  const agreement = dot(shortest, expected);
  const axis =
    Math.abs(agreement) >= AXIS_AGREES
      ? mapAxes(shortest, (x) => x * Math.sign(agreement))
      : expected;
  const heights = points.map((point) => dot(point, axis));
  const sorted = [...heights].sort((a, b) => a - b);
  const low = sorted[Math.floor(0.02 * (sorted.length - 1))]!;
  const high = sorted[Math.ceil(0.98 * (sorted.length - 1))]!;
  const pixel = mrc.spacing[0] * mrc.spacing[1];
  const plane = mrc.size[0] * mrc.size[1];

  const slices = new Map<number, number[]>();
  indices.forEach((n, at) => {
    const k = Math.floor(n / plane);
    const list = slices.get(k) ?? [];
    list.push((heights[at]! - low) / Math.max(1e-6, high - low));
    slices.set(k, list);
  });
  const apex = apexSlice(points, heights, axis, mrc, high);
  let best: number | null = null;
  let bestScore = -Infinity;
  for (const [k, list] of slices) {
    const thirds = [0, 0, 0];
    for (const height of list) {
      thirds[Math.min(2, Math.max(0, Math.floor(3 * height)))]! += pixel;
    }
    const turns = thirds.filter((area) => area >= VISIBLE_AREA).length;
    const score = 1000 * turns - Math.abs(k - apex);
    if (score > bestScore) {
      bestScore = score;
      best = k;
    }
  }
  return best;
}

/** Share of the voxels nearest to the apex that lie around the tip of the modiolus. */
const APICAL_SHARE = 0.1;
/** Half height of the apical lumen, mm: the modiolus ends in its middle. */
const APICAL_HALF_HEIGHT = 0.7;

/**
 * The modiolus is wide at the base and a thread at the apex: the slice that shows it tallest is the
 * slice through its tip. The tip lies amid the apical turn, half a lumen below the highest fluid.
 *
 * @returns position of the tip along the stack, in slices, not rounded
 */
function apexSlice(
  points: Vector3[],
  heights: number[],
  axis: Readonly<Vector3>,
  mrc: Volume,
  top: number
): number {
  const sorted = [...heights].sort((a, b) => a - b);
  const limit = sorted[Math.floor((1 - APICAL_SHARE) * (sorted.length - 1))]!;
  const apical = points.filter((_, n) => heights[n]! >= limit);
  const middle = perAxis((n) => apical.reduce((sum, point) => sum + point[n], 0) / apical.length);
  const along = top - APICAL_HALF_HEIGHT - dot(middle, axis);
  return worldToVoxel(
    mrc,
    mapAxes(middle, (x, n) => x + along * axis[n])
  )[2];
}

const BINS = 72;
const MIN_COVERAGE = 240;
/** Fewest voxels of a lateral canal whose ring can be fitted. */
const MIN_CANAL_VOXELS = 12;

function ringSlice(
  anatomy: Uint8Array,
  mrc: Volume,
  canal: number[],
  vestibule: number[],
  offset: number
): number | null {
  if (canal.length < MIN_CANAL_VOXELS || vestibule.length === 0) return null;
  const ring = fitRing(canal.map((n) => positionOf(mrc, n)));
  if (!ring) return null;
  const [columns, rows, slices] = mrc.size;
  const coverage = new Int32Array(slices);
  for (let bin = 0; bin < BINS; bin++) {
    const angle = (2 * Math.PI * bin) / BINS;
    const point = mapAxes(
      ring.center,
      (x, n) =>
        x + ring.radius * (Math.cos(angle) * ring.axes[0][n] + Math.sin(angle) * ring.axes[1][n])
    );
    const [i, j] = mapAxes(worldToVoxel(mrc, point), Math.round);
    if (i < 0 || j < 0 || i >= columns || j >= rows) continue;
    for (let k = 0; k < slices; k++) {
      const code = anatomy[i + columns * (j + rows * k)]! - offset;
      if (code === ANATOMY.lateralCanal || code === ANATOMY.vestibule) coverage[k]!++;
    }
  }
  const organ = new Set(vestibule.map((n) => Math.floor(n / (columns * rows))));
  const upwards = mrc.direction[8] >= 0;
  let widest: number | null = null;
  for (let step = 0; step < slices; step++) {
    const k = upwards ? step : slices - 1 - step;
    if (!organ.has(k)) continue;
    if ((coverage[k]! * 360) / BINS > MIN_COVERAGE) return k;
    if (coverage[k]! > (widest === null ? 0 : coverage[widest]!)) widest = k;
  }
  return widest;
}

function largestSlice(indices: number[], mrc: Volume): number | null {
  const plane = mrc.size[0] * mrc.size[1];
  const counts = new Map<number, number>();
  for (const n of indices) {
    const k = Math.floor(n / plane);
    counts.set(k, (counts.get(k) ?? 0) + 1);
  }
  let best: number | null = null;
  for (const [k, count] of counts) {
    if (best === null || count > (counts.get(best) ?? 0)) best = k;
  }
  return best;
}

function positionOf(mrc: Volume, n: number): Vector3 {
  const [columns, rows] = mrc.size;
  return voxelToWorld(mrc, [
    n % columns,
    Math.floor(n / columns) % rows,
    Math.floor(n / (columns * rows)),
  ]);
}

/** Labels of the segments as values of `ANATOMY`, for rules that want an anatomy volume. */
export function anatomyFromLabels(labels: LabelVolume): Uint8Array {
  const table = new Uint8Array(256);
  for (const segment of labels.segments) {
    table[segment.number] = ANATOMY[segment.organ] + EARS[segment.ear].anatomyOffset;
  }
  const anatomy = new Uint8Array(labels.data.length);
  for (let n = 0; n < anatomy.length; n++) anatomy[n] = table[labels.data[n]!]!;
  return anatomy;
}
