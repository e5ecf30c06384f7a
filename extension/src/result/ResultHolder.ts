import type { Transition } from '../state/transitions';
import { OpenResult } from './OpenResult';
import type { OpenResultInput, OpenResultParts } from './resultParts';

/** What is unsaved of the result on the screen. */
export interface UnsavedWork {
  /**
   * Keeps it before another result takes the place.
   * @param findingsStay whether the findings go over to the other result
   * @throws RefusedInputError `unsaved-not-kept`
   */
  keepReplaced(findingsStay: boolean): Promise<void>;
  /** Another result has taken the place. */
  replaced(): Promise<void>;
}

export interface ResultHolderParts extends OpenResultParts {
  unsaved: UnsavedWork;
}

export interface Replacing {
  /** What has happened once it can be shown, and is to be known when it is; absent: the findings stay as they are. */
  before?: Transition;
  /** True once the reader has agreed that what this browser cannot keep is discarded. */
  discardUnsaved: boolean;
}

/** The one result on the screen. */
export class ResultHolder {
  current: OpenResult | null = null;

  constructor(private readonly parts: ResultHolderParts) {}

  /**
   * Shows a result in place of the previous result, of which nothing is lost: whatever computed, restored or imported the
   * new result, it comes this way.
   * @throws RefusedInputError `unsaved-not-kept`; the previous result then stays.
   */
  async open(input: OpenResultInput, { before, discardUnsaved }: Replacing): Promise<void> {
    const { store, unsaved } = this.parts;
    let result: OpenResult;
    try {
      // The new labels are written over the old.
      if (!discardUnsaved) await unsaved.keepReplaced(before === undefined);
      result = await OpenResult.create(this.parts, input);
    } catch (error) {
      input.held.dispose();
      throw error;
    }
    if (before) store.apply(before);
    this.dispose();
    this.current = result;
    await result.show();
    await unsaved.replaced();
  }

  /** The viewer is about to forget the labelmap; the result can still be kept. */
  leave(): void {
    this.current?.leave();
  }

  dispose(): void {
    this.current?.dispose();
    this.current = null;
  }
}
