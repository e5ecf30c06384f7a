import type {
  Choices,
  CorrectedImages,
  EarFinding,
  EarSide,
  Geometry,
  ImageWish,
  LabelVolume,
  Measurement,
  Method,
  ModelIdentity,
  PreparedStudy,
  Progress,
  RegionContext,
  Role,
  Series,
  SeriesHeader,
  SliceChoices,
  SliceInput,
  Vector3,
  Volume,
  Warning,
} from '@inner-ear-hydrops/core';
import { BUILD_ID, RefusedInputError } from '@inner-ear-hydrops/core';
import type {
  SegmentAssignments,
  EncodedPart,
  ResultInput,
  ResultPart,
  RestoredResult,
  RestoreOptions,
} from '@inner-ear-hydrops/core/dicom';

declare const __HYDROPS_BUILD__: string | undefined;

/** Stands in every message, so that a page and a worker of different builds never misread each other. */
export const PROTOCOL: string =
  // In the file itself, by which it is known; what is imported may lie in a part of it.
  typeof __HYDROPS_BUILD__ === 'string' ? __HYDROPS_BUILD__ : BUILD_ID;

/** `auto` takes WebGL where a real GPU renders and WASM otherwise; the others are forced. */
export type BackendChoice = 'auto' | 'webgl' | 'wasm';

/** Names a series in the worker: the display set that it was read from, and what for. */
export type SeriesKey = string;
/** Names a study that the worker has prepared. */
export type StudyId = number;
/** The series of each role, read before. */
export type SeriesOfRoles = Partial<Record<Role, SeriesKey>>;

/** A series without its voxels, which stay in the worker. */
export interface SeriesSummary extends Omit<Series, 'volume'> {
  geometry: Geometry;
}

/** What the page shows of a prepared study. */
export interface ShownImages extends Pick<
  PreparedStudy,
  'method' | 'hydrops' | 'hydropsMi2' | 'endolymph' | 'images'
> {
  corrected: CorrectedImages;
}

/** What makes a study again in a worker that has never seen it. */
export interface StudyRecipe {
  series: SeriesOfRoles;
  method: Method;
  /** LPS mm: middles of the ears around which motion was estimated; the whole volume decides where there are none. */
  centers: Vector3[];
  /** What measuring again needs. */
  context: RegionContext;
}

export interface ComputeRequest {
  series: SeriesOfRoles;
  /** Address of the model's manifest.json. */
  modelUrl: string;
  backend: BackendChoice;
  method: Method;
  /** LPS mm; where the reader has placed the crops. */
  centers?: Partial<Record<EarSide, Vector3>>;
  choices: Choices;
  /** Warnings from choosing and reading the series; they come first in the result. */
  warnings: Warning[];
}

export interface ComputedStudy extends ReadyEngine {
  study: StudyId;
  images: ShownImages;
  labels: LabelVolume;
  ears: EarFinding[];
  /** A copy of what the worker keeps. */
  context: RegionContext;
  measurement: Measurement;
}

/** What the networks run on. */
export interface ReadyEngine {
  /** e.g. "wasm (2 threads)". */
  backend: string;
  /** In sentences: faster ones that were not taken, and why; empty: none. */
  passedOver: string;
}

export interface RestoredStudy extends Omit<RestoredResult, 'prepared'> {
  study: StudyId;
  images: ShownImages;
}

export interface MeasureRequest {
  study: StudyId;
  labels: LabelVolume;
  representativeSlices: SliceChoices;
  timings: Record<string, number>;
}

/** What the page knows of a result when it is encoded; the images and what was found on them are the worker's. */
export interface EncodeRequest extends Omit<
  ResultInput,
  'series' | 'prepared' | 'anatomy' | 'ears' | 'centers' | 'absent' | 'model'
> {
  study: StudyId;
  parts: ResultPart[];
}

/** One instance that a source of stored bytes hands over. */
export interface StoredFile {
  /** For messages. */
  name: string;
  /** Part 10; transferred. */
  buffer: ArrayBuffer;
  /** What the page has asked for. */
  sopInstanceUid: string;
}

