import { workerUrl } from './addresses';
import { PROTOCOL, type WorkerMessage } from './protocol';

/** The part of a Worker that is used here: tests put a message channel in its place. */
export interface WorkerLike {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

/** A way to start the worker. @throws where the browser refuses at once */
export type Way = () => WorkerLike;

/**
 * A worker that is started in one way, and in the next where the browser refuses that. What it is sent before its first
 * word waits here, since it may be another worker that says it.
 */
export class FirstThatStarts implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  private worker: WorkerLike | null = null;
  private waiting: [unknown, Transferable[]][] | null = [];
  private readonly ways: Way[];

  constructor(ways: readonly Way[]) {
    this.ways = [...ways];
    this.begin();
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (this.waiting) this.waiting.push([message, transfer]);
    else this.worker?.postMessage(message, transfer);
  }

  terminate(): void {
    this.ways.length = 0;
    this.waiting = null;
    this.worker?.terminate();
    this.worker = null;
  }

  private begin(): void {
    for (let way = this.ways.shift(); way; way = this.ways.shift()) {
      try {
        this.worker = this.heeded(way());
        return;
      } catch {
        // The next way; after the last, the word below.
      }
    }
    // Whoever made this listens from the next moment on.
    const refusal = Object.assign(new Event('error'), { message: '' }) as ErrorEvent;
    queueMicrotask(() => this.onerror?.(refusal));
  }

  private heeded(worker: WorkerLike): WorkerLike {
    worker.onmessage = (event) => {
      const { waiting } = this;
      this.waiting = null;
      for (const [message, transfer] of waiting ?? []) worker.postMessage(message, transfer);
      this.onmessage?.(event);
    };
    worker.onmessageerror = (event) => this.onmessageerror?.(event);
    worker.onerror = (event) => {
      // Without words the browser has not run its script.
      const isRefused = this.waiting !== null && !event.message;
      if (!isRefused || this.ways.length === 0) {
        this.onerror?.(event);
        return;
      }
      event.preventDefault();
      worker.terminate();
      this.begin();
    };
    return worker;
  }
}

/** The worker of this page. */
export function startWorker(): WorkerLike {
  const url = workerUrl();
  const isOwn = new URL(url).origin === globalThis.origin;
  return new FirstThatStarts(isOwn ? [() => direct(url), () => byBlob(url)] : [() => byBlob(url)]);
}

const OPTIONS: WorkerOptions = { type: 'module', name: 'inner-ear-hydrops' };

/** Its script may be of the page's origin, which a Content Security Policy allows most often. */
function direct(url: string): Worker {
  return new Worker(url, OPTIONS);
}

/**
 * A worker script must be of the page's origin, a plugin need not be: a Blob of this origin imports
 * the real address (which its server must allow by CORS, as for the plugin itself). A Blob has the page's own headers, too:
 * an isolated page may not start a script that comes without them.
 */
function byBlob(url: string): Worker {
  const evaluated: WorkerMessage = { protocol: PROTOCOL, kind: 'evaluated' };
  const source = `import ${JSON.stringify(url)};postMessage(${JSON.stringify(evaluated)});`;
  // Kept for the next worker: revoking it would take a timer that outlasts the stay in the mode.
  blobUrl ??= URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return new Worker(blobUrl, OPTIONS);
}

let blobUrl: string | null = null;
