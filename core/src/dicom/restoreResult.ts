import { EAR_SIDES, ORGAN_KEYS, ROLES, ROLE_KEYS } from '../registry';
import { prepareStudy } from '../analysis';
import type { PreparedStudy, StudySeries } from '../study';
import {
  earCentersOf,
  measure,
  percent,
  type RegionContext,
  type SliceChoices,
} from '../measurement';
import {
  RefusedInputError,
  type Choices,
  type LabelVolume,
  type Measurement,
  type Method,
  type Series,
  type Warning,
} from '../types';
import { imagesOf } from '../volume';
import { refuseMisplaced } from './misplacedSegments';
import { knownOf, stateOf, storedMeasurement, type Known } from './knownState';
import { decodeSegmentation, type SegmentAssignments } from './segmentation/decodeSegmentation';
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
export function storedMethod(
  file: ArrayBuffer,
  mrc: Series,
  assigned?: SegmentAssignments
): Method | null {
  const { state, standard } = decodeSegmentation(file, mrc, assigned);
  const own = stateOf(state?.state)?.method ?? state?.measurement?.method;
  return own ?? standard?.provenance?.method ?? null;
}

export interface RestoreOptions {
  /** As `decodeSegmentation` takes it, for a segmentation of other software. */
  assigned?: SegmentAssignments;
  /** Warnings from choosing and reading the series; they come first in the result. */
  warnings?: Warning[];
  /** Who chose method and roles, for a segmentation of other software; a stored result says it of itself. */
  choices?: Choices;
}

/**
 * Reads a segmentation file, of this or another software, and measures it again on the images of the study. What this
 * software stored is taken from its private state, and from standard attributes where an archive removed that.
 *
 * @throws RefusedInputError `stored-series-differ`, `laterality-wrong`, `organs-exchanged`, and those of decoding,
 * preparing and measuring
 */
export function restoreResult(
  file: ArrayBuffer,
  series: StudySeries & { mrc: Series },
  method: Method,
  { assigned, warnings = [], choices }: RestoreOptions = {}
): RestoredResult {
  const decoded = decodeSegmentation(file, series.mrc, assigned);
  const storedAs = storedMeasurement(decoded);
  const stored = storedAs.measurement;
  const state = stateOf(decoded.state?.state);
  const known = knownOf(decoded, storedAs, imagesOf(series.mrc));
  refuseOtherSeries(known.series, series);
  if (!decoded.isOurs) refuseMisplaced(decoded);
  const { ears, slices } = known;
  // A region that no network found says itself where its ears are; as it was before any edit, if it was stored.
  const centers =
    ears.length > 0 ? undefined : (state?.centers ?? Object.values(earCentersOf(decoded.labels)));
  const prepared = prepareStudy(series, {
    method,
    centers: centers ?? ears.map((ear) => ear.center),
    warnings,
  });
  const context: RegionContext = {
    anatomy: decoded.anatomy ?? undefined,
    ears,
    centers,
    absent: known.absent,
    // Without a network's own labels an edit cannot be distinguished from them: the stored labels stand for them.
    automatic: decoded.isOurs ? decoded.labels : undefined,
    origins: decoded.isOurs ? known.origins : undefined,
    automaticRatios: known.automaticRatios,
    automaticSlices: slices.automatic,
    choices: decoded.isOurs ? known.choices : choices,
    warnings: [
      // A worker that takes over prepares the study anew, from the context alone.
      ...warnings,
      ...(decoded.isOurs ? [] : [FOREIGN_REGION]),
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
    findings: state?.findings,
  };
}

/** Of a region that other software drew. */
export const FOREIGN_REGION: Warning = {
  code: 'roi-of-other-software',
  message: 'The ROI was drawn by other software. Check it on every slice before using its numbers.',
  ear: null,
};

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
          message: `The stored ${measure} ratio of the ${ear} ${organ} was ${percent(before)}; measured again, it is ${percent(after)}. Images or software have changed since.`,
          ear,
          organ,
          values: { stored: before, measured: after },
        });
      }
    }
  }
  return warnings;
}
