import { prepareStudy, type EarFinding, type PreparedStudy, type StudySeries } from '../analysis';
import { measure } from '../measurement';
import {
  RefusedInputError,
  type LabelVolume,
  type Measurement,
  type Method,
  type ModelIdentity,
  type Series,
  type Warning,
} from '../types';
import type { ResultState, SliceChoices } from './encodeResult';
import { decodeSegmentation, type DecodedSegmentation } from './segmentation/decodeSegmentation';
import type { Json } from './segmentation/storedState';

export interface RestoredResult {
  prepared: PreparedStudy;
  labels: LabelVolume;
  ears: EarFinding[];
  model: ModelIdentity | null;
  backend: string | null;
  measurement: Measurement;
  /** Warnings that measuring again would not find: of the region's origin, and those that were stored. */
  extraWarnings: Warning[];
  edited: boolean;
  created: Date | null;
  slices: SliceChoices;
  reader: string | null;
  /** The reader's fields as they were stored; undefined where none were. */
  reading: Json | undefined;
}

/**
 * The method with which a stored segmentation was measured, so that a caller knows which series it needs; null
 * for another software's.
 *
 * @throws RefusedInputError as `decodeSegmentation`
 */
export function storedMethod(file: ArrayBuffer, mrc: Series): Method | null {
  const { state } = decodeSegmentation(file, mrc);
  return stateOf(state?.state)?.method ?? state?.measurement?.method ?? null;
}

/**
 * Reads a segmentation file, of this or another software, and measures it again on the images of the study.
 *
 * @throws RefusedInputError `stored-series-differ`, and those of decoding, preparing and measuring
 */
export function restoreResult(
  file: ArrayBuffer,
  series: StudySeries & { mrc: Series },
  method: Method
): RestoredResult {
  const decoded = decodeSegmentation(file, series.mrc);
  const stored = decoded.state?.measurement ?? null;
  const state = stateOf(decoded.state?.state);
  refuseOtherSeries(stored, series);
  const ears = state?.ears ?? [];
  const prepared = prepareStudy(series, {
    method,
    centers: ears.length > 0 ? ears.map((ear) => ear.center) : undefined,
  });
  const slices = state?.slices ?? {};
  const measurement = measure({
    prepared,
    labels: decoded.labels,
    ears,
    representativeSlices: slices,
    model: decoded.model,
    timings: stored?.timings,
  });
  const extraWarnings = [
    ...(isOurs(decoded) ? [] : [FOREIGN]),
    ...decoded.warnings,
    ...(state?.warnings ?? []),
    ...differences(stored, measurement),
  ];
  const known = new Set(measurement.warnings.map(({ code, ear }) => `${code} ${ear}`));
  return {
    prepared,
    labels: decoded.labels,
    ears,
    model: decoded.model,
    backend: decoded.state?.backend ?? null,
    measurement: {
      ...measurement,
      warnings: [
        ...extraWarnings.filter(({ code, ear }) => !known.has(`${code} ${ear}`)),
        ...measurement.warnings,
      ],
    },
    extraWarnings,
    edited: decoded.edited,
    created: decoded.created,
    slices,
    reader: decoded.state?.reader ?? null,
    reading: state?.reading,
  };
}

const FOREIGN: Warning = {
  code: 'roi-of-other-software',
  message: 'The ROI was drawn by other software. Check it on every slice before using its numbers.',
  ear: null,
};

function isOurs({ state, warnings }: DecodedSegmentation): boolean {
  return state !== null || warnings.some(({ code }) => code === 'stored-state-missing');
}

function stateOf(state: Json | undefined): ResultState | null {
  if (state === undefined || state === null || typeof state !== 'object' || Array.isArray(state))
    return null;
  const given = state as unknown as Partial<ResultState>;
  if (!given.method || !Array.isArray(given.ears)) return null;
  return {
    method: given.method,
    ears: given.ears,
    slices: given.slices ?? {},
    warnings: given.warnings ?? [],
    reading: given.reading,
  };
}

function refuseOtherSeries(stored: Measurement | null, series: StudySeries): void {
  if (!stored) return;
  for (const role of ['mrc', 'ppi', 'pei'] as const) {
    const then = stored.study[role];
    const now = series[role]?.header.seriesInstanceUid;
    if (!then || !now || then === now) continue;
    throw new RefusedInputError(
      'stored-series-differ',
      `The stored result was measured with another ${role.toUpperCase()} series (${then}) than the one that has this role now (${now}).`,
      `Give the role ${role.toUpperCase()} to that series in the list above, then restore again.`,
      { role, stored: then, current: now }
    );
  }
}

/** A warning for each ratio that does not come out as it was stored. */
function differences(stored: Measurement | null, now: Measurement): Warning[] {
  if (!stored) return [];
  const warnings: Warning[] = [];
  for (const ear of ['left', 'right'] as const) {
    for (const organ of ['cochlea', 'vestibule'] as const) {
      for (const measure of ['area', 'volume'] as const) {
        const before = stored.ears[ear]?.[organ]?.[measure]?.ratio;
        const after = now.ears[ear]?.[organ]?.[measure]?.ratio;
        if (before === undefined || after === undefined || Math.abs(before - after) < 1e-9)
          continue;
        warnings.push({
          code: 'stored-ratio-differs',
          message: `The stored ${measure} ratio of the ${ear} ${organ} was ${(100 * before).toFixed(1)} %, measured again it is ${(100 * after).toFixed(1)} %: images or software have changed since.`,
          ear,
          values: { stored: before, measured: after },
        });
      }
    }
  }
  return warnings;
}
