import { median, percentile } from '../statistics';
import type { Volume } from '../types';

/** Voxels looked at. */
const SAMPLES = 150_000;
/** Fewest voxels to take a median of. */
const MIN_VOXELS = 100;
/** Spread of Rayleigh magnitudes (no signal) in units of σ. */
const RAYLEIGH_SPREAD = 0.655;

/** Stride through a volume's data for samples all over it. */
export function sampleStep(data: Float32Array): number {
  return Math.max(1, Math.floor(data.length / SAMPLES)) | 1;
}

/**
 * MRC of the brightest fluid: 99.5th percentile.
 *
 * @param leftOut 1 for each voxel that does not count; by default what is missing
 */
export function brightestFluid({ data, missing }: Volume, leftOut = missing): number {
  const step = sampleStep(data);
  const sample: number[] = [];
  for (let n = 0; n < data.length; n += step) if (!leftOut?.[n]) sample.push(data[n]!);
  return percentile(sample, 0.995);
}

/**
 * Standard deviation of MRC's Gaussian noise before the magnitude, from second differences along the rows in dark
 * voxels; 0 where these are masked to zero.
 *
 * @param dark value up to which a voxel is looked at; where noise itself is not dark, `Infinity`: most of a head holds
 * no edge
 * @param leftOut as of `brightestFluid`
 */
export function noiseOfMrc({ data, missing }: Volume, dark: number, leftOut = missing): number {
  const differences: number[] = [];
  const levels: number[] = [];
  const step = sampleStep(data);
  for (let n = 1; n < data.length - 1; n += step) {
    const [a, b, c] = [data[n - 1]!, data[n]!, data[n + 1]!];
    if (b === 0 || a > dark || b > dark || c > dark) continue;
    if (leftOut && (leftOut[n - 1] || leftOut[n] || leftOut[n + 1])) continue;
    differences.push(Math.abs(a - 2 * b + c));
    levels.push(b);
  }
  if (differences.length < MIN_VOXELS) return 0;
  const spread = (1.4826 * median(differences)) / Math.sqrt(6);
  return median(levels) < 3 * spread ? spread / RAYLEIGH_SPREAD : spread;
}
