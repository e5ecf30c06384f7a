import { RefusedInputError, measure, prepareStudy, REQUIRED_ROLES } from '@inner-ear-hydrops/core';
import type {
  Choices,
  EarFinding,
  Measurement,
  StudySeries,
  Warning,
} from '@inner-ear-hydrops/core';
import { decodeSegmentation } from '@inner-ear-hydrops/core/dicom';
import type { Json } from '@inner-ear-hydrops/core/dicom';
import { downloadZip } from './download';
import { fetchInstance } from './archive';
import { EMPTY_READING, readingOf, type Reading } from './readingFields';
import { encodeParts, type ViewerState } from './saving/encodeResult';
import { SAVE_ORDER } from './saving/parts';
import type { HydropsSession } from './session';
import type { OpenResult, OpenResultInput } from './openResult';
import type { SavePart } from './state';

/** One zip with the measurement and the same files as are saved, as far as the study allows them. */
export async function downloadResult(session: HydropsSession, result: OpenResult): Promise<void> {
  const { saveParts } = session.service.getState();
  const chosen = SAVE_ORDER.filter((part) => saveParts[part]);
  const files: Record<string, Uint8Array> = {
    'measurement.json': new TextEncoder().encode(JSON.stringify(result.measurement, null, 2)),
  };
  const parts = possibleParts(result, chosen.length > 0 ? chosen : ['segmentation', 'report']);
  for await (const { part, objects } of encodeParts(session, result, parts)) {
    for (const [index, { file }] of objects.entries()) {
      const name =
        objects.length > 1 ? `${part}/${String(index + 1).padStart(4, '0')}.dcm` : `${part}.dcm`;
      files[name] = new Uint8Array(file);
    }
  }
  const stamp = result.created.toISOString().slice(0, 16).replace(/[:T]/g, '-');
  downloadZip(`inner-ear-hydrops-${stamp}.zip`, files);
}

/** Without a frame of reference only the summary image, which has no place in space, can be made. */
function possibleParts({ input }: OpenResult, parts: readonly SavePart[]): readonly SavePart[] {
  const isPlaced = Boolean(input.read.mrc?.series.header.frameOfReferenceUid);
  return isPlaced ? parts : parts.filter((part) => part === 'summary');
}

/** A segmentation in the archive: a result of ours, or another software's. */
export interface StoredSegmentation {
  seriesInstanceUid: string;
  sopInstanceUid: string;
  label: string;
}

/** @throws RefusedInputError `archive-…` */
export function fetchSegmentation(
  session: HydropsSession,
  stored: StoredSegmentation
): Promise<ArrayBuffer> {
  return fetchInstance(
    session.services,
    session.dataSource(),
    {
      studyInstanceUID: session.service.getState().studyInstanceUid ?? '',
      seriesInstanceUID: stored.seriesInstanceUid,
      sopInstanceUID: stored.sopInstanceUid,
    },
    `the stored result "${stored.label}"`,
    session.config.archiveTimeout
  );
}

/**
 * Reads a segmentation file back and measures it again on the images of the study.
 * @throws RefusedInputError of decoding, reading and measuring.
 */
export async function openSegmentation(
  session: HydropsSession,
  file: ArrayBuffer,
  signal: AbortSignal
): Promise<{ input: OpenResultInput; reading: Reading | null }> {
  const mrcRead = (await session.reader.readRoles(['mrc'], signal)).mrc;
  if (!mrcRead) throw new Error('MRC was not read');
  const decoded = decodeSegmentation(file, mrcRead.series);
  const viewer = viewerStateOf(decoded.state?.state);
  const storedMeasurement = decoded.state?.measurement ?? null;
  const method = viewer?.method ?? storedMeasurement?.method ?? session.service.getState().method;
  const read = await session.reader.readRoles(REQUIRED_ROLES[method], signal);
  const series: StudySeries = {
    mrc: read.mrc?.series ?? mrcRead.series,
    ppi: read.ppi?.series,
    pei: read.pei?.series,
  };
  refuseOtherSeries(storedMeasurement, series);
  const ears = viewer?.ears ?? [];
  const prepared = prepareStudy(series, {
    method,
    centers: ears.length > 0 ? ears.map((ear) => ear.center) : undefined,
  });
  const slices = viewer?.slices ?? {};
  // Results of the first version say nothing of choices.
  const choices = (storedMeasurement as Partial<Measurement> | null)?.choices;
  const measurement = measure({
    prepared,
    labels: decoded.labels,
    ears,
    choices,
    representativeSlices: slices,
    model: decoded.model,
    timings: storedMeasurement?.timings,
  });
  const isOurs =
    decoded.state !== null || decoded.warnings.some(({ code }) => code === 'stored-state-missing');
  const extraWarnings = [
    ...(isOurs ? [] : [FOREIGN]),
    ...decoded.warnings,
    ...(viewer?.warnings ?? []),
    ...differences(storedMeasurement, measurement),
  ];
  const known = new Set(measurement.warnings.map(({ code, ear }) => `${code} ${ear}`));
  const input: OpenResultInput = {
    read: { ...read, mrc: mrcRead },
    prepared,
    labels: decoded.labels,
    anatomy: undefined,
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
    choices,
    measuredWith: {
      method,
      roles: session.assignment.roles,
      earCenters: readersCenters(choices, ears),
    },
    edited: decoded.edited,
    created: decoded.created ?? new Date(),
    representativeSlices: slices,
  };
  return { input, reading: viewer?.reading ?? null };
}

const FOREIGN: Warning = {
  code: 'roi-of-other-software',
  message: 'The ROI was drawn by other software. Check it on every slice before using its numbers.',
  ear: null,
};

function viewerStateOf(state: Json | undefined): ViewerState | null {
  if (state === null || typeof state !== 'object' || Array.isArray(state)) return null;
  const given = state as unknown as Partial<ViewerState>;
  return given.method && Array.isArray(given.ears)
    ? {
        method: given.method,
        ears: given.ears,
        slices: given.slices ?? {},
        warnings: given.warnings ?? [],
        // Results of the first version hold none.
        reading: readingOf(given.reading) ?? EMPTY_READING,
      }
    : null;
}

/** Where the reader had set the ears of a stored result. */
function readersCenters(choices: Choices | undefined, ears: EarFinding[]) {
  const set = ears.filter(({ side }) => choices?.ears[side] === 'reader');
  return Object.fromEntries(set.map(({ side, center }) => [side, center]));
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
