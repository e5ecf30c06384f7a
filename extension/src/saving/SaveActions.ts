import { problemOf } from '../state/problems';
import { withPart } from '../state/saveParts';
import type { SavePart } from '../state/HydropsState';
import {
  refused,
  savePartsChosen,
  savingBegun,
  savingDone,
  savingFailed,
  type Store,
} from '../state/transitions';
import type { Keeper } from './Keeper';
import { rememberParts } from './rememberedParts';
import type { SavedResult, Saver } from './Saver';

export interface SaveActionsParts {
  store: Store;
  saver: Pick<Saver, 'save' | 'resume'>;
  keeper: Pick<Keeper, 'offer' | 'discard'>;
  /** The result on the screen. */
  result(): SavedResult | null;
  /** Called when something new may be in the archive. */
  onSaved(): void;
}

/** The commands that store what was measured, or forget what this browser keeps. */
export class SaveActions {
  constructor(private readonly parts: SaveActionsParts) {}

  async save(): Promise<void> {
    const result = this.parts.result();
    if (!result) {
      return this.parts.store.apply(refused('There is no result to save yet.', 'store'));
    }
    await this.store(() => this.parts.saver.save(result), true);
  }

  /** Finishes the storing of a result that this browser has kept. */
  async saveUnsaved(id: string): Promise<void> {
    await this.store(() => this.parts.saver.resume(id), false);
  }

  /** @param isOpen false for a result that is not open; the state of the open result then stays as it was. */
  private async store(work: () => Promise<string>, isOpen: boolean): Promise<void> {
    const { store, keeper } = this.parts;
    const { save: before, studyInstanceUid } = store.getState();
    if (before.status === 'saving') return;
    store.apply(savingBegun);
    const isShown = () => isOpen || !this.parts.result();
    try {
      const message = await work();
      store.apply(savingDone({ status: isShown() ? 'saved' : before.status, message }));
      this.parts.onSaved();
    } catch (error) {
      const problem = problemOf(error, 'store');
      store.apply(
        savingFailed(
          isShown() ? { status: 'failed', message: 'Not stored.' } : before,
          // A kept result has its own Save, which tries again.
          isOpen ? problem : { ...problem, retry: null }
        )
      );
      if (studyInstanceUid) await keeper.offer(studyInstanceUid);
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
