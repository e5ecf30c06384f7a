import { itemAt } from '../../items';
import type { PreparedStudy } from '../../study';
import type { EarSide, MixtureMeasurement, Warning } from '../../types';
import { fluidReference, type FluidReference } from '../fluidReference';
import { estimateNoise, type NoiseEstimate } from '../noise';
import { EAR_SIDES } from '../../registry';
import type { OrganVoxels } from '../organVoxels';
import { findEnhancement, MOSTLY_FLUID, shellOf, type Enhancement } from './enhancedVoxels';
import { lineLikelihood, mostLikelyDistribution } from './mixingLine';
import { perilymphBrightness } from './perilymphBrightness';
import { roundEstimate } from '../../statistics';

/** Positions on the mixing line at which likelihoods are taken, in units of the first look's rise. */
const POSITIONS = 36;
const MIN_POSITION = -0.1;
const MAX_POSITION = 1.35;
const ITERATIONS = 40;
/** Share of enhanced voxels below which an ear's own perilymph is too mixed to be an end member. */
const MIN_ENHANCED = 0.15;
/** Relative uncertainty of the perilymph end member: the ear's own, and that of the other ear. */
const OWN_UNCERTAINTY = 0.06;
const BORROWED_UNCERTAINTY = 0.4;
/** Share of enhanced voxels above which the ear's own end member is sure to be pure. */
const ENOUGH_ENHANCED = 0.4;
/**
 * Rise of endolymph's PPI/MRC above that of CSF, in units of the latter's depth: its T1 and T2 are a little
 * shorter (assumed 4200 and 1500 ms against 4309 and 1886 ms; signal equation, timing of Cho et al., 2020).
 */
const ENDOLYMPH_RISE = 0.164;
/** Relative difference that endolymph may have from that in PPI/MRC. */
const START_UNCERTAINTY = 0.25;
/** Relative uncertainty of the brightness of perilymph on MRC against endolymph. */
const BRIGHTNESS_UNCERTAINTY = 0.1;

/**
 * Experimental: the share of endolymph by volume in each organ, where counting negative voxels
 * undercounts (docs/method.md, "Mixture-corrected fraction"). Signed magnetisations add up in a
 * voxel before the magnitude is taken, so PPI/MRC and PEI/MRC of each voxel lie on a line between two
 * end members of the same study: CSF for fluid without gadolinium, the ear's strongest perilymph for
 * the other. Where on the line the organ's voxels lie is found as one distribution for the organ
 * (maximum likelihood, Rician noise, both signs), and its mean, weighted by the amount of fluid that
 * MRC shows, is the fraction. Partial volume just outside the ROI is counted in, canals are not.
 *
 * An ear without enough enhanced voxels takes over the other ear's end member, if that is the
 * stronger, with a larger uncertainty. No entry where no end member is found, or the method is not
 * `hydrops-mi2`; null where the organ's voxels give no number (`mixture-undetermined`), as where MRC holds no signal.
 */
export function mixtureFractions(
  prepared: PreparedStudy,
  organs: OrganVoxels[]
): Map<OrganVoxels, MixtureMeasurement | null> {
  const results = new Map<OrganVoxels, MixtureMeasurement | null>();
  const reference = fluidReference(prepared);
  const noise = estimateNoise(prepared);
  if (!prepared.pei || !reference || !noise) return results;
  // CSF must be darker on PPI than on PEI: otherwise these are not the sequences of the method.
  if (reference.pei === null || !(reference.hydrops < 0)) return results;
  const ears = EAR_SIDES.map((side) => organs.filter((organ) => organ.ear === side));
  const looks = ears.map((ear) => findEnhancement(prepared, ear, reference));
  ears.forEach((ear, n) => {
    if (ear.length === 0) return;
    const own = looks[n] ?? null;
    const other = looks[1 - n] ?? null;
    const reliable = own !== null && own.share >= MIN_ENHANCED;
    const borrowed = !reliable && other !== null && other.share >= MIN_ENHANCED ? other : null;
    if (!reliable && !borrowed) return;
    const look =
      borrowed && (!own || borrowed.rise > own.rise)
        ? { ...borrowed, level: own?.level ?? borrowed.level }
        : (own as Enhancement);
    const samples = samplesOf(prepared, ear, look, reference, noise);
    const perilymph = borrowed ? look.rise : upperEnd(samples, look.rise);
    const uncertainty = perilymphUncertainty(borrowed ? 0 : look.share);
    ear.forEach((organ, at) => {
      results.set(organ, fractionOf(samples, itemAt(samples.organs, at), perilymph, uncertainty));
    });
  });
  return results;
}

