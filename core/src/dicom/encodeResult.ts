import type { EarAbsence, EarFinding, PreparedStudy } from '../study';
import { requireMeasurement } from '../analysis';
import { readerChoices, type ReaderChoice, type SliceChoices } from '../measurement';
import {
  SEGMENTS,
  type AreaMeasurement,
  type EarSide,
  type ImageReference,
  type LabelVolume,
  type Measurement,
  type Method,
  type ModelIdentity,
  type Organ,
  type Series,
  type Vector3,
  type Warning,
} from '../types';
import { PARTS, RESULT_PARTS, isResultPart, type DerivedPart, type ResultPart } from '../registry';
import { sliceOfImage } from '../volume';
import type { EncodedObject } from './encode/part10';
import { readerName, requireText } from './encode/readersWords';
import { encodeDerivedSeries } from './mr/encodeDerivedSeries';
import { encodeMeasurementReport } from './report/encodeMeasurementReport';
import { encodeParametricMap } from './parametricMap/encodeParametricMap';
import type { ReaderFinding } from './report/readerFindings';
import { encodeSegmentation } from './segmentation/encodeSegmentation';
import type { Json } from './segmentation/storedState';
import { encodeSummaryImage } from './summary/encodeSummaryImage';

export { RESULT_PARTS, type ResultPart };

export interface EncodedPart {
  part: ResultPart;
  objects: EncodedObject[];
}

export interface ResultInput {
  /** The images that were measured; PEI is null for the methods that need none. */
  series: { mrc: Series; ppi: Series; pei: Series | null };
  prepared: PreparedStudy;
  /** On MRC's grid, as they stand. */
  labels: LabelVolume;
  /** As the network found it, on MRC's grid (`ANATOMY`); absent where no network did. */
  anatomy?: Uint8Array;
  ears: EarFinding[];
  /** LPS mm: middles of the ears about which the series were aligned, where no network found them. */
  centers?: Vector3[];
  /** Ears that the network looked for in vain. */
  absent: EarAbsence[];
  /** Says of itself what is the reader's. */
  measurement: Measurement;
  model: ModelIdentity | null;
  backend?: string;
  /** Family^Given of the person who read the result. */
  reader?: string;
  /** The reader's own fields, name and text, for the report. */
  readerFields?: Record<string, string>;
  /** Those of them that were chosen from a list, for their codes in the report. */
  readerFindings?: ReaderFinding[];
  /** The reader's findings as a viewer's form holds them, restored as they are; absent if nothing is stated. */
  findings?: Json;
  segmentationType?: 'binary' | 'labelmap';
  /**
   * When the result was made or last edited, not when it is stored. Stands in what the reader had a part in; what
   * follows from images, software and model alone bears the time of the images.
   */
  created: Date;
}

/** What the private state of a segmentation holds beside the measurement; read back by `restoreResult`. */
export interface ResultState {
  method: Method;
  ears: EarFinding[];
  absent: EarAbsence[];
  /** LPS mm: middles of the ears about which the series were aligned, where no network found them. */
  centers?: Vector3[];
  /** Slices in force when it was stored, including automatic slices. */
  slices: SliceChoices;
  warnings: Warning[];
  /** The reader's. */
  findings?: Json;
}

/**
 * The chosen parts of a result as DICOM objects, in the order of storing. Viewer and command line both encode
 * with this: the same images, software, model and reader's work give the same bytes under the same SOP Instance UIDs,
 * and anything else other UIDs.
 *
 * @throws RefusedInputError `frame-of-reference-missing`, `segmentation-grid-differs`, `segmentation-empty`,
 * `measurement-invalid`, `reader-name-unsuitable`, `reader-text-unsuitable`, `identifier-unreadable`
 * @throws Error for a part that does not exist: it must not be stored as another or dropped without a word
 */
export function encodeResult(input: ResultInput, parts: readonly ResultPart[]): EncodedPart[] {
  const unknown = parts.find((part) => !isResultPart(part));
  if (unknown !== undefined) throw new Error(`There is no part "${String(unknown)}" to store.`);
  // Before any part is made: a part that is stored must not stand beside one that cannot be.
  requireMeasurement(input.measurement);
  if (input.reader) readerName(input.reader);
  for (const [field, text] of Object.entries(input.readerFields ?? {})) requireText(field, text);
  let segmentation: EncodedObject | undefined;
  const encodedSegmentation = () => (segmentation ??= segmentationOf(input));
  const encoders: Record<ResultPart, () => EncodedObject[]> = {
    hydrops: () => derivedOf(input, 'hydrops'),
    'hydrops-mi2': () => derivedOf(input, 'hydrops-mi2'),
    segmentation: () => [encodedSegmentation()],
    report: () => [reportOf(input, encodedSegmentation())],
    summary: () => [summaryOf(input)],
    'parametric-map': () => [mapOf(input)],
  };
  return RESULT_PARTS.filter((part) => parts.includes(part)).map((part) => ({
    part,
    objects: encoders[part](),
  }));
}

