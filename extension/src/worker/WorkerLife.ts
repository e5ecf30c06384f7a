import { PROTOCOL, type PageMessage } from './protocol';

/** How often a worker without a lock is asked whether it lives, while a request waits. */
const PING_MS = 10_000;
/**
 * A worker without a lock that says nothing for so long counts as dead. One stage of a computation, during
 * which it cannot answer, takes seconds; several minutes are beyond the slowest computer.
 */
const SILENCE_LIMIT_MS = 300_000;

/** What is used of `navigator.locks`. */
export interface Locks {
  request(
    name: string,
    options: { signal: AbortSignal },
    callback: () => unknown
  ): Promise<unknown>;
}

export interface LifeOptions {
  post(message: PageMessage): void;
  /** Whether a request waits for an answer. */
  isAwaited(): boolean;
  onDeath(reason: string): void;
  /** Null where the page has none (no secure context). */
  locks: Locks | null;
}

/**
 * Notices a worker that ends without an error event. The worker holds a Web Lock for as long as it lives; the
 * browser gives the lock to the page the moment the worker is gone. A worker that computes for a long time keeps
 * its lock, so there is no false alarm. Where the browser has no locks, or the script does not start at all, a
 * heartbeat with a long patience takes their place.
 */
export class WorkerLife {
  private readonly controller = new AbortController();
  private readonly lock = `inner-ear-hydrops ${Date.now()} ${Math.random()}`;
  private readonly timer: ReturnType<typeof setInterval>;
  private isHeld = false;
  private lastHeard = Date.now();

  constructor(private readonly options: LifeOptions) {
    if (options.locks) options.post({ protocol: PROTOCOL, kind: 'hold', lock: this.lock });
    this.timer = setInterval(() => this.beat(), PING_MS);
  }

  /** Any message of the worker. */
  heard(): void {
    this.lastHeard = Date.now();
  }

  /** The worker says that it holds its lock: whoever gets it next knows that the worker is gone. */
  held(): void {
    const { locks, onDeath } = this.options;
    if (!locks || this.isHeld) return;
    this.isHeld = true;
    locks
      .request(this.lock, { signal: this.controller.signal }, () =>
        onDeath('it ended without an error')
      )
      // Aborted by `end`.
      .catch(() => undefined);
  }

  end(): void {
    clearInterval(this.timer);
    this.controller.abort();
  }

  private beat(): void {
    if (this.isHeld || !this.options.isAwaited()) {
      this.heard();
      return;
    }
    if (Date.now() - this.lastHeard > SILENCE_LIMIT_MS) {
      this.options.onDeath(`it did not answer for ${SILENCE_LIMIT_MS / 60_000} minutes`);
      return;
    }
    this.options.post({ protocol: PROTOCOL, kind: 'ping' });
  }
}