/** The fewer voxels are enhanced, the less likely is one of them pure. */
function perilymphUncertainty(share: number): number {
  const scarce = (ENOUGH_ENHANCED - share) / (ENOUGH_ENHANCED - MIN_ENHANCED);
  const weight = Math.min(1, Math.max(0, scarce));
  return OWN_UNCERTAINTY + weight * (BORROWED_UNCERTAINTY - OWN_UNCERTAINTY);
}

interface OrganSamples {
  /** Likelihood at each position, one row a voxel. */
  rows: Float64Array[];
  /** Its amount of fluid: MRC, which is no less than nothing. */
  mrc: number[];
}

interface EarSamples {
  /** Which voxels and which line they were made for. */
  key: string;
  start: number;
  positions: Float64Array;
  /** In the order of the ear's organs. */
  organs: OrganSamples[];
  /** Rows of ROI voxels that are mostly fluid. */
  inner: Float64Array[];
}

/** The last samples of each ear: a brush stroke in one ear leaves the other as it is. */
const cache = new WeakMap<PreparedStudy, Partial<Record<EarSide, EarSamples>>>();

function samplesOf(
  prepared: PreparedStudy,
  ear: OrganVoxels[],
  look: Enhancement,
  reference: FluidReference,
  noise: NoiseEstimate
): EarSamples {
  const { mrc, ppi, pei } = prepared;
  const known = cache.get(prepared) ?? {};
  cache.set(prepared, known);
  const key = keyOf(ear, look);
  const side = itemAt(ear, 0).ear;
  const previous = known[side];
  if (previous?.key === key || !pei) return previous as EarSamples;
  const positions = Float64Array.from(
    { length: POSITIONS },
    (_, j) => look.rise * (MIN_POSITION + ((MAX_POSITION - MIN_POSITION) * j) / (POSITIONS - 1))
  );
  const deviations = { magnitude: noise.magnitude, mrc: reference.mrcNoise };
  const likelihoodOf = (n: number): Float64Array => {
    const row = new Float64Array(POSITIONS);
    const voxel = { mrc: mrc.data[n]!, ppi: ppi.data[n]!, pei: pei.data[n]! };
    lineLikelihood(look.line, positions, voxel, deviations, row);
    return row;
  };
  const inner: Float64Array[] = [];
  const organs = ear.map((organ) => {
    const rows: Float64Array[] = [];
    const levels: number[] = [];
    for (const n of organ.indices) {
      const row = likelihoodOf(n);
      rows.push(row);
      levels.push(Math.max(0, mrc.data[n]!));
      if (mrc.data[n]! > MOSTLY_FLUID * look.level) inner.push(row);
    }
    for (const n of shellOf(prepared, organ, ear, look.level)) {
      rows.push(likelihoodOf(n));
      levels.push(Math.max(0, mrc.data[n]!));
    }
    return { rows, mrc: levels };
  });
  const samples = { key, start: look.line.start[0], positions, organs, inner };
  known[side] = samples;
  return samples;
}

/** FNV-1a over the ear's voxels, with the line. */
function keyOf(ear: OrganVoxels[], look: Enhancement): string {
  let hash = 2166136261;
  for (const { indices } of ear) {
    for (const n of indices) hash = Math.imul(hash ^ n, 16777619);
    hash = Math.imul(hash ^ 0xff, 16777619);
  }
  return [hash, ...ear.map((organ) => organ.indices.length), look.rise, look.line.slope].join(' ');
}

/**
 * Position of pure perilymph: the upper end of the distribution of the ear's fluid. How far from the
 * very end it is looked for grows with the share of enhanced fluid: a hydropic ear has few voxels of
 * pure perilymph, a normal ear many, among which the end is noise.
 */
