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

  constructor(private readonly steps: StepList) {}

  /**
   * Remembers a change that has been made.
   * @param put makes it once more, from whichever side
   */
  changed<T>(before: T, after: T, put: (value: T) => void): void {
    this.isUsed = true;
    // The list may outlive the stay in the mode.
    const unlessEnded = (value: T) => () => {
      if (!this.ended) put(value);
    };
    this.steps.push({ undo: unlessEnded(before), redo: unlessEnded(after) });
  }

  /** What was done cannot be taken back any more: another result is on the screen. */
  forget(): void {
    this.steps.clear();
  }

  end(): void {
    this.ended = true;
    if (this.isUsed) this.steps.clear();
  }
}
