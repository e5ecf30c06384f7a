import type { EarAbsence, EarFinding, PreparedStudy } from '../study';
import type { SliceChoices } from '../measurement';
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
  type Warning,
} from '../types';
import { PARTS, RESULT_PARTS, isResultPart, type DerivedPart, type ResultPart } from '../registry';
import { sliceOfImage } from '../volume';
import type { EncodedObject } from './encode/part10';
import { encodeDerivedSeries } from './mr/encodeDerivedSeries';
import { encodeMeasurementReport } from './report/encodeMeasurementReport';
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
  /** The same as the form of a viewer holds them, restored as it is; absent where nothing is stated. */
  reading?: Json;
  segmentationType?: 'binary' | 'labelmap';
  /** When the result was made or last edited, not when it is stored. */
  created: Date;
  /** When the derived images were made, which no edit changes; `created` when absent. */
  imagesCreated?: Date;
}

/** What the private state of a segmentation holds beside the measurement; read back by `restoreResult`. */
export interface ResultState {
  method: Method;
  ears: EarFinding[];
  absent: EarAbsence[];
  /** Slices in force when it was stored, automatic ones included. */
  slices: SliceChoices;
  warnings: Warning[];
  reading?: Json;
}

/**
 * The chosen parts of a result as DICOM objects, in the order of storing. Viewer and command line both encode
 * with this: the same result gives the same SOP Instance UIDs, and the same bytes but for times and the backend's
 * name.
 *
 * @throws RefusedInputError `frame-of-reference-missing`, `segmentation-grid-differs`, `segmentation-empty`
 * @throws Error for a part that does not exist: it must not be stored as another or dropped without a word
 */
export function encodeResult(input: ResultInput, parts: readonly ResultPart[]): EncodedPart[] {
  const unknown = parts.find((part) => !isResultPart(part));
  if (unknown !== undefined) throw new Error(`There is no part "${String(unknown)}" to store.`);
  let segmentation: EncodedObject | undefined;
  const encodedSegmentation = () => (segmentation ??= segmentationOf(input));
  const encoders: Record<ResultPart, () => EncodedObject[]> = {
    hydrops: () => derivedOf(input, 'hydrops'),
    'hydrops-mi2': () => derivedOf(input, 'hydrops-mi2'),
    segmentation: () => [encodedSegmentation()],
    report: () => [reportOf(input, encodedSegmentation())],
    summary: () => [summaryOf(input)],
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
  const { series, prepared, labels, measurement, reading } = input;
  const slices = slicesInForce(measurement, prepared.images);
  const state: ResultState = {
    method: prepared.method,
    ears: input.ears,
    absent: input.absent,
    slices,
    warnings: measurement.warnings,
    ...(reading === undefined ? {} : { reading }),
  };
  return encodeSegmentation({
    mrc: series.mrc,
    labels,
    type: input.segmentationType,
    endolymph: prepared.endolymph,
    anatomy: input.anatomy,
    ears: input.ears,
    absent: input.absent,
    model: input.model,
    backend: input.backend,
    reader: input.reader,
    created: input.created,
    measurement,
    representativeSlices: slices as unknown as Json,
    state: state as unknown as Json,
  });
}

function derivedOf(input: ResultInput, kind: DerivedPart): EncodedObject[] {
  const { series, prepared, model } = input;
  return encodeDerivedSeries({
    kind,
    method: prepared.method,
    volume: PARTS[kind].image === 'hydrops' ? prepared.hydrops : prepared.hydropsMi2,
    ...series,
    model,
    created: input.imagesCreated ?? input.created,
  });
}

function reportOf(input: ResultInput, segmentation: EncodedObject): EncodedObject {
  const { series, measurement, backend, reader, readerFields, created } = input;
  return encodeMeasurementReport({
    ...series,
    measurement,
    segmentation,
    automaticSlices: automaticSlices(measurement),
    backend,
    reader,
    readerFields,
    created,
  });
}

function summaryOf(input: ResultInput): EncodedObject {
  const { series, labels, prepared, measurement, created } = input;
  return encodeSummaryImage({
    mrc: series.mrc,
    labels,
    endolymph: prepared.endolymph,
    measurement,
    created,
  });
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
