import type { PreparedStudy } from '../study';
import { normalCdf, roundEstimate } from '../statistics';
import type { AlignmentError } from './alignmentError';
import type { NoiseEstimate } from './noise';

/** What is counted in some voxels: of a slice of an organ, or of the whole of it. */
export interface EndolymphCount {
  /** Endolymph / all, 0–1. */
  ratio: number;
  total: number;
  endolymph: number;
  /** Share of the voxels whose |PPI − PEI| lies within the noise, 0–1; null without an estimate of noise. */
  withinNoise: number | null;
  /** 95 % interval of the ratio, of that noise and of how well PPI is aligned with PEI; null without noise. */
  interval: [number, number] | null;
}

/**
 * Counts the endolymph mask in a region; slices, areas and volumes are all counted here.
 *
 * @param indices positions in `Volume.data`, at least one
 * @param alignment of the organ; null where it has no part
 * @param from place of the first of `indices` among the organ's
 */
export function countEndolymph(
  prepared: PreparedStudy,
  indices: Int32Array,
  noise: NoiseEstimate | null,
  alignment: AlignmentError | null = null,
  from = 0
): EndolymphCount {
  const hydrops = prepared.hydrops.data;
  const deviation = Math.hypot(noise?.hydrops ?? 0, alignment?.deviation ?? 0);
  let endolymph = 0;
  let within = 0;
  let expected = 0;
  let variance = 0;
  for (const n of indices) {
    endolymph += prepared.endolymph[n]!;
    if (!noise) continue;
    if (Math.abs(hydrops[n]!) <= 1.96 * noise.hydrops) within++;
    const negative = normalCdf(-hydrops[n]! / deviation);
    expected += negative;
    variance += negative * (1 - negative);
  }
  const total = indices.length;
  const ratio = endolymph / total;
  if (!noise) return { ratio, total, endolymph, withinNoise: null, interval: null };
  // Noise also pulls the count towards one half: the interval reaches as far as it may have done.
  const reach = (1.96 * Math.sqrt(variance)) / total;
  const pull = expected / total - ratio;
  const moved = reachOfDisplacement(alignment, { from, total, endolymph });
  const below = Math.hypot(reach + Math.max(0, pull), moved.below);
  const above = Math.hypot(reach + Math.max(0, -pull), moved.above);
  return {
    ratio,
    total,
    endolymph,
    withinNoise: within / total,
    interval: [
      roundEstimate(Math.max(0, ratio - below)),
      roundEstimate(Math.min(1, ratio + above)),
    ],
  };
}

/** How far the ratio may lie below and above what is counted because PPI may stand elsewhere. */
function reachOfDisplacement(
  alignment: AlignmentError | null,
  { from, total, endolymph }: { from: number; total: number; endolymph: number }
): { below: number; above: number } {
  let [least, most] = [endolymph, endolymph];
  for (const mask of alignment?.displaced ?? []) {
    let count = 0;
    for (let n = from; n < from + total; n++) count += mask[n]!;
    least = Math.min(least, count);
    most = Math.max(most, count);
  }
  return { below: (endolymph - least) / total, above: (most - endolymph) / total };
}
