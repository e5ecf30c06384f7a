import type { PreparedStudy } from '../study';
import { normalCdf, roundEstimate } from '../statistics';
import type { NoiseEstimate } from './noise';

/** What is counted in some voxels: of a slice of an organ, or of the whole of it. */
export interface EndolymphCount {
  /** Endolymph / all, 0–1. */
  ratio: number;
  total: number;
  endolymph: number;
  /** Share of the voxels whose |PPI − PEI| lies within the noise, 0–1; null without an estimate of noise. */
  withinNoise: number | null;
  /** 95 % interval of the ratio from that noise; null without. */
  interval: [number, number] | null;
}

/**
 * Counts the endolymph mask in a region; slices, areas and volumes are all counted here.
 *
 * @param indices positions in `Volume.data`, at least one
 */
export function countEndolymph(
  prepared: PreparedStudy,
  indices: Int32Array,
  noise: NoiseEstimate | null
): EndolymphCount {
  const hydrops = prepared.hydrops.data;
  let endolymph = 0;
  let within = 0;
  let expected = 0;
  let variance = 0;
  for (const n of indices) {
    endolymph += prepared.endolymph[n]!;
    if (!noise) continue;
    const score = hydrops[n]! / noise.hydrops;
    if (Math.abs(score) <= 1.96) within++;
    const negative = normalCdf(-score);
    expected += negative;
    variance += negative * (1 - negative);
  }
  const total = indices.length;
  const ratio = endolymph / total;
  if (!noise) return { ratio, total, endolymph, withinNoise: null, interval: null };
  // Noise also pulls the count towards one half: the interval reaches as far as it may have done.
  const reach = (1.96 * Math.sqrt(variance)) / total;
  const pull = expected / total - ratio;
  return {
    ratio,
    total,
    endolymph,
    withinNoise: within / total,
    interval: [
      roundEstimate(Math.max(0, ratio - reach - Math.max(0, pull))),
      roundEstimate(Math.min(1, ratio + reach + Math.max(0, -pull))),
    ],
  };
}
