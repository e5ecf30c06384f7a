import { workerUrl } from './addresses';
import { NOT_THE_SCRIPT, scriptFault, type DownloadError } from './download';
import { blockedWords, POLICY_REMEDY, PolicyWatch } from './policy';
import { PROTOCOL } from './protocol';

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
  policy?: Pick<PolicyWatch, 'blocked' | 'end'>;
  /** @param reason ends a sentence that names the worker. @param remedy where it is not the usual one. */
  onFailure(reason: string, remedy?: string): void;
}

/**
 * Sees that a worker starts, from its making to its first word. A browser tells nothing of a script that never comes,
 * is empty or is another one, and of one that it refuses only that it does.
 */
export class WorkerStart {
  private readonly limits: StartLimits;
  private readonly ask: NonNullable<StartParts['ask']>;
  private readonly policy: NonNullable<StartParts['policy']>;
  private timer: ReturnType<typeof setTimeout>;
  private isOver = false;

  constructor(private readonly parts: StartParts) {
    this.limits = parts.limits ?? LIMITS;
    this.ask = parts.ask ?? askServer;
    this.policy = parts.policy ?? new PolicyWatch();
    this.timer = setTimeout(() => void this.overdue(), this.limits.first);
  }

  /** It has spoken, or is given up. */
  end(): void {
    this.isOver = true;
    this.policy.end();
    clearTimeout(this.timer);
  }

  /** Its script has run to the end without a word. */
  evaluated(): void {
    this.fail(named(NOT_THE_SCRIPT));
  }

  /** The browser does not run its script. */
  async refused(): Promise<void> {
    clearTimeout(this.timer);
    const fault = await this.ask(this.limits.answer);
    // Without an answer its server is not to blame: the same policy may have kept the question from it.
    const isAnswered = fault !== null && fault.status > 0;
    const blocked = isAnswered ? null : await this.policy.blocked([workerUrl(), 'blob']);
    if (blocked) this.fail(named(blockedWords(blocked)), POLICY_REMEDY);
    else this.fail(named(fault?.message ?? 'the browser could not run it'));
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

  private fail(reason: string, remedy?: string): void {
    if (this.isOver) return;
    this.end();
    this.parts.onFailure(reason, remedy);
  }
}

const askServer = (patience: number) => scriptFault(workerUrl(), { patience, mark: PROTOCOL });

const named = (words: string) => `worker.js could not be loaded from ${workerUrl()}: ${words}`;
