import { isDerivedPart, RefusedInputError } from '@inner-ear-hydrops/core';
import type { EncodedObject, EncodedPart } from '@inner-ear-hydrops/core/dicom';
import type { OpenResult } from '../result/OpenResult';
import { messageOf } from '../state/problems';
import type { KeptResults, KeptObject, KeptResult } from './keptResults';
import type { OtherTabs, OtherTabsParts } from './OtherTabs';
import type { Findings } from '../state/findingFields';
import { readersChanges, withFindings } from './readersChanges';
import { storedFiles } from './storedFiles';
import { SAVE_ORDER } from '../state/saveParts';
import { keepingFailed, unsavedListed, unsavedOpened, type Store } from '../state/transitions';

/** What is said of a result in the list of those that are kept. */
export type KeepableResult = Pick<OpenResult, 'created' | 'edited' | 'measurement'> & {
  findings?: Findings;
};

/** Where they are kept. */
export type ResultStore = Pick<
  KeptResults,
  'list' | 'get' | 'file' | 'put' | 'remove' | 'removeObject' | 'close'
>;

export interface KeeperParts {
  store: Store;
  /** Opens this browser's store. @throws Error in words where it has none. */
  open(): Promise<ResultStore>;
  /** False where the site does not want results kept in browsers. */
  isWanted: boolean;
  /** The other tabs of this browser; without it, this is the only tab. */
  tabs?(parts: OtherTabsParts): OtherTabs;
  /** Another tab has discarded what is kept of the work on the screen. */
  onLost?(): void;
}

/**
 * What this browser keeps of a study's results until an archive confirms them. A browser that cannot
 * keep them costs no more than that: it is said in the state, and saving goes on.
 */
export class Keeper {
  private opened: Promise<ResultStore | null> | null = null;
  private ended = false;
  /** Kept by this stay in the mode: in sight as the open result, and so not offered. Null: kept by an earlier stay. */
  private readonly own = new Map<string, KeptResult | null>();

  private readonly tabs: OtherTabs | null;

  constructor(private readonly parts: KeeperParts) {
    this.tabs = parts.isWanted
      ? (parts.tabs?.({ held: () => this.kept(), onChange: () => void this.othersChanged() }) ??
        null)
      : null;
  }

  end(): void {
    this.ended = true;
    this.tabs?.end();
    void this.opened?.then((kept) => kept?.close());
  }

  /** Offers what is kept of a study, in the state. */
  async offer(studyInstanceUid: string): Promise<void> {
    const results = await this.attempt((kept) => kept.list(studyInstanceUid));
    if (this.ended || this.parts.store.getState().studyInstanceUid !== studyInstanceUid) return;
    const offered = (results ?? []).filter(({ id }) => !this.own.has(id));
    this.parts.store.apply(
      unsavedListed(
        offered.map(({ id, kind, created, edited, changes, objects }) => ({
          id,
          kind,
          created,
          edited,
          changes,
          objects: objects.length,
          isOpenElsewhere: this.tabs?.holds(id) ?? false,
        }))
      )
    );
  }

  /** What is kept so far of this stay's results. */
  kept(): string[] {
    return [...this.own.keys()];
  }

  /**
   * Keeps a result before it is sent. Images that find no room are left out: they can be made again.
   * @param before what was kept when the result was taken: the save holds the work of these drafts, of no later draft
   */
  async keepSave(
    studyInstanceUid: string,
    parts: EncodedPart[],
    result: KeepableResult,
    before: readonly string[]
  ): Promise<KeptResult | null> {
    const main = parts.find(({ part }) => part === 'segmentation') ?? parts[0];
    const kept = entry('save', studyInstanceUid, main?.objects[0], result, parts);
    if (!kept) return null;
    const drafts = before.filter(isDraft);
    const whole = await this.put(kept, parts);
    if (whole !== 'no-room') {
      // What is to be saved holds all of the work.
      if (whole) await this.forget(drafts);
      return whole;
    }
    const small = parts.filter(({ part }) => !isDerivedPart(part));
    const smaller = entry('save', studyInstanceUid, main?.objects[0], result, small);
    const kept2 = smaller && small.length > 0 ? await this.put(smaller, small) : null;
    this.say(
      kept2 && kept2 !== 'no-room'
        ? 'This browser has no room to keep the derived images until they are stored; segmentation and report are kept.'
        : 'This browser has no room to keep the result until it is stored. Do not close this tab before it is saved.'
    );
    return kept2 === 'no-room' ? null : kept2;
  }

