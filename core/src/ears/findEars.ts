import type { EarSide, Vector3 } from '../types';

/** Where the locator saw something like an inner ear. */
export interface EarCandidate {
  /** LPS mm. */
  center: Vector3;
  /** Mean of the ear probability near the centre, 0–1. */
  score: number;
  /** Share of that probability which speaks for a left ear, 0–1. */
  leftShare: number;
}

export interface EarHeat {
  /** Locator grid: columns, rows, slices, and millimetres between samples. */
  size: Vector3;
  spacing: Vector3;
  /** Probability of the left and of the right ear at each voxel. */
  left: Float32Array;
  right: Float32Array;
  /** LPS mm of a continuous locator voxel index. */
  toWorld(index: Vector3): Vector3;
}

const CANDIDATES = 6;
const CORE_RADIUS = 5;
const CLEAR_RADIUS = 16;
const MIN_SCORE = 0.08;

/** Peaks of the smoothed heat, strongest first, none within 16 mm of a stronger peak. */
export function earCandidates(heat: EarHeat): EarCandidate[] {
  const sum = heat.left.map((value, index) => value + heat.right[index]!);
  const found: EarCandidate[] = [];
  const smooth = boxMean(sum, heat.size, heat.spacing.map((mm) => Math.round(4 / mm)) as Vector3);
  while (found.length < CANDIDATES) {
    let peak = 0;
    for (let index = 1; index < smooth.length; index++) {
      if (smooth[index]! > smooth[peak]!) peak = index;
    }
    if (!(smooth[peak]! > MIN_SCORE / 4)) break;
    const at = unravel(peak, heat.size);
    const candidate = describeCandidate(heat, sum, at);
    if (candidate.score >= MIN_SCORE) found.push(candidate);
    forEachNear(heat, at, CLEAR_RADIUS, (index) => {
      smooth[index] = 0;
    });
  }
  return found.sort((a, b) => b.score - a.score);
}

function describeCandidate(heat: EarHeat, sum: Float32Array, at: Vector3): EarCandidate {
  let weight = 0;
  let left = 0;
  const moment: Vector3 = [0, 0, 0];
  forEachNear(heat, at, 10, (index, position) => {
    weight += sum[index]!;
    left += heat.left[index]!;
    for (let axis = 0; axis < 3; axis++) moment[axis]! += sum[index]! * position[axis]!;
  });
  const centroid = moment.map((value) => value / weight) as Vector3;
  let core = 0;
  let voxels = 0;
  forEachNear(heat, centroid, CORE_RADIUS, (index) => {
    core += sum[index]!;
    voxels++;
  });
  return {
    center: heat.toWorld(centroid),
    score: core / Math.max(voxels, 1),
    leftShare: left / weight,
  };
}

/** An ear that is settled: found by the networks or named by the reader. */
export type KnownCenters = Partial<Record<EarSide, Vector3>>;

/**
 * Chooses the ears among candidates. Two ears lie 45–115 mm apart, mostly along the patient's
 * left–right axis, and the ear at larger x is the left ear, whatever the network thought; a lone
 * ear takes the side that the network saw. Sides in `known` are not chosen again, and a candidate
 * for the other side must fit them.
 */
export function chooseEars(
  candidates: EarCandidate[],
  known: KnownCenters = {}
): Partial<Record<EarSide, EarCandidate>> {
  if (known.left && known.right) return {};
  const { left, right } = known;
  if (left) {
    const fit = candidates.find((candidate) => isPlausiblePair(left, candidate.center));
    return fit ? { right: fit } : {};
  }
  if (right) {
    const fit = candidates.find((candidate) => isPlausiblePair(candidate.center, right));
    return fit ? { left: fit } : {};
  }
  let best: [EarCandidate, EarCandidate] | null = null;
  let bestScore = 0;
  for (const a of candidates) {
    for (const b of candidates) {
      if (a.center[0] <= b.center[0] || !isPlausiblePair(a.center, b.center)) continue;
      const agreement = 0.5 + 0.25 * (a.leftShare + 1 - b.leftShare);
      const score = agreement * Math.sqrt(a.score * b.score);
      if (score > bestScore) [best, bestScore] = [[a, b], score];
    }
  }
  const single = candidates[0];
  if (best && (!single || bestScore > 0.35 * single.score))
    return { left: best[0], right: best[1] };
  if (!single) return {};
  return single.leftShare >= 0.5 ? { left: single } : { right: single };
}

function isPlausiblePair(left: Vector3, right: Vector3): boolean {
  const offset = left.map((value, axis) => value - right[axis]!);
  const length = Math.hypot(...offset);
  return length >= 45 && length <= 115 && Math.abs(offset[0]!) > 0.75 * length;
}

function unravel(index: number, size: Vector3): Vector3 {
  const column = index % size[0];
  const row = Math.floor(index / size[0]) % size[1];
  return [column, row, Math.floor(index / (size[0] * size[1]))];
}

function forEachNear(
  heat: EarHeat,
  center: Vector3,
  radius: number,
  visit: (index: number, position: Vector3) => void
): void {
  const { size, spacing } = heat;
  const low = center.map((c, axis) => Math.max(Math.ceil(c - radius / spacing[axis]!), 0));
  const high = center.map((c, axis) =>
    Math.min(Math.floor(c + radius / spacing[axis]!), size[axis]! - 1)
  );
  for (let k = low[2]!; k <= high[2]!; k++) {
    for (let j = low[1]!; j <= high[1]!; j++) {
      for (let i = low[0]!; i <= high[0]!; i++) {
        const distance = Math.hypot(
          (i - center[0]) * spacing[0],
          (j - center[1]) * spacing[1],
          (k - center[2]) * spacing[2]
        );
        if (distance <= radius) visit(i + size[0] * (j + size[1] * k), [i, j, k]);
      }
    }
  }
}

/** Mean over a box of ±reach voxels along each axis, zero outside. */
function boxMean(data: Float32Array, size: Vector3, reach: Vector3): Float32Array {
  let current = data;
  const stride = [1, size[0], size[0] * size[1]];
  for (let axis = 0; axis < 3; axis++) {
    const next = new Float32Array(current.length);
    const count = size[axis]!;
    const width = 2 * reach[axis]! + 1;
    for (let start = 0; start < current.length; start++) {
      if (Math.floor(start / stride[axis]!) % count !== 0) continue;
      let sum = 0;
      for (let n = 0; n < Math.min(reach[axis]!, count); n++)
        sum += current[start + n * stride[axis]!]!;
      for (let n = 0; n < count; n++) {
        if (n + reach[axis]! < count) sum += current[start + (n + reach[axis]!) * stride[axis]!]!;
        if (n - reach[axis]! - 1 >= 0)
          sum -= current[start + (n - reach[axis]! - 1) * stride[axis]!]!;
        next[start + n * stride[axis]!] = sum / width;
      }
    }
    current = next;
  }
  return current;
}
