import {
  encodeDerivedSeries,
  encodeMeasurementReport,
  encodeSegmentation,
  encodeSummaryImage,
} from '@inner-ear-hydrops/core/dicom';
import type { DerivedSeriesInput, EncodedObject, Json } from '@inner-ear-hydrops/core/dicom';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { EarFinding, Measurement, Method, Series, Warning } from '@inner-ear-hydrops/core';
import type { HydropsSession } from '../session';
import type { OpenResult, SliceChoices } from '../openResult';
import { readingTexts, type Reading } from '../readingFields';
import type { SavePart } from '../state';
import { encodeInWorker } from '../worker';
import { SAVE_ORDER } from './parts';

/** What this viewer adds to the stored state; read back by `loadResult`. */
export interface ViewerState {
  method: Method;
  ears: EarFinding[];
  /** Slices in force when it was stored, automatic ones included. */
  slices: SliceChoices;
  warnings: Warning[];
  reading: Reading;
}

export interface EncodedPart {
  part: SavePart;
  objects: EncodedObject[];
}

/** The DICOM SEG of a result as it stands; the same UIDs for the same result, so that a retry does not double it. */
export function segmentationOf(session: HydropsSession, result: OpenResult): EncodedObject {
  const { input, measurement } = result;
  const { reading } = session.service.getState();
  const state: ViewerState = {
    method: input.prepared.method,
    ears: input.ears,
    slices: slicesInForce(measurement),
    warnings: measurement.warnings,
    reading,
  };
  return encodeSegmentation({
    mrc: mrcOf(result),
    labels: result.currentLabels(),
    type: session.config.segmentationType,
    hydrops: input.prepared.hydrops,
    model: input.model,
    backend: input.backend ?? undefined,
    edited: result.edited,
    reader: reading.reader.trim() || undefined,
    created: result.created,
    measurement,
    representativeSlices: state.slices as unknown as Json,
    state: state as unknown as Json,
  });
}

/**
 * The chosen parts of a result in the order of storing, one after the other so that the page stays
 * alive between them. The derived series, which are large, are encoded in the worker.
 */
export async function* encodeParts(
  session: HydropsSession,
  result: OpenResult,
  parts: readonly SavePart[],
  signal?: AbortSignal
): AsyncGenerator<EncodedPart> {
  let segmentation: EncodedObject | undefined;
  for (const part of SAVE_ORDER) {
    if (!parts.includes(part)) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    if (part === 'hydrops' || part === 'hydrops-mi2') {
      yield { part, objects: await derivedOf(session, result, part, signal) };
    } else if (part === 'segmentation') {
      segmentation = segmentationOf(session, result);
      yield { part, objects: [segmentation] };
    } else if (part === 'report') {
      segmentation ??= segmentationOf(session, result);
      yield { part, objects: [reportOf(session, result, segmentation)] };
    } else {
      yield { part, objects: [summaryOf(result)] };
    }
  }
}

type DerivedKind = 'hydrops' | 'hydrops-mi2';
/** No edit changes the derived images: a retry or a later save need not encode them again. */
const encoded = new WeakMap<OpenResult['input'], Partial<Record<DerivedKind, EncodedObject[]>>>();

async function derivedOf(
  session: HydropsSession,
  result: OpenResult,
  kind: DerivedKind,
  signal: AbortSignal | undefined
): Promise<EncodedObject[]> {
  const known = encoded.get(result.input) ?? {};
  encoded.set(result.input, known);
  return (known[kind] ??= await encodeDerived(session, derivedInput(result, kind), signal));
}

async function encodeDerived(
  session: HydropsSession,
  input: DerivedSeriesInput,
  signal: AbortSignal | undefined
): Promise<EncodedObject[]> {
  try {
    return await encodeInWorker(input, signal);
  } catch (error) {
    const isRefusal = error instanceof RefusedInputError && error.code !== 'worker-unavailable';
    if (isRefusal || signal?.aborted || session.ended) throw error;
    // The worker failed, or was ended with a computation that the reader cancelled: saving goes on here.
    return encodeDerivedSeries(input);
  }
}

function derivedInput(result: OpenResult, kind: DerivedKind): DerivedSeriesInput {
  const { prepared, model } = result.input;
  const { ppi, pei } = otherSeries(result);
  return {
    kind,
    volume: kind === 'hydrops' ? prepared.hydrops : prepared.hydropsMi2,
    mrc: mrcOf(result),
    ppi,
    pei,
    model,
    // Not of the last edit, which does not change these images.
    created: result.input.created,
  };
}

function reportOf(
  session: HydropsSession,
  result: OpenResult,
  segmentation: EncodedObject
): EncodedObject {
  const { reading } = session.service.getState();
  return encodeMeasurementReport({
    mrc: mrcOf(result),
    ...otherSeries(result),
    measurement: result.measurement,
    segmentation,
    edited: result.edited,
    backend: result.input.backend ?? undefined,
    reader: reading.reader.trim() || undefined,
    readerFields: readingTexts(reading),
    created: result.created,
  });
}

function summaryOf(result: OpenResult): EncodedObject {
  return encodeSummaryImage({
    mrc: mrcOf(result),
    labels: result.currentLabels(),
    hydrops: result.input.prepared.hydrops,
    measurement: result.measurement,
    edited: result.edited,
    created: result.created,
  });
}

function mrcOf(result: OpenResult): Series {
  const mrc = result.input.read.mrc?.series;
  if (!mrc) throw new Error('A result needs the MRC series that it belongs to.');
  return mrc;
}

function otherSeries(result: OpenResult): { ppi: Series; pei: Series | null } {
  const { read, prepared } = result.input;
  if (!read.ppi) throw new Error('A result needs the PPI series that it was measured on.');
  return { ppi: read.ppi.series, pei: prepared.pei ? (read.pei?.series ?? null) : null };
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
