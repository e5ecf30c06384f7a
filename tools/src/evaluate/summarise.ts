import { perOrgan } from '@inner-ear-hydrops/core';
import type { ModelIdentity, Organ } from '@inner-ear-hydrops/core';
import { agreementOf, type Agreement, type Pair } from './agreement';
import { figureCounts, LEAST_PAIRS, type FigureCounts } from './figureCounts';
import type { OrganResult, StudyResultOfModel } from './evaluateStudy';

export interface Spread {
  mean: number;
  standardDeviation: number;
  /** Smallest and largest. */
  range: [number, number];
}

export interface OrganSummary {
  organs: number;
  iou: Spread;
  dice: Spread;
  surfaceDice: Spread;
  /** Over organs that were found. */
  hausdorff95: Spread;
  volumeRatio: Agreement | null;
  /** Each on its own slice. */
  areaRatio: Agreement | null;
  /** Both on the slice of the annotation, as in the paper. */
  commonSlice: { iou: Spread; ratio: Agreement | null };
  slices: SliceAgreement | null;
  /** How many of the organs are in each figure that not every organ has, and why the others are not. */
  counts: FigureCounts;
}

/** Whether annotation and model would be measured on the same slice. */
export interface SliceAgreement {
  organs: number;
  /** Shares of the organs. */
  same: number;
  withinOne: number;
  /** mm */
  distance: Spread;
}

export interface ModelSummary extends Record<Organ | 'all', OrganSummary> {
  model: ModelIdentity;
  location: string;
  parameters: number;
  bytes: number;
  backend: string;
  studies: number;
  refused: number;
  earsAnnotated: number;
  earsFound: number;
  earsInvented: number;
  /** Of segmenting a study, both ears. */
  milliseconds: { median: number; largest: number };
}

function spreadOf(values: number[]): Spread {
  const count = values.length;
  if (count === 0) return { mean: NaN, standardDeviation: NaN, range: [NaN, NaN] };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    standardDeviation: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN,
    range: [Math.min(...values), Math.max(...values)],
  };
}

function agreementOfSlices(organs: OrganResult[]): SliceAgreement | null {
  const distances = organs.flatMap((entry) => entry.sliceDistance ?? []);
  if (distances.length === 0) return null;
  const share = (most: number) =>
    distances.filter(({ slices }) => slices <= most).length / distances.length;
  return {
    organs: distances.length,
    same: share(0),
    withinOne: share(1),
    distance: spreadOf(distances.map(({ mm }) => mm)),
  };
}

/** Organs that were not found count as IoU, Dice and surface Dice 0. */
function summariseOrgans(organs: OrganResult[]): OrganSummary {
  return {
    organs: organs.length,
    iou: spreadOf(organs.map((entry) => entry.iou)),
    dice: spreadOf(organs.map((entry) => entry.dice)),
    surfaceDice: spreadOf(organs.map((entry) => entry.surfaceDice)),
    hausdorff95: spreadOf(organs.flatMap((entry) => entry.hausdorff95 ?? [])),
    volumeRatio: agreementOfPairs(organs, 'volumeRatio'),
    areaRatio: agreementOfPairs(organs, 'areaRatio'),
    commonSlice: {
      iou: spreadOf(organs.flatMap((entry) => entry.commonSlice?.iou ?? [])),
      ratio: agreementOfPairs(organs, 'commonSlice'),
    },
    slices: agreementOfSlices(organs),
    counts: figureCounts(organs),
  };
}

/** Which EH ratio: by volume, by area on each region's own slice, or by area on the annotation's slice. */
export type RatioKind = 'volumeRatio' | 'areaRatio' | 'commonSlice';

export function pairsOf(organs: OrganResult[], which: RatioKind): Pair[] {
  return organs.flatMap((entry): Pair[] => {
    const pair = which === 'commonSlice' ? entry.commonSlice?.ratio : entry[which];
    return pair ? [[pair.reference, pair.measured]] : [];
  });
}

function agreementOfPairs(organs: OrganResult[], which: RatioKind): Agreement | null {
  const pairs = pairsOf(organs, which);
  return pairs.length >= LEAST_PAIRS ? agreementOf(pairs) : null;
}

export function summariseModel(
  model: Pick<ModelSummary, 'model' | 'location' | 'parameters' | 'bytes' | 'backend'>,
  results: StudyResultOfModel[]
): ModelSummary {
  const organs = results.flatMap((result) => result.organs);
  const ears = results.flatMap((result) => result.ears);
  const of = (organ: Organ) => summariseOrgans(organs.filter((entry) => entry.organ === organ));
  const times = results.map((result) => result.milliseconds).sort((a, b) => a - b);
  return {
    ...model,
    studies: results.length,
    refused: results.filter((result) => result.refused !== null).length,
    earsAnnotated: ears.filter((entry) => entry.annotated).length,
    earsFound: ears.filter((entry) => entry.found).length,
    earsInvented: ears.filter((entry) => entry.invented).length,
    milliseconds: {
      median: times[Math.floor(times.length / 2)]!,
      largest: times[times.length - 1]!,
    },
    all: summariseOrgans(organs),
    ...perOrgan(of),
  };
}
