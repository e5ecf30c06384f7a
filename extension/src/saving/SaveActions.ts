import { problemOf } from '../state/problems';
import { withPart } from '../state/saveParts';
import type { Problem, SavePart } from '../state/HydropsState';
import {
  refused,
  savePartsChosen,
  savingBegun,
  savingCancelled,
  savingDone,
  savingFailed,
  type Store,
} from '../state/transitions';
import type { Keeper } from './Keeper';
import { rememberParts } from './rememberedParts';
import type { SavedResult } from './savedResult';
import { SaveCancelled } from './saveMessages';
import type { SaveOutcome, Saver } from './Saver';

export interface SaveActionsParts {
  store: Store;
  saver: Pick<Saver, 'save' | 'resume' | 'cancel'>;
  keeper: Pick<Keeper, 'offer' | 'discard'>;
  /** The result on the screen. */
  result(): SavedResult | null;
  /** Called when something new of a study may be in the archive. */
  onSaved(studyInstanceUid: string | null): void;
}

/** How a save came out. */
export interface SaveEnd {
  outcome: SaveOutcome | Problem;
  /** Whether it finished the storing of a result that an earlier stay in the mode had kept. */
  isResumed: boolean;
}

/** The commands that store what was measured, or forget what this browser keeps. */
export class SaveActions {
  private running: Promise<SaveEnd> | null = null;

  constructor(private readonly parts: SaveActionsParts) {}

  async save(): Promise<void> {
    const result = this.parts.result();
    if (!result) {
      return this.parts.store.apply(refused('There is no result to save yet.', 'store'));
    }
    await this.store(() => this.parts.saver.save(result), result);
  }

  /** Finishes the storing of a result that this browser has kept. */
  async saveUnsaved(id: string): Promise<void> {
    await this.store(() => this.parts.saver.resume(id), null);
  }

  /** Ends a save that is running; what is not confirmed stays in this browser. */
  cancel(): void {
    this.parts.saver.cancel();
  }

  /** @param result what is stored; null: a result that is not open. */
  private async store(work: () => Promise<SaveOutcome>, result: SavedResult | null): Promise<void> {
    const { store } = this.parts;
    const { saving, studyInstanceUid } = store.getState();
    if (saving) return;
    store.apply(savingBegun);
    this.running = this.finish(work, result, studyInstanceUid);
    await this.running;
    this.running = null;
  }

  /** The save that is running; null where none is. It never rejects. */
  unfinished(): Promise<SaveEnd> | null {
    return this.running;
  }

  private async finish(
    work: () => Promise<SaveOutcome>,
    result: SavedResult | null,
    studyInstanceUid: string | null
  ): Promise<SaveEnd> {
    const { store, keeper } = this.parts;
    const isResumed = result === null;
    try {
      const outcome = await work();
      store.apply(savingDone(outcome.said, outcome.stored));
      this.parts.onSaved(studyInstanceUid);
      return { outcome, isResumed };
    } catch (error) {
      const isShown = this.parts.result() === result;
      const problem = problemOf(error, 'store');
      store.apply(
        error instanceof SaveCancelled
          ? savingCancelled(error.message, isShown)
          : // A kept result has its own Save, which tries again.
            savingFailed(result ? problem : { ...problem, retry: null }, isShown)
      );
      if (studyInstanceUid) await keeper.offer(studyInstanceUid);
      return { outcome: problem, isResumed };
    }
  }

  discardUnsaved(id: string): void {
    void this.parts.keeper.discard(id);
  }

  /** Chooses or leaves out a part for this and the next saves in this browser. */
  setSavePart(part: SavePart, chosen: boolean): void {
    const { store } = this.parts;
    const saveParts = withPart(store.getState().saveParts, part, chosen);
    rememberParts(saveParts);
    store.apply(savePartsChosen(saveParts));
  }
}
