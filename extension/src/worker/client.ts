import type {
  EarSide,
  Method,
  ModelIdentity,
  ProgressListener,
  Role,
  Series,
  StudyResult,
  StudySeries,
  Vector3,
} from '@inner-ear-hydrops/core';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { DerivedSeriesInput, EncodedObject } from '@inner-ear-hydrops/core/dicom';
import {
  abortError,
  errorOf,
  type BackendChoice,
  type WorkerRequest,
  type WorkerResponse,
} from './protocol';
import { workerUrl } from './workerUrl';

export interface RunOptions {
  series: StudySeries;
  /** Address of the model's manifest.json. */
  modelUrl: string;
  backend: BackendChoice;
  method: Method;
  /** LPS mm; where the reader has placed the crops. */
  centers?: Partial<Record<EarSide, Vector3>>;
  signal?: AbortSignal;
  onProgress?: ProgressListener;
}

/** A worker that does not answer a cancel within this time is ended. */
const CANCEL_LIMIT_MS = 2000;

interface Waiting {
  resolve(response: WorkerResponse): void;
  reject(error: Error): void;
  onProgress?: ProgressListener;
}

/** The part of a Worker that is used here: tests put a message channel in its place. */
export type WorkerLike = Pick<
  Worker,
  'postMessage' | 'terminate' | 'onmessage' | 'onerror' | 'onmessageerror'
>;

/** One worker, started on first use, kept between runs, replaced when it dies. */
export class WorkerClient {
  private worker: WorkerLike | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(private readonly start: () => WorkerLike = startWorker) {}

  /**
   * Segments and measures a study off the main thread. The series are copied, so the caller keeps
   * them; the arrays of the result are transferred.
   * @throws RefusedInputError for input, model or browser faults; AbortError after `signal` aborts.
   */
  async run(options: RunOptions): Promise<StudyResult> {
    const { series, modelUrl, backend, method, centers, signal, onProgress } = options;
    const response = await this.request(
      {
        kind: 'run',
        series: withoutAttributes(series),
        modelUrl: absolute(modelUrl),
        backend,
        method,
        centers,
      },
      signal,
      onProgress
    );
    if (response.kind !== 'result') throw unexpected(response);
    return response.result;
  }

  /**
   * Encodes a derived series off the main thread. Its volume is copied, of the other series only what
   * the files say about them.
   * @throws RefusedInputError as `encodeDerivedSeries`, or `worker-unavailable`; AbortError after
   * `signal` aborts or when the worker is ended.
   */
  async encode(input: DerivedSeriesInput, signal?: AbortSignal): Promise<EncodedObject[]> {
    const { mrc, ppi, pei } = input;
    const slim: DerivedSeriesInput = {
      ...input,
      mrc: withoutVoxels(mrc),
      ppi: withoutVoxels(ppi),
      pei: pei && withoutVoxels(pei),
    };
    const response = await this.request({ kind: 'encode', input: slim }, signal);
    if (response.kind !== 'encoded') throw unexpected(response);
    return response.objects;
  }

  /** Loads model and backend while the reader is still looking at the images. */
  async warmUp(
    modelUrl: string,
    backend: BackendChoice
  ): Promise<{ backend: string; model: ModelIdentity }> {
    const response = await this.request({ kind: 'warmUp', modelUrl: absolute(modelUrl), backend });
    if (response.kind !== 'ready') throw unexpected(response);
    return { backend: response.backend, model: response.model };
  }

  /** Ends the worker; what runs is rejected with an AbortError. */
  dispose(): void {
    this.end(abortError());
  }

