import type {
  Method,
  RunOptions,
  Segmenter,
  StudyResult,
  StudySeries,
  Warning,
} from '@inner-ear-hydrops/core';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { PixelCodecs } from '@inner-ear-hydrops/core/dicom';
import {
  abortError,
  failureOf,
  isAbortError,
  outdated,
  PROTOCOL,
  transferables,
  type AnswerOf,
  type BackendChoice,
  type CallName,
  type ComputedStudy,
  type ComputeRequest,
  type EngineRequest,
  type PageMessage,
  type ReadyEngine,
  type RequestOf,
  type WorkerMessage,
} from './protocol';
import { StudyStore } from './StudyStore';

export type LoadedSegmenter = Segmenter & { dispose(): void };

/** What the handler needs from the world, so that a test can run it without a worker or a network. */
export interface HandlerParts {
  post(message: WorkerMessage, transfer: Transferable[]): void;
  /** Decoders of compressed pixel data. */
  codecs: PixelCodecs;
  /** Refuses input that no network could make measurable, before a network is downloaded. */
  check(series: StudySeries, method: Method): void;
  loadSegmenter(
    modelUrl: string,
    backend: BackendChoice,
    signal: AbortSignal
  ): Promise<LoadedSegmenter>;
  analyze(series: StudySeries, segmenter: Segmenter, options: RunOptions): Promise<StudyResult>;
  /** True once the WebGL context is gone: its results are then zeros, not errors. */
  contextLost(): boolean;
  /** Takes a Web Lock of this name for the life of the worker; false where the browser has none. */
  hold?(lock: string): Promise<boolean>;
}

interface CallContext {
  signal: AbortSignal;
  id: number;
}

type Calls = {
  [Name in CallName]: (
    request: RequestOf<Name>,
    context: CallContext
  ) => AnswerOf<Name> | Promise<AnswerOf<Name>>;
};

/** These share the backend and wait for each other; all others are answered at once. */
const QUEUED: ReadonlySet<CallName> = new Set<CallName>(['warmUp', 'compute']);

/** Buffers that were made for the page alone. Those of headers and datasets belong to the series that stays here. */
const TRANSFERRED: { [Name in CallName]?: (answer: AnswerOf<Name>) => Transferable[] } = {
  compute: transferables,
  prepare: transferables,
  restore: transferables,
  encode: (parts) => parts.flatMap(({ objects }) => objects.map(({ file }) => file)),
};

/**
 * Answers the page. The series and prepared studies stay here; the segmenter stays loaded between runs. A cancel
 * is answered at once, as is everything that needs no network, so that reading, measuring again and saving do not
 * wait for a computation. When WebGL fails or its context is lost, the run is repeated once on WASM, which stays in
 * use from then on, and the result says so.
 */
