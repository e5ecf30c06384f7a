import { EAR_SIDES, ORGAN_KEYS, ROLES, ROLE_KEYS } from '../registry';
import { measurementOf, prepareStudy } from '../analysis';
import type { EarAbsence, EarFinding, PreparedStudy, StudySeries } from '../study';
import {
  emptySliceOf,
  measure,
  type MaskOrigins,
  type RegionContext,
  type SliceChoices,
} from '../measurement';
import {
  RefusedInputError,
  SEGMENTS,
  type Choices,
  type ImageReference,
  type LabelVolume,
  type Measurement,
  type Method,
  type Role,
  type Segment,
  type Series,
  type Warning,
} from '../types';
import { imagesOf, sliceOfImage } from '../volume';
import type { ResultState } from './encodeResult';
import { decodeSegmentation, type DecodedSegmentation } from './segmentation/decodeSegmentation';
import type { Json } from './segmentation/storedState';

export interface RestoredResult {
  prepared: PreparedStudy;
  labels: LabelVolume;
  /** What measuring again needs. */
  context: RegionContext;
  backend: string | null;
  measurement: Measurement;
  edited: boolean;
  created: Date | null;
  /** Those that the reader chose. */
  slices: SliceChoices;
  reader: string | null;
  /** The reader's findings as they were stored; undefined if none were. */
  findings: Json | undefined;
}

/**
 * The method with which a stored segmentation was measured, so that a caller knows which series it needs; null
 * for another software's.
 *
 * @throws RefusedInputError as `decodeSegmentation`
 */
export function storedMethod(file: ArrayBuffer, mrc: Series): Method | null {
  const { state, standard } = decodeSegmentation(file, mrc);
  const own = stateOf(state?.state)?.method ?? state?.measurement?.method;
  return own ?? standard?.provenance?.method ?? null;
}

/**
 * Reads a segmentation file, of this or another software, and measures it again on the images of the study. What this
 * software stored is taken from its private state, and from standard attributes where an archive removed that.
 *
 * @throws RefusedInputError `stored-series-differ`, and those of decoding, preparing and measuring
 */
export function restoreResult(
  file: ArrayBuffer,
  series: StudySeries & { mrc: Series },
  method: Method
): RestoredResult {
  const decoded = decodeSegmentation(file, series.mrc);
  const stored = storedMeasurement(decoded);
  const state = stateOf(decoded.state?.state);
  const known = decoded.state
    ? fromState(decoded, stored, state, imagesOf(series.mrc))
    : fromStandard(decoded);
  refuseOtherSeries(known.series, series);
  const { ears, slices } = known;
  const prepared = prepareStudy(series, {
    method,
    centers: ears.length > 0 ? ears.map((ear) => ear.center) : undefined,
  });
  const context: RegionContext = {
    anatomy: decoded.anatomy ?? undefined,
    ears,
    absent: known.absent,
    // Without a network's own labels an edit cannot be distinguished from them: the stored labels stand for them.
    automatic: isOurs(decoded) ? decoded.labels : undefined,
    origins: isOurs(decoded) ? known.origins : undefined,
    automaticSlices: slices.automatic,
    choices: known.choices,
    warnings: [
      ...(isOurs(decoded) ? [] : [FOREIGN]),
      ...decoded.warnings,
      ...known.warnings,
      ...(stored?.warnings ?? []),
    ],
    model: decoded.model,
  };
  const measurement = measure({
    ...context,
    prepared,
    labels: decoded.labels,
    representativeSlices: slices.chosen,
    timings: stored?.timings,
  });
  const differing = differences(stored, measurement);
  context.warnings?.push(...differing);
  return {
    prepared,
    labels: decoded.labels,
    context,
    backend: known.backend,
    measurement: { ...measurement, warnings: [...differing, ...measurement.warnings] },
    edited: decoded.edited,
    created: decoded.created,
    slices: slices.chosen,
    reader: known.reader,
    findings: state?.reading,
  };
}

/** What was stored beside the region, wherever it stood. */
interface Known {
  /** Series Instance UID of each role. */
  series: Partial<Record<Role, string | null>>;
  ears: EarFinding[];
  absent: EarAbsence[];
  choices: Choices | undefined;
  origins: MaskOrigins;
  slices: { chosen: SliceChoices; automatic: SliceChoices };
  backend: string | null;
  reader: string | null;
  warnings: Warning[];
}

function fromState(
  { state: stored }: DecodedSegmentation,
  measurement: Measurement | null,
  state: ResultState | null,
  images: readonly ImageReference[]
): Known {
  return {
    series: measurement?.study ?? {},
    ears: state?.ears ?? [],
    absent: state?.absent ?? [],
    choices: measurement?.choices,
    origins: storedOrigins(measurement),
    slices: storedSlices(measurement, state, images),
    backend: stored?.backend ?? null,
    reader: stored?.reader ?? null,
    warnings: [],
  };
}

