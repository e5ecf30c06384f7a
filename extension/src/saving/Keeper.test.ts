import { encodePart10 } from '../../../core/src/dicom/encode/part10';
import { NO_FINDINGS } from '../state/findingFields';
import { Keeper, type ResultStore } from './Keeper';
import type { KeptResult } from './keptResults';
import { MI2, openStudy, PARTS, savedResult, SEGMENTATION, STUDY } from '../../test/testResults';

/** A browser's storage with room for so many files. */
class Browser implements ResultStore {
  readonly results = new Map<string, KeptResult>();
  readonly files = new Map<string, ArrayBuffer>();
  room = Infinity;
  list: ResultStore['list'] = async (study) =>
    [...this.results.values()].filter(({ studyInstanceUid }) => studyInstanceUid === study);
  get: ResultStore['get'] = async (id) => this.results.get(id) ?? null;
  file: ResultStore['file'] = async (id, uid) => this.files.get(`${id}/${uid}`) ?? null;
  put: ResultStore['put'] = async (result, files) => {
    if (files.size > this.room) throw new DOMException('full', 'QuotaExceededError');
    this.results.set(result.id, result);
    for (const [uid, file] of files) this.files.set(`${result.id}/${uid}`, file);
  };
  removeObject: ResultStore['removeObject'] = async (id, uid) => {
    const result = this.results.get(id);
    if (!result) return;
    const objects = result.objects.filter(({ sopInstanceUid }) => sopInstanceUid !== uid);
    this.results.set(id, { ...result, objects });
  };
  remove: ResultStore['remove'] = async (id) => void this.results.delete(id);
  close = jest.fn();
}

function keeping(open?: () => Promise<ResultStore>, isWanted = true) {
  const store = openStudy();
  const browser = new Browser();
  const keeper = new Keeper({ store, open: open ?? (async () => browser), isWanted });
  return { keeper, browser, store, result: savedResult() };
}

