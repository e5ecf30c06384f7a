import { isDerivedPart, RefusedInputError } from '@inner-ear-hydrops/core';
import type { EncodedObject, EncodedPart } from '@inner-ear-hydrops/core/dicom';
import type { Archive } from '../host/Archive';
import { unlessAborted } from '../host/within';
import type { ResultEncoder, TakenResult } from '../result/ResultEncoder';
import type { SaveItem, SavePart } from '../state/HydropsState';
import { messageOf } from '../state/problems';
import { SAVE_ORDER } from '../state/saveParts';
import {
  resultStored,
  savingAdvanced,
  savingStalled,
  type Store,
  type StoredOfShown,
} from '../state/transitions';
import type { Drafts } from './Drafts';
import type { Keeper } from './Keeper';
import type { KeptResult } from './keptResults';
import type { SavedResult } from './savedResult';
import {
  itemOf,
  objectProblem,
  rejected,
  SaveCancelled,
  unfinished,
  type PartFailure,
} from './saveMessages';
import { storeObjects, type StoreTarget } from './storeObjects';

export interface SaveOutcome {
  /** What was stored, a sentence for the reader. */
  said: string;
  stored: StoredOfShown;
}

export interface SaverParts {
  store: Store;
  archive: Pick<Archive, 'name' | 'canStoreTogether'>;
  target: StoreTarget;
  encoder: Pick<ResultEncoder, 'take' | 'encode'>;
  keeper: Pick<Keeper, 'kept' | 'keepSave' | 'read' | 'confirmed' | 'saved'>;
  drafts: Pick<Drafts, 'pause' | 'changed'>;
  /** The result on the screen. */
  result(): SavedResult | null;
  /** Has the viewer list what has been stored. */
  list(objects: EncodedObject[]): Promise<void>;
  /** Attempts for each object, the first included. */
  attempts: number;
}

/** After so long without a word of the archive the reader is told that it does not answer. */
export const STALL_MS = 10_000;

/** A request to the archive may take as long as its time-out; a reader who cancels waits for none. */
function abortable(target: StoreTarget, signal: AbortSignal): StoreTarget {
  return {
    post: (objects) => unlessAborted(target.post(objects, signal), signal),
    holds: (object) => unlessAborted(target.holds(object), signal),
    listed: (objects) => unlessAborted(target.listed(objects), signal),
  };
}

/**
 * Stores the results of one stay in a mode, keeps in the browser what no archive has confirmed, and
 * says in the state how far it is.
 */
export class Saver {
  /** SOP Instance UIDs that the archive has confirmed. */
  private readonly confirmed = new Set<string>();
  private readonly controller = new AbortController();
  /** Of the save that is running. */
  private cancelling = new AbortController();

  constructor(private readonly parts: SaverParts) {}

  /** Ends what is running; what is not confirmed stays in the browser. */
  end(): void {
    this.controller.abort();
    this.cancelling.abort();
  }

  /** Ends the save that is running, at once; what is not confirmed stays in the browser. */
  cancel(): void {
    this.cancelling.abort();
  }

  /** For one save: the reader may cancel it, and it ends with the stay. */
  private begin(): AbortSignal {
    this.cancelling = new AbortController();
    if (this.controller.signal.aborted) this.cancelling.abort();
    return this.cancelling.signal;
  }

  /**
   * Stores the chosen parts of a result as it stands now. The reader may change it meanwhile.
   * @throws RefusedInputError `archive-…` naming what was not stored and why.
   */
  async save(result: SavedResult): Promise<SaveOutcome> {
    const { saveParts } = this.parts.store.getState();
    const parts = SAVE_ORDER.filter((part) => saveParts[part]);
    if (parts.length === 0) {
      throw new RefusedInputError(
        'nothing-chosen',
        'No part of the result is chosen for saving.',
        'Choose at least one part in the list under Save results, then save again.'
      );
    }
    const signal = this.begin();
    try {
      await this.parts.drafts.pause();
      return await this.saveParts(result, parts, signal);
    } catch (error) {
      // The draft that was due is still to be kept.
      if (this.controller.signal.aborted) throw error;
      this.parts.drafts.changed();
      throw signal.aborted && !(error instanceof SaveCancelled) ? new SaveCancelled() : error;
    }
  }

  private async saveParts(
    result: SavedResult,
    parts: readonly SavePart[],
    signal: AbortSignal
  ): Promise<SaveOutcome> {
    const { store, encoder, keeper } = this.parts;
    const study = this.study();
    const taken = await encoder.take(result);
    // The work that led to what is saved; what is kept from now on is later work.
    const before = keeper.kept();
    const encoded: EncodedPart[] = [];
    for await (const part of encoder.encode(taken, parts, signal)) encoded.push(part);
    const kept = await keeper.keepSave(study, encoded, taken, before);
    const said = await this.store(encoded, kept, signal);
    await keeper.saved(study, kept, before);
    if (this.parts.result() !== result) return { said, stored: 'another' };
    const segmentation = encoded.find(({ part }) => part === 'segmentation')?.objects[0];
    store.apply(resultStored(segmentation?.sopInstanceUid ?? null));
    return { said, stored: this.stillStands(result, taken) ? 'as it stands' : 'as it stood' };
  }

