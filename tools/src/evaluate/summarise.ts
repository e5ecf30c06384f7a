import { perOrgan } from '@inner-ear-hydrops/core';
import type { ModelIdentity, Organ } from '@inner-ear-hydrops/core';
import { agreementOf, type Agreement, type Pair } from './agreement';
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
  areaRatio: Agreement | null;
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
  };
}

export function pairsOf(organs: OrganResult[], which: 'volumeRatio' | 'areaRatio'): Pair[] {
  return organs.flatMap((entry): Pair[] => {
    const pair = entry[which];
    return pair ? [[pair.reference, pair.measured]] : [];
  });
}

function agreementOfPairs(
  organs: OrganResult[],
  which: 'volumeRatio' | 'areaRatio'
): Agreement | null {
  const pairs = pairsOf(organs, which);
  return pairs.length >= 3 ? agreementOf(pairs) : null;
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
