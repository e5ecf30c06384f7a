import type { Vector3, Volume } from '../types';

/** Pole of the recursive filter that makes a cubic B-spline pass through its samples. */
const POLE = Math.sqrt(3) - 2;
/** Samples after which the start of the recursion is below the precision of the data (|POLE|^25 < 1e-14). */
const HORIZON = 25;
/** Samples on each side of a position whose weight in a value is not negligible (beyond: 0.3 % of a step). */
export const SPLINE_REACH = 4;

/**
 * Coefficients of the cubic B-spline through the samples of a volume, mirrored at its outermost voxels (Unser, IEEE
 * Signal Processing Magazine 16(6), 1999; as `scipy.ndimage.spline_filter` with mode "mirror"). What is `missing` is
 * first replaced from its neighbours, since the filter would carry its values on.
 *
 * @returns one per voxel, column fastest
 */
export function splineCoefficients(volume: Volume): Float32Array {
  const { size, missing } = volume;
  const data = missing ? filled(volume.data, missing, size) : volume.data.slice();
  let step = 1;
  for (const count of size) {
    // All lines of a row, or of a slice, at once: along the memory, not across it.
    if (count > 1) {
      const block = step * count;
      for (let at = 0; at < data.length; at += block) filterBlock(data, at, step, count);
    }
    step *= count;
  }
  return data;
}

/** Filters `step` interleaved lines of `count` samples from `at` on. */
function filterBlock(data: Float32Array, at: number, step: number, count: number): void {
  const gain = (1 - POLE) * (1 - 1 / POLE);
  const [first, last] = [at, at + (count - 1) * step];
  const before = new Float64Array(step);
  for (let s = 0; s < step; s++) {
    let sum = data[first + s]!;
    let power = POLE;
    // The mirrored signal has the period 2 · count − 2.
    for (let n = 1; n < HORIZON; n++, power *= POLE)
      sum += power * data[first + s + step * mirrored(n, count)]!;
    before[s] = gain * sum;
  }
  for (let n = first; n <= last; n += step) {
    for (let s = 0; s < step; s++) {
      if (n > first) before[s] = gain * data[n + s]! + POLE * before[s]!;
      data[n + s] = before[s]!;
    }
  }
  const previous = last - step;
  for (let s = 0; s < step; s++) {
    before[s] = (POLE / (POLE * POLE - 1)) * (POLE * data[previous + s]! + data[last + s]!);
    data[last + s] = before[s]!;
  }
  for (let n = previous; n >= first; n -= step) {
    for (let s = 0; s < step; s++) {
      before[s] = POLE * (before[s]! - data[n + s]!);
      data[n + s] = before[s]!;
    }
  }
}

/** Weights of the four B-splines about a position, of the fraction 0 ≤ f < 1 past the second. */
export function splineWeights(f: number, weights: Float64Array): void {
  const g = 1 - f;
  weights[0] = (g * g * g) / 6;
  weights[1] = 2 / 3 - 0.5 * f * f * (2 - f);
  weights[2] = 2 / 3 - 0.5 * g * g * (2 - g);
  weights[3] = (f * f * f) / 6;
}

/** Share of the samples −3 … 4 about a position, of the fraction 0 ≤ f < 1 past sample 0, in the value there. */
export function sampleWeights(f: number, weights: Float64Array): void {
  splineWeights(f, NEAR);
  for (let m = 1 - SPLINE_REACH; m <= SPLINE_REACH; m++) {
    let sum = 0;
    for (let a = -1; a <= 2; a++) sum += NEAR[a + 1]! * INVERSE[Math.abs(a - m)]!;
    // On a sample the others cancel out, but for rounding.
    weights[m + SPLINE_REACH - 1] = Math.abs(sum) < 1e-9 ? 0 : sum;
  }
}

const NEAR = new Float64Array(4);
/** The coefficients of a single sample of 1, by their distance from it. */
const INVERSE = Float64Array.from(
  { length: SPLINE_REACH + 3 },
  (_, n) => ((-6 * POLE) / (1 - POLE * POLE)) * POLE ** n
);

/** The index within 0 … count − 1 that stands for one outside. */
export function mirrored(index: number, count: number): number {
  if (count === 1) return 0;
  const period = 2 * count - 2;
  const within = ((index % period) + period) % period;
  return within < count ? within : period - within;
}

/** The data with missing voxels between, or beside, the measured ones of their row, else of their column, else of their stack. */
function filled(source: Float32Array, missing: Uint8Array, size: Vector3): Float32Array {
  const data = source.slice();
  const open = missing.slice();
  let step = 1;
  for (const count of size) {
    for (let at = 0; at < data.length; at += step * count)
      for (let s = at; s < at + step; s++) fillLine(data, open, { start: s, step, count });
    step *= count;
  }
  return data;
}

function fillLine(
  data: Float32Array,
  open: Uint8Array,
  { start, step, count }: { start: number; step: number; count: number }
): void {
  let last = -1;
  const fill = (from: number, to: number): void => {
    for (let n = from + 1; n < to; n++) {
      const share = from < 0 ? 1 : to >= count ? 0 : (n - from) / (to - from);
      const low = share < 1 ? data[start + from * step]! : 0;
      const high = share > 0 ? data[start + to * step]! : 0;
      data[start + n * step] = low + share * (high - low);
      open[start + n * step] = 0;
    }
  };
  for (let n = 0; n < count; n++) {
    if (open[start + n * step] === 1) continue;
    if (n > last + 1) fill(last, n);
    last = n;
  }
  if (last >= 0) fill(last, count);
}
