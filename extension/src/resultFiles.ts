import { RefusedInputError, measure, prepareStudy, REQUIRED_ROLES } from '@inner-ear-hydrops/core';
import type {
  EarFinding,
  Measurement,
  Method,
  StudySeries,
  Warning,
} from '@inner-ear-hydrops/core';
import {
  decodeSegmentation,
  encodeDerivedSeries,
  encodeSegmentation,
} from '@inner-ear-hydrops/core/dicom';
import type { EncodedObject, Json } from '@inner-ear-hydrops/core/dicom';
import { downloadZip } from './download';
import { fetchInstance, storeFile } from './archive';
import type { HydropsSession } from './session';
import type { OpenResult, OpenResultInput, SliceChoices } from './openResult';
import type { HostInstance } from './hostTypes';
import type { StoredResult } from './state';

/** What this viewer adds to the stored state; read back by `loadResult`. */
interface ViewerState {
  method: Method;
  ears: EarFinding[];
  /** Slices in force when it was stored, automatic ones included. */
  slices: SliceChoices;
  /** The slices that the reader chose among them. */
  choices: SliceChoices;
  warnings: Warning[];
}

/** The DICOM SEG of a result as it stands; the same bytes for the same result, so that a retry does not double it. */
export function segmentationOf(session: HydropsSession, result: OpenResult): EncodedObject {
  const { input, measurement } = result;
  const mrc = input.read.mrc?.series;
  if (!mrc) throw new Error('A result needs the MRC series that it belongs to.');
  const state: ViewerState = {
    method: input.prepared.method,
    ears: input.ears,
    slices: slicesInForce(measurement),
    choices: result.representativeSlices,
    warnings: measurement.warnings,
  };
  return encodeSegmentation({
    mrc,
    labels: result.currentLabels(),
    hydrops: input.prepared.hydrops,
    model: input.model,
    backend: input.backend ?? undefined,
    edited: result.edited,
    reader: session.config.readerName ?? undefined,
    created: result.created,
    measurement,
    representativeSlices: state.slices as unknown as Json,
    state: state as unknown as Json,
  });
}

/**
 * Stores a result in the archive and lists it in the study browser.
 * @returns a sentence for the reader.
 * @throws RefusedInputError `archive-…`
 */
export async function saveResult(session: HydropsSession, result: OpenResult): Promise<string> {
  const encoded = segmentationOf(session, result);
  await storeFile(
    session.dataSource(),
    encoded.file,
    'the segmentation',
    session.config.archiveTimeout
  );
  list(session, encoded);
  return `Saved in the archive: ${encoded.description}`;
}

/** Makes the host list what has just been stored, as it will after a reload. */
function list(session: HydropsSession, encoded: EncodedObject): void {
  const { displaySetService } = session.services;
  const known = displaySetService
    .getActiveDisplaySets()
    .some((one) => one.SeriesInstanceUID === encoded.seriesInstanceUid);
  if (known) return;
  const dataSource = session.dataSource();
  const instance = { ...encoded.dataset } as HostInstance;
  // The host fetches the object from here when it is opened; enumerable it would be taken for an attribute.
  const wadoRoot = dataSource?.getConfig?.()['wadoRoot'];
  Object.defineProperty(instance, 'wadoRoot', { value: wadoRoot, enumerable: false });
  displaySetService.makeDisplaySets([instance], { madeInClient: true });
  dataSource?.deleteStudyMetadataPromise?.(instance.StudyInstanceUID);
}

/** One zip with the SEG, HYDROPS-Mi2 as a DICOM series, and the measurement. */
export function downloadResult(session: HydropsSession, result: OpenResult): void {
  const files: Record<string, Uint8Array> = {
    'measurement.json': new TextEncoder().encode(JSON.stringify(result.measurement, null, 2)),
    'segmentation.dcm': new Uint8Array(segmentationOf(session, result).file),
  };
  const { read, prepared, model } = result.input;
  if (read.mrc && read.ppi) {
    const derived = encodeDerivedSeries({
      kind: 'hydrops-mi2',
      volume: prepared.hydropsMi2,
      mrc: read.mrc.series,
      ppi: read.ppi.series,
      pei: prepared.pei ? (read.pei?.series ?? null) : null,
      model,
      created: result.created,
    });
    for (const [index, { file }] of derived.entries()) {
      files[`hydrops-mi2/${String(index + 1).padStart(4, '0')}.dcm`] = new Uint8Array(file);
    }
  }
  const stamp = result.created.toISOString().slice(0, 16).replace(/[:T]/g, '-');
  downloadZip(`inner-ear-hydrops-${stamp}.zip`, files);
}

/**
 * Reads a stored result and measures it again on the images of the study.
 * @throws RefusedInputError `archive-…`, and those of decoding, reading and measuring.
 */
export async function loadResult(
  session: HydropsSession,
  stored: StoredResult,
  signal: AbortSignal
): Promise<OpenResultInput> {
  const studyInstanceUID = session.service.getState().studyInstanceUid ?? '';
  const file = await fetchInstance(
    session.services,
    session.dataSource(),
    {
      studyInstanceUID,
      seriesInstanceUID: stored.seriesInstanceUid,
      sopInstanceUID: stored.sopInstanceUid,
    },
    `the stored result "${stored.label}"`,
    session.config.archiveTimeout
  );
  const mrcRead = (await session.readRoles(['mrc'], signal)).mrc;
  if (!mrcRead) throw new Error('MRC was not read');
  const decoded = decodeSegmentation(file, mrcRead.series);
  const viewer = viewerStateOf(decoded.state?.state);
  const storedMeasurement = decoded.state?.measurement ?? null;
  const method = viewer?.method ?? storedMeasurement?.method ?? session.service.getState().method;
  const read = await session.readRoles(REQUIRED_ROLES[method], signal);
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
  const measurement = measure({
    prepared,
    labels: decoded.labels,
    ears,
    representativeSlices: slices,
    model: decoded.model,
    timings: storedMeasurement?.timings,
  });
  const extraWarnings = [
    ...decoded.warnings,
    ...(viewer?.warnings ?? []),
    ...differences(storedMeasurement, measurement),
  ];
  const known = new Set(measurement.warnings.map(({ code, ear }) => `${code} ${ear}`));
  return {
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
    edited: decoded.edited,
    created: decoded.created ?? new Date(),
    representativeSlices: slices,
  };
}

function viewerStateOf(state: Json | undefined): ViewerState | null {
  if (state === null || typeof state !== 'object' || Array.isArray(state)) return null;
  const given = state as unknown as Partial<ViewerState>;
  return given.method && Array.isArray(given.ears)
    ? {
        method: given.method,
        ears: given.ears,
        slices: given.slices ?? {},
        choices: given.choices ?? {},
        warnings: given.warnings ?? [],
      }
    : null;
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

function slicesInForce(measurement: Measurement): SliceChoices {
  const slices: SliceChoices = {};
  for (const ear of ['left', 'right'] as const) {
    for (const organ of ['cochlea', 'vestibule'] as const) {
      const slice = measurement.ears[ear]?.[organ]?.area?.slice;
      if (slice !== undefined) slices[ear] = { ...slices[ear], [organ]: slice };
    }
  }
  return slices;
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
