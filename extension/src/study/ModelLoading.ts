import { isAbort, problemOf } from '../state/problems';
import { modelFailed, modelLoaded, type Store } from '../state/transitions';
import type { HydropsState } from '../state/HydropsState';
import { eitherSignal, type BackendChoice, type WorkerClient } from '../worker';

/** The model is loaded once the first images have had time to show. */
const WARM_UP_DELAY_MS = 2500;

export interface ModelLoadingParts {
  client: Pick<WorkerClient, 'warmUp'>;
  store: Store;
  service: {
    onFirstListener(observer: () => void): () => void;
    subscribe(listener: (state: HydropsState) => void): () => void;
  };
  modelUrl: string;
  backend: BackendChoice;
  /** Milliseconds. */
  delay?: number;
}

/** Loads the model before it is needed, and ends the work that waits for a model which does not come. */
export class ModelLoading {
  private readonly endings = new Set<() => void>();
  /** Of the work that needs the model. */
  private readonly waiting = new Set<(error: unknown) => void>();

  constructor(private readonly parts: ModelLoadingParts) {}

  /**
   * Loads the model once someone shows the state, so that it is loaded only where it may be used.
   * @returns the function that gives it up.
   */
  begin(): () => void {
    const { service, delay = WARM_UP_DELAY_MS } = this.parts;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = service.onFirstListener(() => {
      timer = setTimeout(() => void this.load(), delay);
    });
    this.endings.add(forget);
    return () => {
      clearTimeout(timer);
      for (const end of this.endings) end();
    };
  }

  /**
   * Work that needs the model. Where loading it fails meanwhile, the work is stopped and rejects with the
   * reason: it could only come to the same end, later.
   */
  async needed<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    let failure: { error: unknown } | undefined;
    const fail = (error: unknown) => {
      failure = { error };
      stop.abort();
    };
    this.waiting.add(fail);
    const either = eitherSignal(signal, stop.signal);
    try {
      return await work(either.signal);
    } catch (error) {
      throw failure && !signal.aborted ? failure.error : error;
    } finally {
      this.waiting.delete(fail);
      either.release();
    }
  }

  private async load(): Promise<void> {
    const { client, store, modelUrl, backend } = this.parts;
    try {
      store.apply(modelLoaded(await client.warmUp(modelUrl, backend)));
    } catch (error) {
      if (isAbort(error)) return;
      if (this.waiting.size > 0) for (const fail of this.waiting) fail(error);
      else this.whenIdle(() => store.apply(modelFailed(problemOf(error, 'compute'))));
    }
  }

  /** Other work, which needs no model, comes to its end first: a problem beside it would seem to be its own. */
  private whenIdle(tell: () => void): void {
    const { store, service } = this.parts;
    if (store.getState().status !== 'running') {
      tell();
      return;
    }
    const forget = service.subscribe(({ status }) => {
      if (status === 'running') return;
      this.endings.delete(forget);
      forget();
      tell();
    });
    this.endings.add(forget);
  }
}