describe('results that no archive has confirmed', () => {
  it('are offered when the study is opened the next time, not while they are on the screen', async () => {
    const { keeper, browser, store, result } = keeping();
    await keeper.keepSave(STUDY, PARTS, result, keeper.kept());
    await keeper.offer(STUDY);
    expect(store.getState().unsavedResults).toEqual([]);
    const nextStay = new Keeper({ store, open: async () => browser, isWanted: true });
    await nextStay.offer(STUDY);
    expect(store.getState().unsavedResults).toEqual([
      {
        id: 'save seg',
        kind: 'save',
        created: result.created.toISOString(),
        edited: false,
        changes: [],
        objects: 5,
        isOpenElsewhere: false,
      },
    ]);
    nextStay.adopt('save seg');
    expect(store.getState().unsavedResults).toEqual([]);
  });

  it('are those of the study that is open: the answer for another study comes too late', async () => {
    const { keeper, browser, store, result } = keeping();
    await keeper.keepSave(STUDY, PARTS, result, keeper.kept());
    const nextStay = new Keeper({ store, open: async () => browser, isWanted: true });
    const offered = nextStay.offer(STUDY);
    store.apply(() => ({ studyInstanceUid: 'another' }));
    await offered;
    expect(store.getState().unsavedResults).toEqual([]);
  });

  it('give way to the save that holds all of the work, and go when it is confirmed', async () => {
    const { keeper, browser, result } = keeping();
    await keeper.keepDraft(STUDY, SEGMENTATION, result);
    expect([...browser.results.keys()]).toEqual(['draft seg']);
    const kept = await keeper.keepSave(STUDY, PARTS, result, keeper.kept());
    expect([...browser.results.keys()]).toEqual(['save seg']);
    await keeper.confirmed('save seg', 'seg');
    expect(browser.results.get('save seg')?.objects).toHaveLength(4);
    await keeper.saved(STUDY, kept, []);
    expect(browser.results.size).toBe(0);
  });

  it('stay where they hold later work than the save that is confirmed', async () => {
    const { keeper, browser, result } = keeping();
    const later = (uid: string) => ({ ...SEGMENTATION, sopInstanceUid: uid });
    await keeper.keepDraft(STUDY, later('before'), result);
    const before = keeper.kept();
    // Changed while the save is encoded, and again while it is sent.
    await keeper.keepDraft(STUDY, later('encoded'), result);
    const kept = await keeper.keepSave(STUDY, PARTS, result, before);
    expect([...browser.results.keys()]).toEqual(['draft encoded', 'save seg']);
    await keeper.keepDraft(STUDY, later('sent'), result);
    await keeper.saved(STUDY, kept, before);
    expect([...browser.results.keys()]).toEqual(['draft sent']);
  });

  it('of the open result stay when a kept result of an earlier stay is confirmed', async () => {
    const { keeper, browser, store, result } = keeping();
    const earlier = new Keeper({ store, open: async () => browser, isWanted: true });
    const kept = await earlier.keepSave(STUDY, PARTS, result, []);
    await keeper.keepDraft(STUDY, { ...SEGMENTATION, sopInstanceUid: 'open' }, result);
    await keeper.saved(STUDY, kept, []);
    expect([...browser.results.keys()]).toEqual(['draft open']);
  });

  it('of what is saved are not kept a second time as a draft', async () => {
    const { keeper, browser, result } = keeping();
    await keeper.keepSave(STUDY, PARTS, result, []);
    await keeper.keepDraft(STUDY, SEGMENTATION, result);
    expect([...browser.results.keys()]).toEqual(['save seg']);
  });

  it('leave the derived images out where there is no room for them, and say so', async () => {
    const { keeper, browser, store, result } = keeping();
    browser.room = 2;
    const kept = await keeper.keepSave(STUDY, PARTS, result, keeper.kept());
    expect(kept?.objects.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(['seg', 'sr']);
    expect(store.getState().keepingProblem).toContain('segmentation and report are kept');
    browser.room = 0;
    expect(await keeper.keepSave(STUDY, PARTS, result, keeper.kept())).toBeNull();
    expect(store.getState().keepingProblem).toContain('Do not close this tab');
  });

  it('keep the previous draft if there is no room for the new draft', async () => {
    const { keeper, browser, store, result } = keeping();
    await keeper.keepDraft(STUDY, SEGMENTATION, result);
    browser.room = 0;
    await keeper.keepDraft(STUDY, { ...SEGMENTATION, sopInstanceUid: 'seg2' }, result);
    expect([...browser.results.keys()]).toEqual(['draft seg']);
    expect(store.getState().keepingProblem).toContain('no room to keep unsaved work');
  });

  it('come back with their files, as they were encoded', async () => {
    const { keeper, result } = keeping();
    const dataset = {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
      SOPInstanceUID: '1.2.3.4',
      SeriesInstanceUID: '1.2.3.5',
      StudyInstanceUID: STUDY,
      SeriesDescription: 'EH segmentation',
    };
    const encoded = encodePart10(dataset, 'EH segmentation');
    await keeper.keepSave(STUDY, [{ part: 'segmentation', objects: [encoded] }], result, []);
    const read = await keeper.read('save 1.2.3.4');
    expect(read?.parts).toEqual([
      {
        part: 'segmentation',
        objects: [
          expect.objectContaining({ sopInstanceUid: '1.2.3.4', description: 'EH segmentation' }),
        ],
      },
    ]);
    expect(await keeper.read('save other')).toBeNull();
  });

  it('are not kept where the browser cannot: that is said, and saving goes on', async () => {
    const { keeper, store, result } = keeping(() => Promise.reject(new Error('private window')));
    expect(await keeper.keepSave(STUDY, PARTS, result, keeper.kept())).toBeNull();
    expect(store.getState().keepingProblem).toBe(
      'Unsaved results are not kept when this tab is closed: private window. Save before you leave.'
    );
  });

  it('are not kept where the site does not want it, without a word', async () => {
    const { keeper, browser, store, result } = keeping(undefined, false);
    expect(await keeper.keepSave(STUDY, PARTS, result, keeper.kept())).toBeNull();
    expect(await keeper.keepDraft(STUDY, SEGMENTATION, result)).toBe(false);
    expect(browser.results.size).toBe(0);
    expect(store.getState().keepingProblem).toBe('');
  });

  it('hold the findings of the last key, though their file was made before', async () => {
    const { keeper, browser, result } = keeping();
    const findings = { ...NO_FINDINGS, impression: 'Hydrops on the left' };
    expect(keeper.noteFindings(findings)).toBe(false);
    await keeper.keepDraft(STUDY, SEGMENTATION, result);
    expect(keeper.noteFindings(findings)).toBe(true);
    await Promise.resolve();
    expect(browser.results.get('draft seg')).toMatchObject({ findings });
    expect(browser.files.has('draft seg/seg')).toBe(true);
  });

  it('are offered at once where another result has taken their place on the screen', async () => {
    const { keeper, store, result } = keeping();
    store.apply(() => ({ studyInstanceUid: STUDY }));
    await keeper.keepDraft(STUDY, SEGMENTATION, result);
    // Findings alone, which are still on the screen.
    await keeper.release(false);
    expect(store.getState().unsavedResults).toEqual([]);
    await keeper.release(true);
    expect(store.getState().unsavedResults.map(({ id }) => id)).toEqual(['draft seg']);
    // The draft of the other result does not take the place of this.
    await keeper.keepDraft(STUDY, { ...SEGMENTATION, sopInstanceUid: 'other' }, result);
    await keeper.offer(STUDY);
    expect(store.getState().unsavedResults.map(({ id }) => id)).toEqual(['draft seg']);
  });

  it('are discarded when the reader says so', async () => {
    const { keeper, browser, store, result } = keeping();
    await keeper.keepDraft(STUDY, SEGMENTATION, result);
    const nextStay = new Keeper({ store, open: async () => browser, isWanted: true });
    await nextStay.offer(STUDY);
    await nextStay.discard('draft seg');
    expect(browser.results.size).toBe(0);
    expect(store.getState().unsavedResults).toEqual([]);
  });

  it('close their database with the stay', async () => {
    const { keeper, browser, result } = keeping();
    await keeper.keepSave(STUDY, [{ part: 'hydrops-mi2', objects: MI2 }], result, []);
    keeper.end();
    await Promise.resolve();
    expect(browser.close).toHaveBeenCalled();
  });
});
