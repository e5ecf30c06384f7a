import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { ResultEncoder } from '../result/ResultEncoder';
import { hasNoFindings } from '../state/findingFields';
import { messageOf } from '../state/problems';
import type { Store } from '../state/transitions';
import { NOT_KEPT } from '../state/unsavedWork';
import type { Keeper } from './Keeper';
import type { SavedResult } from './savedResult';

/** The reader's work is kept this long after the last change. */
const DRAFT_DELAY_MS = 800;

export interface DraftsParts {
  store: Store;
  encoder: Pick<ResultEncoder, 'take' | 'segmentation'>;
  keeper: Pick<Keeper, 'keepDraft' | 'noteFindings' | 'release'>;
  /** The result on the screen. */
  result(): SavedResult | null;
  /** What has left the screen unsaved was kept, and is offered now. */
  onReplaced(): void;
}

/** Keeps in the browser what the reader has done since the last save, until it is saved or discarded. */
export class Drafts {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The draft that is being encoded and kept. */
  private keeping: Promise<boolean> | null = null;
  private isLeftBehind = false;
  private ended = false;

  constructor(private readonly parts: DraftsParts) {}

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  /**
   * A save begins, which keeps the work itself. Resolves once no draft is on its way, which would come after the save and
   * hold earlier work.
   */
  async pause(): Promise<void> {
    this.cancelDue();
    while (this.keeping) await this.keeping.catch(() => undefined);
  }

  /** The result has changed: it is kept a moment after the last of several changes. */
  changed(): void {
    clearTimeout(this.timer);
    if (!this.ended) this.timer = setTimeout(() => void this.keepSoon(), DRAFT_DELAY_MS);
  }

  /** The findings have changed: text is kept with every key, for the page may be left with the next. */
  findingsChanged(): void {
    this.changed();
    const isNoted = this.parts.keeper.noteFindings(this.parts.store.getState().findings);
    if (!isNoted && !this.keeping) void this.keepSoon();
  }

  /** Whether the result on the screen holds work of the reader's that is not saved. */
  hasUnsavedWork(): boolean {
    const result = this.parts.result();
    return result !== null && this.isUnsaved(result);
  }

  /** Keeps what is due at once: the page may be about to go. */
  keepNow(): void {
    if (this.isDue()) void this.keepSoon();
  }

  /**
   * The mode is left: what is due is kept at once.
   * @returns once it is kept; null where nothing is due or on its way.
   */
  leave(): Promise<void> | null {
    if (this.isDue()) return this.keepSoon();
    const ended = () => undefined;
    return this.keeping?.then(ended, ended) ?? null;
  }

  private isDue(): boolean {
    const result = this.parts.result();
    return result !== null && (this.timer !== undefined || !result.isSettled());
  }

  /**
   * Keeps what is unsaved of the result on the screen, which another result is about to replace.
   * @param findingsStay whether the findings go over to the other result
   * @throws RefusedInputError `unsaved-not-kept` where it cannot be kept
   */
  async keepReplaced(findingsStay: boolean): Promise<void> {
    const { result: shown, store } = this.parts;
    const result = shown();
    if (!result) return;
    this.cancelDue();
    try {
      // A stroke just made counts.
      await result.settled();
      const isOwn = result.edited || result.hasChosenSlices();
      this.isLeftBehind = this.isUnsaved(result) && (isOwn || !findingsStay);
      if (this.isLeftBehind && !(await this.keep(result))) {
        throw new Error(store.getState().keepingProblem || 'the settings of the site forbid it');
      }
    } catch (error) {
      this.isLeftBehind = false;
      this.changed();
      throw new RefusedInputError(
        NOT_KEPT,
        `The result on the screen was not replaced: your unsaved changes could not be kept in this browser (${messageOf(error)}).`,
        'Save or download the result first. Or press the button again: you will be asked whether to discard the changes.'
      );
    }
  }

  /** Another result has taken the place: what was kept of the result before is offered. */
  async replaced(): Promise<void> {
    const { keeper, onReplaced } = this.parts;
    await keeper.release(this.isLeftBehind);
    if (this.isLeftBehind) onReplaced();
    this.isLeftBehind = false;
    // Findings that stay on the screen are of this result now.
    if (this.hasUnsavedWork()) this.changed();
  }

  private cancelDue(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async keepSoon(): Promise<void> {
    this.cancelDue();
    const result = this.parts.result();
    // A stroke just made makes it an edited result once it is measured.
    if (!result || (result.isSettled() && !this.isUnsaved(result))) return;
    try {
      await this.keep(result);
    } catch (error) {
      // Without a voxel there is no segmentation to keep; the archive refuses it with the same words.
      console.warn('Inner Ear Hydrops: the work since the last save is not kept:', error);
    }
  }

  /** One after the other. @returns whether it is kept, or need not be. @throws what encoding throws. */
  private async keep(result: SavedResult): Promise<boolean> {
    const before = this.keeping;
    const work = (async () => {
      await before?.catch(() => undefined);
      return this.keepOne(result);
    })();
    this.keeping = work;
    try {
      return await work;
    } finally {
      if (this.keeping === work) this.keeping = null;
    }
  }

  private async keepOne(result: SavedResult): Promise<boolean> {
    const { encoder, keeper, store } = this.parts;
    const study = store.getState().studyInstanceUid ?? '';
    const taken = await encoder.take(result);
    if (!this.isUnsaved(result)) return true;
    const segmentation = await encoder.segmentation(taken);
    // It may have been saved, or the mode left, meanwhile.
    if (this.ended || !this.isUnsaved(result)) return true;
    if (!(await keeper.keepDraft(study, segmentation, taken))) return false;
    const { findings } = store.getState();
    if (findings !== taken.findings && this.parts.result() === result) {
      keeper.noteFindings(findings);
    }
    return true;
  }

  private isUnsaved(result: SavedResult): boolean {
    const { findings, save } = this.parts.store.getState();
    const isWork = result.edited || !hasNoFindings(findings) || result.hasChosenSlices();
    return isWork && save.status !== 'saved';
  }
}
