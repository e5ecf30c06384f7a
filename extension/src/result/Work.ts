import type { Progress } from '@inner-ear-hydrops/core';
import { isAbort, problemOf, type Task } from '../state/problems';
import type { Problem } from '../state/HydropsState';
import { failed, workAdvanced, workBegun, workEnded, type Store } from '../state/transitions';

export interface WorkParts {
  store: Store;
  /** Whether a result is on the screen. */
  hasResult(): boolean;
}

/** One computation at a time; what goes wrong becomes the state's problem. */
export class Work {
  private running: AbortController | null = null;
  private ended = false;

  constructor(private readonly parts: WorkParts) {}

  /**
   * Does nothing while other work is running. Never rejects.
   * @param again the command that tries again, where it is not the usual one of the task or needs options.
   */
  async run(
    task: Task,
    work: (signal: AbortSignal) => Promise<void>,
    again?: Pick<Problem, 'retry' | 'retryOptions'>
  ): Promise<void> {
    if (this.running) return;
    const { store } = this.parts;
    const controller = new AbortController();
    this.running = controller;
    store.apply(workBegun);
    try {
      await work(controller.signal);
    } catch (error) {
      if (!this.ended && !isAbort(error)) {
        console.error('Inner Ear Hydrops:', error);
        const problem = problemOf(error, task);
        store.apply(failed(problem.retry === null ? problem : { ...problem, ...again }));
      }
    } finally {
      this.running = null;
      store.apply(workEnded(this.parts.hasResult()));
    }
  }

  /** How far the running work is; nothing when none runs. */
  progress(stage: Progress['stage'], fraction: number): void {
    if (this.running) this.parts.store.apply(workAdvanced({ stage, fraction }));
  }

  cancel(): void {
    this.running?.abort();
  }

  end(): void {
    this.ended = true;
    this.cancel();
  }
}