  /** Keeps the reader's work; it takes the place of the draft before it. @returns whether it is kept. */
  async keepDraft(
    studyInstanceUid: string,
    segmentation: EncodedObject,
    result: KeepableResult
  ): Promise<boolean> {
    const parts: EncodedPart[] = [{ part: 'segmentation', objects: [segmentation] }];
    const kept = entry('draft', studyInstanceUid, segmentation, result, parts);
    if (!kept) return false;
    if (this.own.has(saveOf(kept.id))) return true;
    // Another tab may have discarded it.
    if (this.own.has(kept.id) && (await this.attempt((store) => store.get(kept.id)))) return true;
    const before = this.kept().filter((id) => isDraft(id) && id !== kept.id);
    const done = await this.put(kept, parts);
    if (done === 'no-room') {
      this.say('This browser has no room to keep unsaved work. Save it before you close this tab.');
      return false;
    }
    if (!done) return false;
    await this.forget(before);
    return true;
  }

  /**
   * Adds the reader's findings of this moment to the draft, without making its file anew.
   * @returns false where there is no draft yet to add them to
   */
  noteFindings(findings: Findings): boolean {
    if (!this.parts.isWanted) return true;
    const draft = [...this.own].filter(([id]) => isDraft(id)).at(-1)?.[1];
    if (!draft) return false;
    const changes = withFindings(draft.changes ?? [], findings);
    const noted = { ...draft, findings, changes, created: new Date().toISOString() };
    this.own.set(draft.id, noted);
    void this.attempt((kept) => kept.put(noted, new Map()));
    return true;
  }

  /**
   * Another result is on the screen: what is kept of the result before is no longer in sight there, and is offered.
   * @param withDrafts false: the drafts hold nothing but findings, which are still on the screen
   */
  async release(withDrafts: boolean): Promise<void> {
    const gone = this.kept().filter((id) => withDrafts || !isDraft(id));
    for (const id of gone) this.own.delete(id);
    this.tabs?.tell();
    const { studyInstanceUid } = this.parts.store.getState();
    if (gone.length > 0 && studyInstanceUid) await this.offer(studyInstanceUid);
  }

  /**
   * A kept result with its objects; null when another tab has taken it.
   * @throws RefusedInputError `open-elsewhere` while another tab works on it
   */
  async read(id: string): Promise<{ result: KeptResult; parts: EncodedPart[] } | null> {
    if (await this.isOpenElsewhere(id)) {
      throw new RefusedInputError(
        'open-elsewhere',
        'That result is open in another tab of this browser.',
        'Continue there, or close that tab first.'
      );
    }
    return this.attempt(async (kept) => {
      const result = await kept.get(id);
      if (!result) return null;
      const files = new Map<string, ArrayBuffer>();
      for (const { sopInstanceUid } of result.objects) {
        const file = await kept.file(id, sopInstanceUid);
        if (file) files.set(sopInstanceUid, file);
      }
      return { result, parts: await partsOf(result, files) };
    });
  }

  /** The archive has confirmed one object. */
  async confirmed(id: string, sopInstanceUid: string): Promise<void> {
    await this.attempt((kept) => kept.removeObject(id, sopInstanceUid));
  }

  /**
   * The archive has confirmed all of a result: neither it nor the work that led to it is kept.
   * @param result null where there was no room for it
   * @param before what was kept when the result was taken
   */
  async saved(
    studyInstanceUid: string,
    result: KeptResult | null,
    before: readonly string[]
  ): Promise<void> {
    const own = result ? [result.id, draftOf(result.id)] : [];
    await this.forget([...own, ...before]);
    await this.offer(studyInstanceUid);
  }

  /** A kept result has become the open result. */
  adopt(id: string): void {
    this.own.set(id, null);
    this.tabs?.tell();
    this.parts.store.apply(unsavedOpened(id));
  }

