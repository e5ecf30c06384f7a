import type { PreparedStudy } from '../study';
import type { Volume } from '../types';
import { median, percentile } from '../statistics';

export interface NoiseEstimate {
  /** Standard deviation of the Gaussian noise of PPI (and PEI) as they are compared, before the magnitude is taken. */
  magnitude: number;
  /**
   * Standard deviation of HYDROPS where PPI and PEI hold signal, as these were stored: interpolation hides noise, and what
   * hangs on it does not become surer.
   */
  hydrops: number;
}

const cache = new WeakMap<PreparedStudy, NoiseEstimate | null>();

/**
 * Noise of the study, from HYDROPS in tissue without bright fluid, where PPI and PEI should agree:
 * the robust spread (1.4826 · median absolute deviation) of the difference. Magnitude noise is
 * Rician; its spread falls to 0.655 σ where there is no signal, so the local signal-to-noise ratio
 * corrects it (Koay & Basser, J Magn Reson 2006). Depends on the images alone, never on a ROI, so that
 * an edit leaves it unchanged. Null when there is no difference image of two magnitudes, or no
 * voxel to estimate from.
 */
export function estimateNoise(prepared: PreparedStudy): NoiseEstimate | null {
  const known = cache.get(prepared);
  if (known !== undefined) return known;
  const estimate =
    prepared.method === 'hydrops-mi2' && prepared.pei
      ? differenceNoise(prepared, prepared.pei)
      : null;
  cache.set(prepared, estimate);
  return estimate;
}

/** Voxels looked at; enough for a spread within 1 %. */
const SAMPLES = 60_000;
const MIN_SAMPLES = 200;

function differenceNoise(
  { mrc, ppi, leftOut, noiseKept = 1 }: PreparedStudy,
  pei: Volume
): NoiseEstimate | null {
  // A step without small common factors with usual matrices walks through all columns.
  const step = Math.max(1, Math.floor(mrc.data.length / (4 * SAMPLES))) | 1;
  const picked: number[] = [];
  const bright: number[] = [];
  for (let n = 0; n < mrc.data.length; n += step) {
    // Exact zeros are padding or masked air: no noise to see there.
    if ((ppi.data[n] === 0 && pei.data[n] === 0) || leftOut?.[n]) continue;
    picked.push(n);
    bright.push(mrc.data[n]!);
  }
  if (picked.length < MIN_SAMPLES) return null;
  const dim = 0.15 * percentile(bright, 0.995);
  const differences: number[] = [];
  const levels: number[] = [];
  for (const n of picked) {
    if (mrc.data[n]! > dim) continue;
    differences.push(ppi.data[n]! - pei.data[n]!);
    levels.push(0.5 * (ppi.data[n]! + pei.data[n]!));
  }
  if (differences.length < MIN_SAMPLES) return null;
  const middle = median(differences);
  const spread = 1.4826 * median(differences.map((value) => Math.abs(value - middle)));
  if (!(spread > 0)) return null;
  // What interpolation took belongs to the spread: without it a dark image would look like one with signal.
  const stored = unfoldRician(median(levels), spread / Math.sqrt(2 * noiseKept));
  return { magnitude: stored * Math.sqrt(noiseKept), hydrops: stored * Math.SQRT2 };
}

/** Gaussian σ from mean and standard deviation of Rician magnitudes: Koay's fixed point. */
function unfoldRician(mean: number, deviation: number): number {
  const lowest = Math.sqrt(Math.PI / (4 - Math.PI));
  const ratio = mean / deviation;
  if (ratio <= lowest) return deviation / Math.sqrt(2 - Math.PI / 2);
  let theta = ratio - lowest;
  for (let n = 0; n < 200; n++) {
    const next = Math.sqrt(Math.max(0, koay(theta) * (1 + ratio * ratio) - 2));
    if (Math.abs(next - theta) < 1e-6) break;
    theta = next;
  }
  return deviation / Math.sqrt(koay(theta));
}

/** Variance of Rician magnitudes with signal-to-noise ratio θ, in units of σ². */
function koay(theta: number): number {
  const t2 = theta * theta;
  if (t2 > 1000) return 1;
  const x = t2 / 4;
  const bracket = (2 + t2) * scaledBessel0(x) + t2 * scaledBessel1(x);
  return 2 + t2 - (Math.PI / 8) * bracket * bracket;
}

/** exp(−|x|)·I₀(x), an even function (Abramowitz & Stegun 9.8.1, 9.8.2). */
export function scaledBessel0(argument: number): number {
  const x = Math.abs(argument);
  if (x < 3.75) {
    const t = (x / 3.75) ** 2;
    return (
      Math.exp(-x) *
      (1 +
        t *
          (3.5156229 +
            t * (3.0899424 + t * (1.2067492 + t * (0.2659732 + t * (0.0360768 + t * 0.0045813))))))
    );
  }
  const t = 3.75 / x;
  return (
    (0.39894228 +
      t *
        (0.01328592 +
          t *
            (0.00225319 +
              t *
                (-0.00157565 +
                  t *
                    (0.00916281 +
                      t *
                        (-0.02057706 + t * (0.02635537 + t * (-0.01647633 + t * 0.00392377)))))))) /
    Math.sqrt(x)
  );
}

/** exp(−x)·I₁(x) for x ≥ 0 (Abramowitz & Stegun 9.8.3, 9.8.4). */
function scaledBessel1(x: number): number {
  if (x < 3.75) {
    const t = (x / 3.75) ** 2;
    return (
      Math.exp(-x) *
      x *
      (0.5 +
        t *
          (0.87890594 +
            t *
              (0.51498869 +
                t * (0.15084934 + t * (0.02658733 + t * (0.00301532 + t * 0.00032411))))))
    );
  }
  const t = 3.75 / x;
  return (
    (0.39894228 +
      t *
        (-0.03988024 +
          t *
            (-0.00362018 +
              t *
                (0.00163801 +
                  t *
                    (-0.01031555 +
                      t *
                        (0.02282967 + t * (-0.02895312 + t * (0.01787654 - t * 0.00420059)))))))) /
    Math.sqrt(x)
  );
}
