import { workerUrl } from './addresses';
import { scriptFault, type DownloadError } from './download';

export interface StartLimits {
  /** Milliseconds without a word after which worker.js is asked for once more, to learn why. */
  first: number;
  /** Milliseconds that a file then has which its server does send: a slow network is no fault. */
  slow: number;
  /**
   * Milliseconds within which its server must answer that question. Images that an archive at the same address does not
   * send hold the browser's connections, behind which this waits; the archive's own fault is to be named first.
   */
  answer: number;
}

const LIMITS: StartLimits = { first: 10_000, slow: 60_000, answer: 45_000 };

export interface StartParts {
  limits?: StartLimits;
  /** What is wrong with worker.js as its server sends it; null: nothing. */
  ask?(patience: number): Promise<DownloadError | null>;
  /** @param reason ends a sentence that names the worker. */
  onFailure(reason: string): void;
}

/**
 * Sees that a worker starts, from its making to its first word. A browser tells nothing of a script that never comes,
 * is empty or is another one, and of one that it refuses only that it does.
 */
export class WorkerStart {
  private readonly limits: StartLimits;
  private readonly ask: NonNullable<StartParts['ask']>;
  private timer: ReturnType<typeof setTimeout>;
  private isOver = false;

  constructor(private readonly parts: StartParts) {
    this.limits = parts.limits ?? LIMITS;
    this.ask = parts.ask ?? ((patience) => scriptFault(workerUrl(), { patience }));
    this.timer = setTimeout(() => void this.overdue(), this.limits.first);
  }

  /** It has spoken, or is given up. */
  end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  /** Its script has run to the end without a word. */
  evaluated(): void {
    this.fail(
      `what is served as ${workerUrl()} is not its script: it is empty, another file, or of another build`
    );
  }

  /** The browser does not run its script. */
  async refused(): Promise<void> {
    clearTimeout(this.timer);
    const fault = await this.ask(this.limits.answer);
    this.fail(named(fault?.message ?? 'the browser could not run it'));
  }

  private async overdue(): Promise<void> {
    const { first, slow, answer } = this.limits;
    const fault = await this.ask(answer);
    if (fault) {
      this.fail(named(fault.message));
      return;
    }
    if (this.isOver) return;
    const words = `it has not started within ${(first + slow) / 1000} seconds`;
    this.timer = setTimeout(() => this.fail(named(words)), slow);
  }

  private fail(reason: string): void {
    if (this.isOver) return;
    this.end();
    this.parts.onFailure(reason);
  }
}

const named = (words: string) => `worker.js could not be loaded from ${workerUrl()}: ${words}`;