  /** What another tab works on stays; the list then says so. */
  async discard(id: string): Promise<void> {
    if (!(await this.isOpenElsewhere(id))) await this.forget([id]);
    const { studyInstanceUid } = this.parts.store.getState();
    if (studyInstanceUid) await this.offer(studyInstanceUid);
  }

  private async isOpenElsewhere(id: string): Promise<boolean> {
    return (await this.tabs?.confirmHeld(id)) ?? false;
  }

  /** The list is made anew; a draft that is no longer kept will be kept again. */
  private async othersChanged(): Promise<void> {
    const { studyInstanceUid } = this.parts.store.getState();
    if (this.ended || !studyInstanceUid) return;
    await this.offer(studyInstanceUid);
    const drafts = this.kept().filter(isDraft);
    const stored = await this.attempt((kept) => kept.list(studyInstanceUid));
    if (!stored || this.ended) return;
    const lost = drafts.filter((id) => this.own.has(id) && !stored.some((kept) => kept.id === id));
    for (const id of lost) this.own.delete(id);
    if (lost.length > 0) this.parts.onLost?.();
  }

  private async forget(ids: string[]): Promise<void> {
    for (const id of ids) {
      this.own.delete(id);
      await this.attempt((kept) => kept.remove(id));
    }
    if (ids.length > 0) this.tabs?.tell();
  }

  private async put(
    result: KeptResult,
    parts: EncodedPart[]
  ): Promise<KeptResult | 'no-room' | null> {
    const files = new Map(
      parts.flatMap(({ objects }) =>
        objects.map((object): [string, ArrayBuffer] => [object.sopInstanceUid, object.file])
      )
    );
    const store = await this.store();
    if (!store) return null;
    try {
      await store.put(result, files);
      this.own.set(result.id, result);
      this.tabs?.tell();
      return result;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') return 'no-room';
      this.say(`This browser cannot keep results: ${messageOf(error)}.`);
      return null;
    }
  }

  private async attempt<T>(work: (kept: ResultStore) => Promise<T>): Promise<T | null> {
    const store = await this.store();
    if (!store) return null;
    try {
      return await work(store);
    } catch (error) {
      if (!this.ended) this.say(`This browser cannot keep results: ${messageOf(error)}.`);
      return null;
    }
  }

  private store(): Promise<ResultStore | null> {
    if (!this.parts.isWanted) return Promise.resolve(null);
    this.opened ??= this.parts.open().catch((error: unknown) => {
      this.say(
        `Unsaved results are not kept when this tab is closed: ${messageOf(error)}. Save before you leave.`
      );
      return null;
    });
    return this.opened;
  }

  private say(why: string): void {
    if (!this.ended) this.parts.store.apply(keepingFailed(why));
  }
}

const isDraft = (id: string): boolean => id.startsWith('draft ');
/** The draft of the same content as a save. */
const draftOf = (id: string): string => id.replace(/^save /, 'draft ');
/** The save of the same content as a draft. */
const saveOf = (id: string): string => id.replace(/^draft /, 'save ');

function entry(
  kind: KeptResult['kind'],
  studyInstanceUid: string,
  main: EncodedObject | undefined,
  result: KeepableResult,
  parts: EncodedPart[]
): KeptResult | null {
  if (!main) return null;
  return {
    id: `${kind} ${main.sopInstanceUid}`,
    studyInstanceUid,
    kind,
    created: result.created.toISOString(),
    edited: result.edited,
    changes: readersChanges(result.measurement, result.findings),
    objects: parts.flatMap(({ part, objects }) =>
      objects.map(({ sopInstanceUid, description }): KeptObject => ({
        sopInstanceUid,
        part,
        description,
      }))
    ),
  };
}

/** The objects of a kept result, read back from their files. */
async function partsOf(
  result: KeptResult,
  files: Map<string, ArrayBuffer>
): Promise<EncodedPart[]> {
  const { readEncodedObject } = await storedFiles();
  const parts: EncodedPart[] = [];
  for (const part of SAVE_ORDER) {
    const objects = result.objects.flatMap((object) => {
      const file = object.part === part ? files.get(object.sopInstanceUid) : undefined;
      return file ? [readEncodedObject(file, object.description)] : [];
    });
    if (objects.length > 0) parts.push({ part, objects });
  }
  return parts;
}
