/** Why the session's file is not there, in words for the reader. */
export interface FileFault {
  message: string;
  remedy: string;
}

export interface SessionFileParts<Contents> {
  /**
   * Asks for the file. @param attempt 1 for the first; a browser may answer a second question for the same address with
   * the failure of the first.
   */
  ask(attempt: number): Promise<Contents>;
  /** Why the attempt has failed; a browser does not say itself why it refuses a script. */
  explain(error: unknown, attempt: number): Promise<FileFault>;
  /** Milliseconds without an answer after which an attempt has failed. */
  patience?: number;
}

/** A server that looks through a file before it sends its first byte takes seconds. */
const PATIENCE_MS = 60_000;

/**
 * What a stay in the mode needs beyond the entry, which every mode of the viewer loads: it is asked for when the mode is
 * entered, once, and again where it did not come.
 */
export class SessionFile<Contents> {
  /** Null until it is there. */
  contents: Contents | null = null;
  /** Null while it is asked for, and once it is there. */
  fault: FileFault | null = null;
  private asked: Promise<void> | null = null;
  private attempts = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly parts: SessionFileParts<Contents>) {}

  get isAsked(): boolean {
    return this.asked !== null;
  }

  /** Resolves when the file is there or has failed, at once where it is there; never rejects. */
  load(): Promise<void> {
    if (this.contents) return Promise.resolve();
    this.asked ??= this.ask().finally(() => {
      this.asked = null;
      this.tell();
    });
    return this.asked;
  }

  /** Told whenever `contents`, `fault` or `isAsked` has changed. @returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private async ask(): Promise<void> {
    const attempt = ++this.attempts;
    this.fault = null;
    this.tell();
    try {
      this.contents = await this.patiently(this.parts.ask(attempt));
    } catch (error) {
      console.error('Inner Ear Hydrops:', error);
      this.fault = await this.parts.explain(error, attempt);
    }
  }

  private patiently(answer: Promise<Contents>): Promise<Contents> {
    const { patience = PATIENCE_MS } = this.parts;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        reject(new Error(`it has not arrived within ${patience / 1000} seconds`));
      }, patience);
      answer.then(resolve, reject).finally(() => clearTimeout(limit));
    });
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
