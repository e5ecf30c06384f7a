import type { Sampling, Vector3 } from '../types';
import { sampleWeights, SPLINE_REACH } from './cubicSpline';
import { sampledIndex } from './maskPlacement';

/**
 * Share of the noise variance that a series keeps where `resample` with cubic interpolation brings it onto a grid: 1 where
 * its values are copied, about a half between eight voxels. What a larger voxel averages is no loss: there 1 is what the
 * mean of as many voxels keeps.
 *
 * @param size of the grid, voxels
 */
export function noiseKept(sampling: Sampling, size: Vector3): number {
  const averaged = sampling.steps.reduce((all, step) => all * Math.max(1, Math.hypot(...step)), 1);
  let sum = 0;
  for (let n = 0; n < PLACES; n++) {
    // Spread over the grid without a common step (multiples of three irrational numbers).
    const index = IRRATIONAL.map((x, axis) => Math.floor(((n * x) % 1) * size[axis]!)) as Vector3;
    sum += squaredWeights(sampling, sampledIndex(sampling, index));
  }
  return Math.min(1, (averaged * sum) / PLACES);
}

const PLACES = 64;
const IRRATIONAL: Vector3 = [Math.SQRT2, Math.sqrt(3), Math.sqrt(5)];

/** Σ weight² of the samples in one value. */
function squaredWeights({ offsets }: Sampling, at: Vector3): number {
  const taps = 2 * SPLINE_REACH;
  const weights = [0, 1, 2].map(() => new Float64Array(taps));
  const shares = new Map<string, number>();
  for (let o = 0; o < offsets.length; o += 3) {
    const place = at.map((x, axis) => x + offsets[o + axis]!);
    const floor = place.map((x) => Math.floor(x + 1e-6));
    place.forEach((x, axis) => sampleWeights(Math.max(0, x - floor[axis]!), weights[axis]!));
    const [wx, wy, wz] = weights as [Float64Array, Float64Array, Float64Array];
    for (let c = 0; c < taps; c++)
      for (let b = 0; b < taps; b++)
        for (let a = 0; a < taps; a++) {
          const weight = (3 / offsets.length) * wx[a]! * wy[b]! * wz[c]!;
          if (Math.abs(weight) < 1e-4) continue;
          const key = `${floor[0]! + a},${floor[1]! + b},${floor[2]! + c}`;
          shares.set(key, (shares.get(key) ?? 0) + weight);
        }
  }
  return [...shares.values()].reduce((sum, weight) => sum + weight * weight, 0);
}