/** Of an object that has lost its private state, or of another software. */
function fromStandard({ standard, labels, anatomy }: DecodedSegmentation): Known {
  const provenance = standard?.provenance;
  const slices = standard?.slices ?? { chosen: {}, automatic: {} };
  const unknown = standard
    ? SEGMENTS.filter(
        ({ number, ear, organ }) =>
          labels.data.includes(number) &&
          slices.chosen[ear]?.[organ] === undefined &&
          slices.automatic[ear]?.[organ] === undefined
      )
    : [];
  return {
    series: standard?.namesSeries ? (provenance?.series ?? {}) : {},
    ears: standard?.ears ?? [],
    absent: provenance?.absent ?? [],
    choices: provenance?.choices,
    origins: standard?.origins ?? {},
    slices,
    backend: provenance?.backend ?? null,
    reader: standard?.reader ?? null,
    warnings: unknown.map((segment) => sliceUnknown(segment, anatomy !== null)),
  };
}

function sliceUnknown({ ear, organ }: Segment, hasCanals: boolean): Warning {
  const rule = hasCanals ? 'by the rules' : 'by the rules, without the canals that they look at';
  return {
    code: 'stored-slice-unknown',
    message: `The segmentation does not say on which slice the area of the ${ear} ${organ} was measured. It was chosen again ${rule}: the area ratio may differ from the one that was stored.`,
    ear,
    organ,
  };
}

function storedMeasurement({ state, edited }: DecodedSegmentation): Measurement | null {
  return measurementOf(state?.measurement ?? null, edited ? 'edited' : 'automatic');
}

/** Which slices were the reader's, and which the rules had chosen. */
function storedSlices(
  stored: Measurement | null,
  state: ResultState | null,
  images: readonly ImageReference[]
): { chosen: SliceChoices; automatic: SliceChoices } {
  const chosen: SliceChoices = {};
  const automatic: SliceChoices = {};
  for (const { ear, organ } of SEGMENTS) {
    const area =
      stored?.ears[ear]?.[organ]?.area ?? (stored && emptySliceOf(stored, images, ear, organ));
    const slice =
      state?.slices[ear]?.[organ] ?? (area?.image ? sliceOfImage(images, area.image) : -1);
    if (slice < 0) continue;
    const byRules = area?.automaticImage ? sliceOfImage(images, area.automaticImage) : -1;
    const isReaders = area?.chosenBy === 'reader';
    if (isReaders) chosen[ear] = { ...chosen[ear], [organ]: slice };
    const known = isReaders ? byRules : slice;
    if (known >= 0) automatic[ear] = { ...automatic[ear], [organ]: known };
  }
  return { chosen, automatic };
}

function storedOrigins(stored: Measurement | null): MaskOrigins {
  const origins: MaskOrigins = {};
  for (const { ear, organ } of SEGMENTS) {
    const mask = stored?.ears[ear]?.[organ]?.mask;
    if (mask) origins[ear] = { ...origins[ear], [organ]: mask };
  }
  return origins;
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
    absent: given.absent ?? [],
    slices: given.slices ?? {},
    warnings: given.warnings ?? [],
    reading: given.reading,
  };
}

function refuseOtherSeries(stored: Known['series'], series: StudySeries): void {
  for (const role of ROLE_KEYS) {
    const then = stored[role];
    const now = series[role]?.header.seriesInstanceUid;
    if (!then || !now || then === now) continue;
    throw new RefusedInputError(
      'stored-series-differ',
      `The stored result was measured with the ${ROLES[role].label} series ${then}, but the series ${now} has this role now.`,
      `Give the role ${ROLES[role].label} to that series in the list above, then restore again.`,
      { role, stored: then, current: now }
    );
  }
}

/** A warning for each ratio that does not come out as it was stored. */
function differences(stored: Measurement | null, now: Measurement): Warning[] {
  if (!stored) return [];
  const warnings: Warning[] = [];
  for (const ear of EAR_SIDES) {
    for (const organ of ORGAN_KEYS) {
      for (const measure of ['area', 'volume'] as const) {
        const before = stored.ears[ear]?.[organ]?.[measure]?.ratio;
        const after = now.ears[ear]?.[organ]?.[measure]?.ratio;
        if (before === undefined || after === undefined || Math.abs(before - after) < 1e-9)
          continue;
        warnings.push({
          code: 'stored-ratio-differs',
          message: `The stored ${measure} ratio of the ${ear} ${organ} was ${(100 * before).toFixed(1)} %; measured again, it is ${(100 * after).toFixed(1)} %. Images or software have changed since.`,
          ear,
          values: { stored: before, measured: after },
        });
      }
    }
  }
  return warnings;
}
