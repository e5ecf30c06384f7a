import type {
  AnalyzeOptions,
  Method,
  Segmenter,
  StudyResult,
  StudySeries,
  Warning,
} from '@inner-ear-hydrops/core';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { DerivedSeriesInput, EncodedObject } from '@inner-ear-hydrops/core/dicom';
import {
  abortError,
  failureOf,
  isAbortError,
  transferables,
  type BackendChoice,
  type WorkerRequest,
  type WorkerResponse,
} from './protocol';

export type LoadedSegmenter = Segmenter & { dispose(): void };

/** What the handler needs from the world, so that a test can run it without a worker or a network. */
export interface HandlerParts {
  post(response: WorkerResponse, transfer: Transferable[]): void;
  /** Refuses input that no network could make measurable, before one is downloaded. */
  check(series: StudySeries, method: Method): void;
  loadSegmenter(
    modelUrl: string,
    backend: BackendChoice,
    signal: AbortSignal
  ): Promise<LoadedSegmenter>;
  /** The DICOM files of a derived series. */
  encode(input: DerivedSeriesInput): EncodedObject[];
  analyze(series: StudySeries, segmenter: Segmenter, options: AnalyzeOptions): Promise<StudyResult>;
  /** True once the WebGL context is gone: its results are then zeros, not errors. */
  contextLost(): boolean;
}

type EncodeRequest = Extract<WorkerRequest, { kind: 'encode' }>;
type RunRequest = Extract<WorkerRequest, { kind: 'run' }>;

/**
 * Answers requests one after another (the backend is shared); a cancel is answered at once, as is an
 * encoding, which needs no backend, so that a save does not wait for a computation.
 * The segmenter stays loaded between runs. When WebGL fails or its context is lost, the run is
 * repeated once on WASM, which stays in use from then on, and the result says so.
 */
export function createHandler(parts: HandlerParts): (request: WorkerRequest) => Promise<void> {
  const controllers = new Map<number, AbortController>();
  let loaded: { key: string; segmenter: LoadedSegmenter } | null = null;
  let webglFailed = false;
  let queue: Promise<unknown> = Promise.resolve();

  const unload = () => {
    const old = loaded;
    loaded = null;
    try {
      old?.segmenter.dispose();
    } catch {
      // Tensors of a lost context cannot be disposed of; they are gone with it.
    }
  };

  const segmenterFor = async (modelUrl: string, choice: BackendChoice, signal: AbortSignal) => {
    const backend = webglFailed ? 'wasm' : choice;
    const key = `${backend} ${modelUrl}`;
    if (loaded?.key !== key) {
      unload();
      loaded = { key, segmenter: await parts.loadSegmenter(modelUrl, backend, signal) };
    }
    return loaded.segmenter;
  };

  const attempt = async (request: RunRequest, signal: AbortSignal) => {
    const { series, method, centers } = request;
    parts.check(series, method);
    const segmenter = await segmenterFor(request.modelUrl, request.backend, signal);
    const result = await parts.analyze(series, withCenters(segmenter, centers), {
      method,
      signal,
      onProgress: (progress) => parts.post({ kind: 'progress', id: request.id, progress }, []),
    });
    if (parts.contextLost()) throw new Error('The WebGL context was lost.');
    return result;
  };

  const run = async (request: RunRequest, signal: AbortSignal) => {
    try {
      return await attempt(request, signal);
    } catch (error) {
      const onWebgl = loaded?.segmenter.backend.startsWith('webgl') ?? false;
      // A lost context reads back zeros, so that even "no ear found" may be its fault.
      const blamesInput = error instanceof RefusedInputError && !parts.contextLost();
      if (!onWebgl || isAbortError(error) || blamesInput) throw error;
      webglFailed = true;
      unload();
      const result = await attempt(request, signal);
      result.measurement.warnings.push(webglWarning(error, result.backend));
      return result;
    }
  };

  const encode = ({ id, input }: EncodeRequest) => {
    try {
      const objects = parts.encode(input);
      parts.post({ kind: 'encoded', id, objects }, transferables(objects));
    } catch (error) {
      parts.post({ kind: 'failure', id, failure: failureOf(error) }, []);
    }
  };

  const answer = async (request: Exclude<WorkerRequest, EncodeRequest | { kind: 'cancel' }>) => {
    const controller = controllers.get(request.id) ?? new AbortController();
    const { signal } = controller;
    try {
      if (signal.aborted) throw abortError();
      if (request.kind === 'warmUp') {
        const segmenter = await segmenterFor(request.modelUrl, request.backend, signal);
        const { backend, identity } = segmenter;
        parts.post({ kind: 'ready', id: request.id, backend, model: identity }, []);
      } else {
        const result = await run(request, signal);
        parts.post({ kind: 'result', id: request.id, result }, transferables(result));
      }
    } catch (error) {
      const reason = signal.aborted ? abortError() : error;
      parts.post({ kind: 'failure', id: request.id, failure: failureOf(reason) }, []);
    } finally {
      controllers.delete(request.id);
    }
  };

  return (request) => {
    if (request.kind === 'cancel') {
      controllers.get(request.id)?.abort();
      return Promise.resolve();
    }
    if (request.kind === 'encode') {
      encode(request);
      return Promise.resolve();
    }
    controllers.set(request.id, new AbortController());
    const answered = queue.then(() => answer(request));
    queue = answered;
    return answered;
  };
}

function withCenters(segmenter: Segmenter, centers: RunRequest['centers']): Segmenter {
  if (!centers) return segmenter;
  return {
    identity: segmenter.identity,
    backend: segmenter.backend,
    segment: (mrc, options) => segmenter.segment(mrc, { ...options, centers }),
  };
}

function webglWarning(error: unknown, backend: string): Warning {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'webgl-failed',
    message: `The graphics processor failed during the computation, which was repeated on ${backend}. The result does not depend on it.`,
    ear: null,
    values: { reason, backend },
  };
}