/** Without a frame of reference only what has no place in space can be made. */
export function possibleParts(mrc: Series['header'], parts: readonly ResultPart[]): ResultPart[] {
  return parts.filter((part) => !PARTS[part].placed || Boolean(mrc.frameOfReferenceUid));
}

function segmentationOf(input: ResultInput): EncodedObject {
  const { series, prepared, labels, measurement, findings } = input;
  const slices = slicesInForce(measurement, prepared.images);
  const state: ResultState = {
    method: prepared.method,
    ears: input.ears,
    absent: input.absent,
    ...(input.centers ? { centers: input.centers } : {}),
    slices,
    warnings: measurement.warnings,
    ...(findings === undefined ? {} : { findings }),
  };
  return encodeSegmentation({
    mrc: series.mrc,
    sources: movingOf(input),
    labels,
    type: input.segmentationType,
    endolymph: prepared.endolymph,
    anatomy: input.anatomy,
    ears: input.ears,
    absent: input.absent,
    model: input.model,
    backend: backendKind(input),
    reader: input.reader,
    // His findings travel in it: the list of stored results shows the newest first.
    created: readersMoment(input, findings === undefined ? {} : input.readerFields),
    measurement,
    representativeSlices: slices,
    state: state as unknown as Json,
  });
}

function movingOf({ series: { ppi, pei } }: ResultInput): Series[] {
  return pei ? [ppi, pei] : [ppi];
}

function derivedOf(input: ResultInput, kind: DerivedPart): EncodedObject[] {
  const { series, prepared, model } = input;
  return encodeDerivedSeries({
    kind,
    method: prepared.method,
    volume: PARTS[kind].image === 'hydrops' ? prepared.hydrops : prepared.hydropsMi2,
    ...series,
    model,
    created: null,
  });
}

function mapOf({ series, prepared, model }: ResultInput): EncodedObject {
  const { method, hydropsMi2: volume } = prepared;
  return encodeParametricMap({ ...series, method, volume, model, created: null });
}

function reportOf(input: ResultInput, segmentation: EncodedObject): EncodedObject {
  const { series, measurement, reader, readerFields, readerFindings } = input;
  return encodeMeasurementReport({
    ...series,
    measurement,
    segmentation,
    automaticSlices: automaticSlices(measurement),
    backend: backendKind(input),
    reader,
    readerFields,
    readerFindings,
    created: readersMoment(input, readerFields),
  });
}

function summaryOf(input: ResultInput): EncodedObject {
  const { series, labels, prepared, measurement } = input;
  return encodeSummaryImage({
    mrc: series.mrc,
    sources: movingOf(input),
    labels,
    endolymph: prepared.endolymph,
    measurement,
    created: readersMoment(input),
  });
}

/** Choices that are settled before anything is computed: input, like the images, and not work of a moment. */
const SETTINGS: readonly ReaderChoice['kind'][] = ['method', 'role'];

/** When the reader did what a part holds of him; null where it holds nothing. */
function readersMoment(
  { measurement, created }: ResultInput,
  fields: Record<string, string> = {}
): Date | null {
  const isWork =
    readerChoices(measurement).some(({ kind }) => !SETTINGS.includes(kind)) ||
    Object.values(fields).some((value) => value.trim() !== '');
  return isWork ? created : null;
}

/** "wasm" of "wasm (2 threads)": how many ran is no part of the result. */
function backendKind({ backend }: ResultInput): string | undefined {
  return backend?.replace(/ \(\d+ threads?\)$/, '');
}

/** The slice of each organ's area, automatic ones included. */
function slicesInForce(measurement: Measurement, images: readonly ImageReference[]): SliceChoices {
  const slices: SliceChoices = {};
  for (const { ear, organ, area } of areasOf(measurement)) {
    const slice = sliceOfImage(images, area.image);
    if (slice >= 0) slices[ear] = { ...slices[ear], [organ]: slice };
  }
  return slices;
}

/** The image that the rules choose for each organ. */
function automaticSlices(
  measurement: Measurement
): Partial<Record<EarSide, Partial<Record<Organ, ImageReference | null>>>> {
  const found: Partial<Record<EarSide, Partial<Record<Organ, ImageReference | null>>>> = {};
  for (const { ear, organ, area } of areasOf(measurement))
    found[ear] = { ...found[ear], [organ]: area.automaticImage };
  return found;
}

function areasOf(
  measurement: Measurement
): { ear: EarSide; organ: Organ; area: AreaMeasurement }[] {
  return SEGMENTS.flatMap(({ ear, organ }) => {
    const area = measurement.ears[ear]?.[organ]?.area;
    return area ? [{ ear, organ, area }] : [];
  });
}
