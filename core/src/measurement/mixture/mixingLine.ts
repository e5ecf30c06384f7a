import { itemAt } from '../../items';
import type { NoiseEstimate } from '../noise';
import { scaledBessel0 } from '../noise';

/**
 * Where a voxel's fluid lies between two pure fluids, in the plane of the signed ratios PPI/MRC and
 * PEI/MRC. Both ratios of every mixture lie on the straight line through the two end members, since
 * signed signals add in a voxel; the amount of fluid (partial volume with bone), proton density and
 * coil sensitivity cancel in the ratios.
 */
export interface MixingLine {
  /** Signed PPI/MRC and PEI/MRC of fluid without gadolinium: both negative. */
  start: readonly [number, number];
  /** Change of PEI/MRC for a change of PPI/MRC of one. */
  slope: number;
}

/** Gauss–Hermite nodes and weights for three points of a normal distribution. */
const NODES = [
  [-Math.sqrt(3), 1 / 6],
  [0, 2 / 3],
  [Math.sqrt(3), 1 / 6],
] as const;

/**
 * Likelihood of one voxel's magnitudes for each position on the line (rise of PPI/MRC above `start`),
 * up to a factor: Rician in PPI and PEI, MRC's own noise integrated out. Both signs are in it: the
 * magnitudes of PPI and PEI fold at different positions, so that together they tell the branches apart. Values below
 * zero count as zero.
 *
 * @param result likelihood at each of `positions`, overwritten
 */
export function lineLikelihood(
  line: MixingLine,
  positions: Float64Array,
  voxel: { mrc: number; ppi: number; pei: number },
  noise: { magnitude: NoiseEstimate['magnitude']; mrc: number },
  result: Float64Array
): void {
  const sigma = noise.magnitude;
  result.fill(0);
  for (const [node, weight] of NODES) {
    const mrc = Math.max(0, voxel.mrc + node * noise.mrc);
    for (let j = 0; j < positions.length; j++) {
      const ppi = mrc * (line.start[0] + positions[j]!);
      const pei = mrc * (line.start[1] + line.slope * positions[j]!);
      result[j]! += weight * rician(voxel.ppi, ppi, sigma) * rician(voxel.pei, pei, sigma);
    }
  }
  for (let j = 0; j < positions.length; j++) result[j]! += 1e-100;
}

/**
 * Rician density of a magnitude in units of 1/σ, without the factor that does not depend on the signal. No scanner
 * stores a magnitude below zero: it is where cubic interpolation swings below a dark place beside a bright one. All
 * that it says is that there is next to no signal, and it counts as the magnitude zero. A Gaussian, which is what
 * signed noise would have, would take the depth of the swing for evidence.
 */
export function rician(magnitude: number, signal: number, sigma: number): number {
  const x = Math.max(0, magnitude) / sigma;
  const a = Math.abs(signal) / sigma;
  return Math.exp(-0.5 * (x - a) * (x - a)) * scaledBessel0(x * a);
}

/**
 * Distribution over the positions that makes the voxels most likely, without assuming a shape
 * (nonparametric maximum likelihood by expectation maximisation; Laird, J Am Stat Assoc 1978).
 *
 * @param likelihoods one row a voxel
 */
export function mostLikelyDistribution(
  likelihoods: readonly Float64Array[],
  iterations: number
): Float64Array<ArrayBuffer> {
  const count = itemAt(likelihoods, 0).length;
  let weights = new Float64Array(count).fill(1 / count);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = new Float64Array(count);
    for (const row of likelihoods) {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += weights[j]! * row[j]!;
      for (let j = 0; j < count; j++) next[j]! += (weights[j]! * row[j]!) / sum;
    }
    for (let j = 0; j < count; j++) next[j]! /= likelihoods.length;
    weights = next;
  }
  return weights;
}