  private request(
    message: WithoutId<Exclude<WorkerRequest, { kind: 'cancel' }>>,
    signal?: AbortSignal,
    onProgress?: ProgressListener
  ): Promise<WorkerResponse> {
    if (signal?.aborted) return Promise.reject(abortError());
    const id = this.nextId++;
    return new Promise<WorkerResponse>((resolve, reject) => {
      let limit: ReturnType<typeof setTimeout> | undefined;
      const onAbort = () => {
        this.worker?.postMessage({ kind: 'cancel', id } satisfies WorkerRequest);
        limit = setTimeout(() => this.end(abortError()), CANCEL_LIMIT_MS);
      };
      const settle = () => {
        this.waiting.delete(id);
        signal?.removeEventListener('abort', onAbort);
        clearTimeout(limit);
      };
      this.waiting.set(id, {
        resolve: (response) => {
          settle();
          resolve(response);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onProgress,
      });
      signal?.addEventListener('abort', onAbort);
      try {
        this.running().postMessage({ ...message, id });
      } catch (error) {
        this.waiting.get(id)?.reject(unavailable(error));
      }
    });
  }

  private running(): WorkerLike {
    if (this.worker) return this.worker;
    const worker = this.start();
    worker.onmessage = (event) => this.receive(event.data as WorkerResponse);
    worker.onerror = (event) => {
      event.preventDefault();
      this.end(unavailable(event.message || 'its script could not be loaded'));
    };
    worker.onmessageerror = () => this.end(unavailable('a message could not be read'));
    this.worker = worker;
    return worker;
  }

  private receive(response: WorkerResponse): void {
    const waiting = this.waiting.get(response.id);
    if (!waiting) return;
    if (response.kind === 'progress') waiting.onProgress?.(response.progress);
    else if (response.kind === 'failure') waiting.reject(errorOf(response.failure));
    else waiting.resolve(response);
  }

  private end(error: Error): void {
    this.worker?.terminate();
    this.worker = null;
    for (const waiting of [...this.waiting.values()]) waiting.reject(error);
  }
}

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;

/**
 * A worker script must be of the page's origin, a plugin need not be: a Blob of this origin imports
 * the real address (which its server must allow by CORS, as for the plugin itself).
 */
function startWorker(): Worker {
  const source = `import ${JSON.stringify(workerUrl())};`;
  // Kept for the next worker: revoking it would take a timer that outlasts the stay in the mode.
  blobUrl ??= URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return new Worker(blobUrl, { type: 'module', name: 'inner-ear-hydrops' });
}

let blobUrl: string | null = null;

/** The host's naturalised instances may hold getters that cannot be cloned; measuring needs none of them. */
function withoutAttributes(series: StudySeries): StudySeries {
  const entries = Object.entries(series) as [Role, Series | undefined][];
  return Object.fromEntries(
    entries
      .filter((entry): entry is [Role, Series] => entry[1] !== undefined)
      .map(([role, one]) => [role, { ...one, header: { ...one.header, attributes: {} } }])
  );
}

function withoutVoxels(series: Series): Series {
  return { ...series, volume: { ...series.volume, data: new Float32Array(0) } };
}

/** In a Blob worker a relative address has no base. */
function absolute(url: string): string {
  return typeof document === 'undefined' ? url : new URL(url, document.baseURI).href;
}

function unavailable(reason: unknown): RefusedInputError {
  const words = reason instanceof Error ? reason.message : String(reason);
  return new RefusedInputError(
    'worker-unavailable',
    `The computation's background worker failed: ${words}.`,
    'Try again. If it keeps failing, reload the page, and ask whoever runs this viewer whether worker.js is served beside the extension.',
    { reason: words }
  );
}

function unexpected(response: WorkerResponse): Error {
  return new Error(`Unexpected answer from the worker: ${response.kind}`);
}

const client = new WorkerClient();

export const runInWorker = (options: RunOptions): Promise<StudyResult> => client.run(options);
export const warmUp = (
  modelUrl: string,
  backend: BackendChoice
): Promise<{ backend: string; model: ModelIdentity }> => client.warmUp(modelUrl, backend);
export const encodeInWorker = (
  input: DerivedSeriesInput,
  signal?: AbortSignal
): Promise<EncodedObject[]> => client.encode(input, signal);
/** For the mode's exit: ends the worker and frees the model's memory. */
export const disposeWorker = (): void => client.dispose();
