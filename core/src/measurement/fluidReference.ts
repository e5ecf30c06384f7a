import type { PreparedStudy } from '../study';
import { brightestFluid, noiseOfMrc, sampleStep } from '../volume';
import { estimateNoise } from './noise';
import { median } from '../statistics';

/** What the images alone say about fluid without gadolinium (CSF) and about MRC's noise. */
export interface FluidReference {
  /** MRC of the brightest fluid: 99.5th percentile. */
  brightMrc: number;
  /** MRC above which a voxel counts as mostly fluid. */
  fluidLevel: number;
  /** Medians over all bright fluid, nearly all of it CSF: HYDROPS / MRC, |PPI| / MRC and |PEI| / MRC. */
  hydrops: number;
  ppi: number;
  pei: number | null;
  /** Standard deviation of MRC's Gaussian noise, before the magnitude. */
  mrcNoise: number;
}

const cache = new WeakMap<PreparedStudy, FluidReference | null>();
/** Fewest bright voxels to take a median of. */
const MIN_VOXELS = 100;

/**
 * Cerebrospinal fluid of the study as the measure of unenhanced fluid. All bright fluid on MRC is
 * taken (cisterns, ventricles, eyes, canals): the ears are a hundredth of it and do not move a
 * median. Noise is taken out of the magnitudes (m² − σ²). Depends on the images alone. Null where MRC
 * shows too little fluid.
 */
export function fluidReference(prepared: PreparedStudy): FluidReference | null {
  const known = cache.get(prepared);
  if (known !== undefined) return known;
  const found = referenceOf(prepared);
  cache.set(prepared, found);
  return found;
}

function referenceOf(prepared: PreparedStudy): FluidReference | null {
  const { mrc, ppi, pei, hydrops, uncovered } = prepared;
  const leftOut = prepared.leftOut ?? undefined;
  const count = mrc.data.length;
  const step = sampleStep(mrc.data);
  const brightMrc = brightestFluid(mrc, leftOut);
  if (!(brightMrc > 0)) return null;
  const fluidLevel = 0.4 * brightMrc;
  const noise = estimateNoise(prepared)?.magnitude ?? 0;
  const ratios = { hydrops: [] as number[], ppi: [] as number[], pei: [] as number[] };
  const every = Math.max(1, Math.floor(step / 4));
  for (let n = 0; n < count; n += every) {
    const level = mrc.data[n]!;
    if (level < fluidLevel || uncovered?.[n] || leftOut?.[n]) continue;
    ratios.hydrops.push(hydrops.data[n]! / level);
    ratios.ppi.push(withoutNoise(ppi.data[n]!, noise) / level);
    if (pei) ratios.pei.push(withoutNoise(pei.data[n]!, noise) / level);
  }
  if (ratios.hydrops.length < MIN_VOXELS) return null;
  return {
    brightMrc,
    fluidLevel,
    hydrops: median(ratios.hydrops),
    ppi: median(ratios.ppi),
    pei: pei ? median(ratios.pei) : null,
    mrcNoise: noiseOfMrc(mrc, 0.1 * brightMrc, leftOut),
  };
}

function withoutNoise(magnitude: number, noise: number): number {
  return Math.sqrt(Math.max(0, magnitude * magnitude - noise * noise));
}