/** Each question to the worker with its answer. */
export interface EngineCalls {
  warmUp: {
    request: { modelUrl: string; backend: BackendChoice };
    answer: ReadyEngine & { model: ModelIdentity; cropSize: Vector3; trainedOn: string };
  };
  /** Restarts a series; images that came before are forgotten. */
  beginSeries: { request: { series: SeriesKey }; answer: null };
  /** One stored instance, decoded at once. */
  addFile: { request: { series: SeriesKey; file: StoredFile }; answer: null };
  /** Slices that the page has decoded itself, where a source has no stored bytes. */
  addSlices: {
    request: { series: SeriesKey; header: SeriesHeader; slices: SliceInput[] };
    answer: null;
  };
  /** Puts the images of a series together: those that fit what it is wanted for. */
  assembleSeries: {
    request: { series: SeriesKey; wish: ImageWish };
    answer: { summary: SeriesSummary; warnings: Warning[] };
  };
  compute: { request: ComputeRequest; answer: ComputedStudy };
  /** HYDROPS and HYDROPS-Mi2 alone, or a study that an earlier worker held. */
  prepare: {
    request: { recipe: StudyRecipe; withImages: boolean };
    answer: { study: StudyId; images: ShownImages | null };
  };
  measure: { request: MeasureRequest; answer: Measurement };
  /** The method of a stored segmentation; null for another software's. */
  storedMethod: {
    request: { mrc: SeriesKey; file: ArrayBuffer; assigned?: SegmentAssignments };
    answer: Method | null;
  };
  restore: {
    request: RestoreOptions & { series: SeriesOfRoles; method: Method; file: ArrayBuffer };
    answer: RestoredStudy;
  };
  encode: { request: EncodeRequest; answer: EncodedPart[] };
  /** Frees the images of a study. */
  dropStudy: { request: { study: StudyId }; answer: null };
}

export type CallName = keyof EngineCalls;
export type RequestOf<Name extends CallName> = EngineCalls[Name]['request'];
export type AnswerOf<Name extends CallName> = EngineCalls[Name]['answer'];

interface Envelope {
  /** `PROTOCOL` of whoever sends. */
  protocol: string;
}

export type EngineRequest = {
  [Name in CallName]: Envelope & { kind: Name; id: number; request: RequestOf<Name> };
}[CallName];

/** What the page sends: questions, and what needs no answer of its own. */
export type PageMessage =
  | EngineRequest
  | (Envelope & { kind: 'cancel'; id: number })
  /** Hold this Web Lock as long as you live. */
  | (Envelope & { kind: 'hold'; lock: string })
  | (Envelope & { kind: 'ping' });

/** An error as plain data, since a class does not survive structured cloning. */
export interface Failure {
  name: string;
  message: string;
  code: string | null;
  remedy: string | null;
  values: Record<string, number | string>;
}

export type WorkerMessage = Envelope &
  (
    | { kind: 'progress'; id: number; progress: Progress }
    | { kind: 'answer'; id: number; answer: AnswerOf<CallName> }
    | { kind: 'failure'; id: number; failure: Failure }
    /** The worker listens. */
    | { kind: 'hello' }
    /** Of whoever started worker.js: the script has run to its end. */
    | { kind: 'evaluated' }
    /** The Web Lock is held: the page learns at once when this worker is gone. */
    | { kind: 'held' }
    | { kind: 'pong' }
  );

/** Refuses to talk to the other side, whose script is of another build. */
export function outdated(): RefusedInputError {
  return new RefusedInputError(
    'worker-outdated',
    'The extension and its background worker (worker.js) are of different builds.',
    'Reload the page without the browser’s cache (Ctrl+Shift+R). If this message comes back, ask whoever runs this viewer to serve all files from one build.'
  );
}

export function failureOf(error: unknown): Failure {
  if (error instanceof RefusedInputError) {
    const { name, message, code, remedy, values } = error;
    return { name, message, code, remedy, values };
  }
  // By shape, since a DOMException (an abort) need not be an Error of this realm.
  const { name = 'Error', message = String(error) } = (error ?? {}) as Partial<Error>;
  return { name, message, code: null, remedy: null, values: {} };
}

/** The error that `failure` was made of: refused input with its code and remedy, or a plain error. */
export function errorOf(failure: Failure): Error {
  if (failure.code !== null) {
    return new RefusedInputError(
      failure.code,
      failure.message,
      failure.remedy ?? '',
      failure.values
    );
  }
  if (failure.name === 'AbortError') return abortError();
  const error = new Error(failure.message);
  error.name = failure.name;
  return error;
}

export function abortError(): Error {
  return new DOMException('The computation was cancelled.', 'AbortError');
}

export function isAbortError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error
    ? error.name === 'AbortError'
    : false;
}

/** A volume of its own voxels, to be transferred while the worker keeps the original. */
export function copyOf(volume: Volume): Volume {
  return { ...volume, data: volume.data.slice() };
}

/**
 * The buffers in `value`, of typed arrays or alone, each once, for a transfer list. Shared memory
 * (threaded WASM) cannot be transferred and is left out.
 */
export function transferables(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (item: unknown): void => {
    if (ArrayBuffer.isView(item)) {
      if (isTransferable(item.buffer)) buffers.add(item.buffer);
    } else if (isTransferable(item)) {
      buffers.add(item);
    } else if (Array.isArray(item)) {
      if (typeof item[0] === 'object') item.forEach(visit);
    } else if (typeof item === 'object' && item !== null) {
      Object.values(item).forEach(visit);
    }
  };
  visit(value);
  return [...buffers];
}

// By tag, since a buffer may come from another realm.
function isTransferable(buffer: unknown): buffer is ArrayBuffer {
  return Object.prototype.toString.call(buffer) === '[object ArrayBuffer]';
}