function upperEnd({ inner, positions }: EarSamples, rise: number): number {
  if (inner.length === 0) return rise;
  const weights = mostLikelyDistribution(inner, ITERATIONS);
  let enhanced = 0;
  positions.forEach((position, j) => (enhanced += position > 0.5 * rise ? weights[j]! : 0));
  const tail = Math.max(0.005, 0.6 * enhanced ** 4);
  let sum = 0;
  for (let j = POSITIONS - 1; j > 0; j--) {
    if (sum + weights[j]! >= tail) {
      const within = (tail - sum) / weights[j]!;
      return positions[j]! + (0.5 - within) * (positions[1]! - positions[0]!);
    }
    sum += weights[j]!;
  }
  return rise;
}

function fractionOf(
  { positions, start }: EarSamples,
  { rows, mrc }: OrganSamples,
  perilymph: number,
  perilymphUncertainty: number
): MixtureMeasurement | null {
  const weights = mostLikelyDistribution(rows, ITERATIONS);
  const mapping = (end: number, zero: number, brightness: number) => {
    const fractions = Float64Array.from(positions, (position) => {
      // Share of endolymph in MRC's signal, then by volume.
      const share = Math.min(1, Math.max(0, 1 - (position - zero) / (end - zero)));
      return (share * brightness) / (share * brightness + 1 - share);
    });
    return { fractions, fluid: fractions.map((f) => 1 / (f + (1 - f) * brightness)) };
  };
  const brightness = perilymphBrightness(perilymph + start, -start);
  const zero = -ENDOLYMPH_RISE * start;
  const base = mapping(perilymph, zero, brightness);

  // MRC's signal by position, and the scatter of each voxel's own fraction.
  const signal = new Float64Array(positions.length);
  let variance = 0;
  let total = 0;
  rows.forEach((row, n) => {
    let sum = 0;
    for (let j = 0; j < row.length; j++) sum += weights[j]! * row[j]!;
    let [mean, square] = [0, 0];
    for (let j = 0; j < row.length; j++) {
      const share = (weights[j]! * row[j]!) / sum;
      signal[j]! += share * mrc[n]!;
      mean += share * base.fractions[j]!;
      square += share * base.fractions[j]! ** 2;
    }
    variance += mrc[n]! ** 2 * Math.max(0, square - mean ** 2);
    total += mrc[n]!;
  });
  const average = ({ fractions, fluid }: ReturnType<typeof mapping>): number => {
    let [endolymph, all] = [0, 0];
    for (let j = 0; j < fractions.length; j++) {
      endolymph += signal[j]! * fluid[j]! * fractions[j]!;
      all += signal[j]! * fluid[j]!;
    }
    return endolymph / all;
  };
  const fraction = average(base);
  const change = (end: number, shift: number, factor: number): number =>
    Math.abs(average(mapping(end, zero + shift, brightness * factor)) - fraction);
  // Near obliteration a perilymph end member too far out changes little, an end member too near changes much.
  const uncertainty = Math.hypot(
    Math.sqrt(variance) / total,
    Math.max(
      change(perilymph * (1 - perilymphUncertainty), 0, 1),
      change(perilymph * (1 + perilymphUncertainty), 0, 1)
    ),
    Math.max(
      change(perilymph, START_UNCERTAINTY * start, 1),
      change(perilymph, -START_UNCERTAINTY * start, 1)
    ),
    change(perilymph, 0, 1 + BRIGHTNESS_UNCERTAINTY)
  );
  if (!Number.isFinite(fraction) || !Number.isFinite(uncertainty)) return null;
  return { fraction: roundEstimate(fraction), uncertainty: roundEstimate(uncertainty) };
}

/** For each organ whose voxels give no fraction. */
export function mixtureWarnings(
  mixtures: ReadonlyMap<OrganVoxels, MixtureMeasurement | null>
): Warning[] {
  return [...mixtures].flatMap(([{ ear, organ }, mixture]): Warning[] =>
    mixture
      ? []
      : [
          {
            code: 'mixture-undetermined',
            message: `The mixture fraction of the ${ear} ${organ} cannot be determined: its voxels hold too little signal on MRC, PPI and PEI.`,
            ear,
            organ,
          },
        ]
  );
}