  private stillStands(result: SavedResult, taken: TakenResult): boolean {
    const { findings } = this.parts.store.getState();
    return result.measurement === taken.measurement && findings === taken.findings;
  }

  /** Finishes a save that this browser has kept. @throws RefusedInputError as `save` does. */
  async resume(id: string): Promise<SaveOutcome> {
    const kept = await this.parts.keeper.read(id);
    if (!kept) {
      throw new RefusedInputError(
        'not-kept',
        'This browser no longer keeps that result: it was saved or discarded in another tab.',
        'Look for it among the stored results.'
      );
    }
    const said = await this.store(kept.parts, kept.result, this.begin());
    await this.parts.keeper.saved(kept.result.studyInstanceUid, kept.result, []);
    return { said, stored: this.parts.result() ? 'another' : 'as it stands' };
  }

  /** @returns what was stored, a sentence for the reader. */
  private async store(
    parts: EncodedPart[],
    kept: KeptResult | null,
    signal: AbortSignal
  ): Promise<string> {
    const { archive, keeper, store } = this.parts;
    const target = abortable(this.parts.target, signal);
    const items = parts.map(itemOf);
    let stall: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      clearTimeout(stall);
      if (signal.aborted) return;
      stall = setTimeout(() => store.apply(savingStalled), STALL_MS);
      store.apply(savingAdvanced(items));
    };
    const failures: PartFailure[] = [];
    const stored: EncodedObject[] = [];
    try {
      for (const [index, { part, objects }] of parts.entries()) {
        const item = items[index] as SaveItem;
        item.status = 'storing';
        show();
        const waiting = await this.notYetConfirmed(part, objects, target);
        const onStored = (object: EncodedObject) => {
          this.confirmed.add(object.sopInstanceUid);
          item.stored++;
          if (kept) void keeper.confirmed(kept.id, object.sopInstanceUid);
          show();
        };
        for (const object of objects) if (!waiting.includes(object)) onStored(object);
        const missed = await storeObjects(target, waiting, {
          attempts: this.parts.attempts,
          together: archive.canStoreTogether(),
          signal,
          onStored,
        });
        if (item.stored > 0) stored.push(...objects.slice(0, 1));
        item.problems = missed.map(objectProblem);
        item.status = missed.length > 0 ? 'failed' : 'stored';
        show();
        failures.push(...missed.map((failure) => ({ ...failure, part })));
        // What follows would refer to, or be announced beside, something that is missing.
        if (missed.length > 0) break;
      }
    } catch (error) {
      const running = items.find(({ status }) => status === 'storing');
      if (signal.aborted) {
        if (running) running.status = 'waiting';
        store.apply(savingAdvanced(items));
        throw this.controller.signal.aborted ? error : new SaveCancelled(items);
      }
      if (running) {
        running.status = 'failed';
        running.problems = [messageOf(error)];
      }
      show();
      throw unfinished(error, items);
    } finally {
      clearTimeout(stall);
      // An archive that does not answer need not be waited for to list what it has.
      const isLeft = this.controller.signal.aborted;
      const listed = isLeft ? Promise.resolve() : this.parts.list(stored);
      if (signal.aborted) void listed.catch(() => undefined);
      else await listed;
    }
    if (failures.length > 0) throw rejected(failures, items, archive.name());
    return `Saved in ${archive.name()}: ${items.map(({ label }) => label).join(', ')}.`;
  }

  /** Objects that have to be sent: not those that the archive has confirmed, nor images that it holds. */
  private async notYetConfirmed(
    part: EncodedPart['part'],
    objects: EncodedObject[],
    target: StoreTarget
  ): Promise<EncodedObject[]> {
    const waiting = objects.filter(({ sopInstanceUid }) => !this.confirmed.has(sopInstanceUid));
    // Derived images have UIDs of their pixels: the same images of an earlier result are the same.
    if (waiting.length === 0 || !isDerivedPart(part)) return waiting;
    const listed = await target.listed(waiting);
    const first = waiting.find(({ sopInstanceUid }) => listed.has(sopInstanceUid));
    if (!first || !(await target.holds(first))) return waiting;
    return waiting.filter(({ sopInstanceUid }) => !listed.has(sopInstanceUid));
  }

  private study(): string {
    return this.parts.store.getState().studyInstanceUid ?? '';
  }
}
