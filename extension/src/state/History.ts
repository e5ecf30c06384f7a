/** Something that the reader has done and can take back. */
export interface Step {
  undo(): void;
  redo(): void;
}

/** A list in which steps are taken back in the order in which they were done. */
export interface StepList {
  push(step: Step): void;
  /** Forgets all steps. */
  clear(): void;
}

/**
 * What the reader has done beside painting, to be taken back. The list is the viewer's own, in which the strokes of its
 * brush stand too, so that its undo and redo go through all of it in one order.
 */
export class History {
  private isUsed = false;
  private ended = false;
  /** The step that was remembered last, unless one was taken back since. */
  private last: object | null = null;

  /** @param refuses whether nothing may be changed now; says so itself. */
  constructor(
    private readonly steps: StepList,
    private readonly refuses: () => boolean = () => false
  ) {}

  /**
   * Remembers a change that has been made.
   * @param put makes it once more, from whichever side
   * @returns joins a further change to it, so that both are taken back at once; false where something else was done or
   * taken back meanwhile
   */
  changed<T>(before: T, after: T, put: (value: T) => void): (after: T) => boolean {
    this.isUsed = true;
    const step = { after };
    this.last = step;
    const again = (value: () => T) => () => {
      // The list may outlive the stay in the mode.
      if (this.ended || this.refuses()) return;
      this.last = null;
      put(value());
    };
    this.steps.push({ undo: again(() => before), redo: again(() => step.after) });
    return (further) => {
      if (this.last !== step) return false;
      step.after = further;
      return true;
    };
  }

  /** What was done cannot be taken back any more: another result is on the screen. */
  forget(): void {
    this.last = null;
    this.steps.clear();
  }

  end(): void {
    this.ended = true;
    if (this.isUsed) this.steps.clear();
  }
}
