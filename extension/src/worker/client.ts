import type { ProgressListener } from '@inner-ear-hydrops/core';
import { logged, RefusedInputError } from '@inner-ear-hydrops/core';
import {
  abortError,
  errorOf,
  outdated,
  PROTOCOL,
  type AnswerOf,
  type BackendChoice,
  type CallName,
  type PageMessage,
  type RequestOf,
  type WorkerMessage,
} from './protocol';
import { startWorker, type WorkerLike } from './startWorker';
import { WorkerLife, type Locks } from './WorkerLife';
import { WorkerStart, type StartParts } from './WorkerStart';

export interface CallOptions {
  signal?: AbortSignal;
  onProgress?: ProgressListener;
  /** Buffers that the worker takes over; the page has them no longer. */
  transfer?: Transferable[];
}

/** A worker that does not answer a cancel within this time is ended. */
const CANCEL_LIMIT_MS = 2000;

interface Waiting {
  resolve(answer: AnswerOf<CallName>): void;
  reject(error: Error): void;
  onProgress?: ProgressListener;
}

/** One worker, started on first use, kept between calls, replaced when it dies. */
export class WorkerClient {
  private worker: WorkerLike | null = null;
  private life: WorkerLife | null = null;
  private starting: WorkerStart | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private workers = 0;

  constructor(
    private readonly start: () => WorkerLike = startWorker,
    private readonly locks: Locks | null = pageLocks(),
    private readonly startParts: Pick<StartParts, 'limits' | 'ask' | 'policy'> = {}
  ) {}

  /**
   * Number of the worker in use, counted from the first; starts a worker if there is none. What was given to an earlier worker is gone
   * with it.
   */
  generation(): number {
    this.running();
    return this.workers;
  }

  /**
   * Asks the worker.
   * @throws RefusedInputError for input, model or browser faults, `worker-unavailable`, `worker-outdated`;
   * AbortError after `signal` aborts or when the worker is ended.
   */
  call<Name extends CallName>(
    kind: Name,
    request: RequestOf<Name>,
    { signal, onProgress, transfer = [] }: CallOptions = {}
  ): Promise<AnswerOf<Name>> {
    if (signal?.aborted) return Promise.reject(abortError());
    const ask = () => this.ask(kind, request, { signal, onProgress, transfer });
    // One line for each image would hide the others.
    return kind === 'addFile' || kind === 'addSlices' ? ask() : logged(`engine ${kind}`, ask);
  }

  private ask<Name extends CallName>(
    kind: Name,
    request: RequestOf<Name>,
    { signal, onProgress, transfer = [] }: CallOptions
  ): Promise<AnswerOf<Name>> {
    const id = this.nextId++;
    return new Promise<AnswerOf<Name>>((resolve, reject) => {
      let limit: ReturnType<typeof setTimeout> | undefined;
      const onAbort = () => {
        this.worker?.postMessage({ protocol: PROTOCOL, kind: 'cancel', id } satisfies PageMessage);
        limit = setTimeout(() => this.end(abortError()), CANCEL_LIMIT_MS);
      };
      const settle = () => {
        this.waiting.delete(id);
        signal?.removeEventListener('abort', onAbort);
        clearTimeout(limit);
      };
      this.waiting.set(id, {
        resolve: (answer) => {
          settle();
          // The worker answers each call with the type that the protocol gives it.
          resolve(answer);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onProgress,
      });
      signal?.addEventListener('abort', onAbort);
      try {
        this.running().postMessage({ protocol: PROTOCOL, kind, id, request }, transfer);
      } catch (error) {
        this.waiting.get(id)?.reject(unavailable(error));
      }
    });
  }

  /** Loads model and backend while the reader is still looking at the images. */
  warmUp(modelUrl: string, backend: BackendChoice): Promise<AnswerOf<'warmUp'>> {
    return this.call('warmUp', { modelUrl, backend });
  }

  /** Ends the worker; what runs is rejected with an AbortError. */
  dispose(): void {
    this.end(abortError());
  }

  private running(): WorkerLike {
    if (this.worker) return this.worker;
    const worker = this.start();
    worker.onmessage = (event) => this.receive(event.data as WorkerMessage);
    worker.onerror = (event) => {
      event.preventDefault();
      if (event.message || !this.starting) this.end(unavailable(event.message));
      // A script that the browser refused: it does not say why.
      else void this.starting.refused();
    };
    worker.onmessageerror = () => this.end(unavailable('a message could not be read'));
    this.worker = worker;
    this.workers++;
    const onDeath = (reason: string, remedy?: string) => {
      if (this.worker === worker) this.end(unavailable(reason, remedy));
    };
    this.starting = new WorkerStart({ ...this.startParts, onFailure: onDeath });
    this.life = new WorkerLife({
      post: (message) => worker.postMessage(message),
      isAwaited: () => this.waiting.size > 0,
      onDeath,
      locks: this.locks,
    });
    return worker;
  }

  private receive(message: WorkerMessage): void {
    if (message.protocol !== PROTOCOL) {
      // A worker from before there were versions answers without a version.
      this.end(outdated());
      return;
    }
    if (message.kind === 'evaluated') {
      this.starting?.evaluated();
      return;
    }
    this.begun();
    this.life?.heard();
    if (message.kind === 'held') this.life?.held();
    if (!('id' in message)) return;
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    if (message.kind === 'progress') waiting.onProgress?.(message.progress);
    else if (message.kind === 'failure') waiting.reject(errorOf(message.failure));
    else waiting.resolve(message.answer);
  }

  /** It has spoken: from here on its life is watched. */
  private begun(): void {
    this.starting?.end();
    this.starting = null;
  }

  private end(error: Error): void {
    this.begun();
    this.life?.end();
    this.life = null;
    this.worker?.terminate();
    this.worker = null;
    for (const waiting of [...this.waiting.values()]) waiting.reject(error);
  }
}

function pageLocks(): Locks | null {
  return typeof navigator === 'undefined' ? null : (navigator.locks ?? null);
}

const REMEDY =
  'Try again. If it keeps failing, reload the page without the browser’s cache (Ctrl+Shift+R), and ask whoever runs this viewer to serve all files of extension/dist from one build.';

function unavailable(reason: unknown, remedy = REMEDY): RefusedInputError {
  const words = reason instanceof Error ? reason.message : String(reason);
  return new RefusedInputError(
    'worker-unavailable',
    `The computation's background worker failed: ${words}.`,
    remedy,
    { reason: words }
  );
}