export function createHandler(parts: HandlerParts): (message: PageMessage) => Promise<void> {
  const controllers = new Map<number, AbortController>();
  const store = new StudyStore(parts.codecs);
  const segmenters = segmenterCache(parts);
  let queue: Promise<unknown> = Promise.resolve();

  const calls: Calls = {
    warmUp: async ({ modelUrl, backend }, { signal }) => {
      const segmenter = await segmenters.load(modelUrl, backend, signal);
      const { identity, cropSize, trainedOn } = segmenter;
      return { ...engineOf(segmenter), model: identity, cropSize, trainedOn };
    },
    beginSeries: ({ series }) => {
      store.beginSeries(series);
      return null;
    },
    addFile: async ({ series, file }) => {
      await store.addFile(series, file);
      return null;
    },
    addSlices: (request) => {
      store.addSlices(request);
      return null;
    },
    assembleSeries: (request) => store.assemble(request),
    compute: (request, context) => compute(request, context),
    prepare: ({ recipe, withImages }) => store.prepare(recipe, withImages),
    measure: (request) => store.measure(request),
    storedMethod: (request) => store.storedMethod(request),
    restore: (request) => store.restore(request),
    encode: (request) => store.encode(request),
    dropStudy: ({ study }) => {
      store.drop(study);
      return null;
    },
  };

  const attempt = async (
    request: ComputeRequest,
    { signal, id }: CallContext,
    ofRetry: (backend: string) => Warning[] = () => []
  ) => {
    const { method, centers, choices, warnings } = request;
    const series = store.seriesOf(request.series);
    parts.check(series, method);
    const segmenter = await segmenters.load(request.modelUrl, request.backend, signal);
    const result = await parts.analyze(series, segmenter, {
      method,
      centers,
      choices,
      warnings,
      signal,
      onProgress: (progress) =>
        parts.post({ protocol: PROTOCOL, kind: 'progress', id, progress }, []),
    });
    if (parts.contextLost()) throw new Error('The WebGL context was lost.');
    const retry = ofRetry(result.backend);
    result.measurement.warnings.push(...retry);
    return { ...store.keep(series, result, [...warnings, ...retry]), ...engineOf(segmenter) };
  };

  const compute = async (request: ComputeRequest, context: CallContext): Promise<ComputedStudy> => {
    try {
      return await attempt(request, context);
    } catch (error) {
      // A lost context reads back zeros, so that even "no ear found" may be its fault.
      const blamesInput = error instanceof RefusedInputError && !parts.contextLost();
      if (!segmenters.onWebgl() || isAbortError(error) || blamesInput) throw error;
      segmenters.giveUpWebgl();
      return attempt(request, context, (backend) => [webglWarning(error, backend)]);
    }
  };

  const fail = (id: number, error: unknown) =>
    parts.post({ protocol: PROTOCOL, kind: 'failure', id, failure: failureOf(error) }, []);

  const answer = async <Name extends CallName>(
    kind: Name,
    id: number,
    request: RequestOf<Name>
  ) => {
    const { signal } = controllers.get(id) ?? new AbortController();
    try {
      if (signal.aborted) throw abortError();
      const value = await calls[kind](request, { signal, id });
      const transfer = TRANSFERRED[kind]?.(value) ?? [];
      parts.post({ protocol: PROTOCOL, kind: 'answer', id, answer: value }, transfer);
    } catch (error) {
      fail(id, signal.aborted ? abortError() : error);
    } finally {
      controllers.delete(id);
    }
  };

  const hold = async (lock: string) => {
    if (await parts.hold?.(lock)) parts.post({ protocol: PROTOCOL, kind: 'held' }, []);
  };

  const receive = (message: EngineRequest): Promise<void> => {
    const { kind, id, request } = message;
    controllers.set(id, new AbortController());
    if (!QUEUED.has(kind)) return answer(kind, id, request);
    const answered = queue.then(() => answer(kind, id, request));
    queue = answered;
    return answered;
  };

  return async (message) => {
    if (message.protocol !== PROTOCOL) {
      if ('id' in message && message.kind !== 'cancel') fail(message.id, outdated());
      return;
    }
    if (message.kind === 'cancel') controllers.get(message.id)?.abort();
    else if (message.kind === 'ping') parts.post({ protocol: PROTOCOL, kind: 'pong' }, []);
    else if (message.kind === 'hold') await hold(message.lock);
    else await receive(message);
  };
}

/** One loaded segmenter, replaced when another model or backend is asked for. */
function segmenterCache(parts: HandlerParts) {
  let loaded: { key: string; segmenter: LoadedSegmenter } | null = null;
  let webglFailed = false;
  const unload = () => {
    const old = loaded;
    loaded = null;
    try {
      old?.segmenter.dispose();
    } catch {
      // Tensors of a lost context cannot be disposed of; they are gone with it.
    }
  };
  return {
    load: async (modelUrl: string, choice: BackendChoice, signal: AbortSignal) => {
      const backend = webglFailed ? 'wasm' : choice;
      const key = `${backend} ${modelUrl}`;
      if (loaded?.key !== key) {
        unload();
        loaded = { key, segmenter: await parts.loadSegmenter(modelUrl, backend, signal) };
      }
      return loaded.segmenter;
    },
    onWebgl: () => loaded?.segmenter.backend.startsWith('webgl') ?? false,
    giveUpWebgl: () => {
      webglFailed = true;
      unload();
    },
  };
}

const engineOf = ({ backend, passedOver = '' }: LoadedSegmenter): ReadyEngine => ({
  backend,
  passedOver,
});

function webglWarning(error: unknown, backend: string): Warning {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'webgl-failed',
    message: `The graphics processor failed during the computation, which was repeated on ${backend}. The result does not depend on it.`,
    ear: null,
    values: { reason, backend },
  };
}
