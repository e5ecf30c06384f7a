import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { labels } from '../../test/testStudy';
import { NO_FINDINGS } from '../state/findingFields';
import { MEASUREMENT } from '../../test/testState';
import { resultFindingStated, savingBegun } from '../state/transitions';
import type { SavedResult } from './savedResult';
import { Saver, STALL_MS, type SaverParts } from './Saver';
import type { StoreTarget } from './storeObjects';
import { MI2, openStudy, PARTS, savedResult, SEGMENTATION } from '../../test/testResults';

const uidsOf = (objects: EncodedObject[]) => objects.map(({ sopInstanceUid }) => sopInstanceUid);

/** An archive that takes all but what it is told to refuse. */
class Archive implements StoreTarget {
  readonly posted: string[] = [];
  refuses = new Set<string>();
  held = new Set<string>();
  unreachable = false;
  post: StoreTarget['post'] = async (objects) => {
    if (this.unreachable) {
      throw new RefusedInputError('archive-unauthorized', 'Not signed in.', 'Sign in.', {
        status: 401,
      });
    }
    const uids = uidsOf(objects);
    this.posted.push(...uids);
    const failed = uids.filter((uid) => this.refuses.has(uid));
    return {
      accepted: new Set(uids.filter((uid) => !this.refuses.has(uid))),
      failed: new Map(failed.map((uid) => [uid, 0x0122])),
      unidentified: 0,
    };
  };
  holds: StoreTarget['holds'] = async ({ sopInstanceUid }) => this.held.has(sopInstanceUid);
  listed: StoreTarget['listed'] = async () => this.held;
}

function saving(change: Partial<SaverParts> = {}) {
  const store = openStudy();
  const archive = new Archive();
  const result = savedResult();
  const kept = { id: 'save seg' } as NonNullable<
    Awaited<ReturnType<SaverParts['keeper']['keepSave']>>
  >;
  const keeper = {
    kept: () => ['draft before'],
    keepSave: jest.fn(async () => kept),
    read: jest.fn(async (id: string) => (id === kept.id ? { result: kept, parts: PARTS } : null)),
    confirmed: jest.fn(async () => undefined),
    saved: jest.fn(async () => undefined),
  };
  const encoder: SaverParts['encoder'] = {
    take: async (result) => {
      await result.settled();
      const { findings } = store.getState();
      return { ...result, labels: labels(), findings };
    },
    encode: async function* (_, parts) {
      for (const encoded of PARTS) if (parts.includes(encoded.part)) yield encoded;
    },
  };
  const drafts = { pause: jest.fn(async () => undefined), changed: jest.fn() };
  const list = jest.fn(async () => undefined);
  const saver = new Saver({
    store,
    archive: { name: () => 'PACS', canStoreTogether: () => true },
    target: archive,
    encoder,
    keeper,
    drafts,
    result: () => result,
    list,
    attempts: 1,
    ...change,
  });
  return { saver, store, archive, keeper, encoder, drafts, list, result };
}

describe('saving a result', () => {
  it('stores the chosen parts in their order, says so, and forgets what was kept of them', async () => {
    const { saver, store, archive, keeper, list, result } = saving();
    expect(await saver.save(result)).toEqual({
      said: 'Saved in PACS: HYDROPS-Mi2 (3 images), Segmentation, Report.',
      stored: 'as it stands',
    });
    expect(archive.posted).toEqual(['m1', 'm2', 'm3', 'seg', 'sr']);
    // By this the list of stored results marks the one on the screen.
    expect(store.getState().shownStored).toBe('seg');
    expect(store.getState().saveItems.map(({ status, stored }) => [status, stored])).toEqual([
      ['stored', 3],
      ['stored', 1],
      ['stored', 1],
    ]);
    // The viewer lists each new series once.
    expect(list).toHaveBeenCalledWith([MI2[0], SEGMENTATION, PARTS[2]?.objects[0]]);
    expect(keeper.confirmed).toHaveBeenCalledTimes(5);
    expect(keeper.saved).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a stroke', (result: SavedResult) => void (result.measurement = { ...MEASUREMENT })],
    [
      'a finding',
      (_: SavedResult, store: SaverParts['store']) =>
        store.apply(resultFindingStated({ ...NO_FINDINGS, impression: 'Hydrops' })),
    ],
  ])(
    'after %s during the save, what was stored is not the result on the screen',
    async (_, act) => {
      const { saver, store, archive, keeper, result } = saving();
      const { post } = archive;
      archive.post = async (...objects) => {
        act(result, store);
        return post(...objects);
      };
      expect((await saver.save(result)).stored).toBe('as it stood');
      // It was made from what was stored.
      expect(store.getState().shownStored).toBe('seg');
      // The draft of what was done meanwhile is none of these.
      expect(keeper.saved).toHaveBeenCalledWith('1.2.3', expect.anything(), ['draft before']);
    }
  );

  it('a stroke that is still being measured when the save begins is stored with it', async () => {
    const { saver, result } = saving();
    result.settled = async () => void (result.measurement = { ...MEASUREMENT });
    expect((await saver.save(result)).stored).toBe('as it stands');
  });

  it('another result that is opened during the save is not taken for the stored one', async () => {
    const result = savedResult();
    let shown = result;
    const { saver, store, archive } = saving({ result: () => shown });
    const { post } = archive;
    archive.post = async (...objects) => {
      shown = savedResult();
      return post(...objects);
    };
    expect((await saver.save(result)).stored).toBe('another');
    expect(store.getState().shownStored).toBeNull();
  });

  it('refuses a save of nothing, with a remedy', async () => {
    const { saver, store, archive } = saving();
    const none = { hydrops: false, 'hydrops-mi2': false, segmentation: false, report: false };
    store.apply(() => ({ saveParts: { ...none, summary: false, 'parametric-map': false } }));
    await expect(saver.save(savedResult())).rejects.toMatchObject({ code: 'nothing-chosen' });
    expect(archive.posted).toEqual([]);
  });

  it('does not send the report after a segmentation that the archive refused, and keeps the result', async () => {
    const { saver, store, archive, keeper, list } = saving();
    archive.refuses.add('seg');
    await expect(saver.save(savedResult())).rejects.toThrow(
      'PACS did not take EH segmentation: it does not take objects of this kind (failure reason 0122H).' +
        ' Not stored: Segmentation, Report. Stored: HYDROPS-Mi2 (3 images).'
    );
    expect(archive.posted).toEqual(['m1', 'm2', 'm3', 'seg']);
    expect(store.getState().saveItems.map(({ status }) => status)).toEqual([
      'stored',
      'failed',
      'waiting',
    ]);
    expect(keeper.saved).not.toHaveBeenCalled();
    expect(list).toHaveBeenCalledWith([MI2[0]]);
  });

  it('sends no object a second time that was confirmed at the first attempt', async () => {
    const { saver, archive } = saving();
    archive.refuses.add('seg');
    await expect(saver.save(savedResult())).rejects.toThrow();
    archive.refuses.clear();
    archive.posted.length = 0;
    await saver.save(savedResult());
    expect(archive.posted).toEqual(['seg', 'sr']);
  });

  it('sends no derived images that the archive holds already', async () => {
    const { saver, archive, store } = saving();
    archive.held = new Set(uidsOf(MI2));
    await saver.save(savedResult());
    expect(archive.posted).toEqual(['seg', 'sr']);
    expect(store.getState().saveItems[0]).toMatchObject({ status: 'stored', stored: 3 });
  });

  it('says what ended it and what is stored by then, where the archive does not permit', async () => {
    const { saver, archive, store, keeper } = saving();
    archive.unreachable = true;
    await expect(saver.save(savedResult())).rejects.toMatchObject({
      code: 'archive-unauthorized',
      remedy: 'Sign in.',
    });
    expect(store.getState().saveItems[0]).toMatchObject({
      status: 'failed',
      problems: ['Not signed in.'],
    });
    expect(keeper.saved).not.toHaveBeenCalled();
  });

  it('finishes a save that was kept, and says where it is when another tab has taken it', async () => {
    const { saver, archive } = saving();
    await saver.resume('save seg');
    expect(archive.posted).toEqual(['m1', 'm2', 'm3', 'seg', 'sr']);
    await expect(saver.resume('save other')).rejects.toMatchObject({ code: 'not-kept' });
  });
});

it('nothing is sent or listed after a save was given up', async () => {
  const { saver, archive, list } = saving();
  saver.end();
  await expect(saver.save(savedResult())).rejects.toMatchObject({ name: 'AbortError' });
  expect(archive.posted).toEqual([]);
  expect(list).not.toHaveBeenCalled();
});

it('each answer of the archive is told in the state, of which those hear who wait for the save', async () => {
  const { saver, store, archive } = saving();
  const steps: number[] = [];
  let items = store.getState().saveItems;
  const { apply } = store;
  store.apply = (transition) => {
    apply.call(store, transition);
    if (store.getState().saveItems !== items) steps.push(archive.posted.length);
    items = store.getState().saveItems;
  };
  await saver.save(savedResult());
  expect([...new Set(steps)]).toEqual([0, 3, 4, 5]);
});

it('a save that fails before it is kept leaves the draft that was due', async () => {
  const { saver, drafts } = saving();
  const result = savedResult({ edited: true, settled: () => Promise.reject(new Error('lost')) });
  await expect(saver.save(result)).rejects.toThrow('lost');
  expect(drafts.pause).toHaveBeenCalledTimes(1);
  expect(drafts.changed).toHaveBeenCalledTimes(1);
});

describe('an archive that takes a request and never answers', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function hanging() {
    const made = saving();
    const { archive } = made;
    const post = archive.post;
    const signals: (AbortSignal | undefined)[] = [];
    archive.post = (objects, signal) => {
      if (objects.some(({ sopInstanceUid }) => sopInstanceUid !== 'seg')) return post(objects);
      signals.push(signal);
      return new Promise(() => undefined);
    };
    return { ...made, signals, answers: () => (archive.post = post) };
  }

  it('is named after some seconds', async () => {
    const { saver, store, result } = hanging();
    store.apply(savingBegun);
    void saver.save(result).catch(() => undefined);
    await jest.advanceTimersByTimeAsync(STALL_MS - 1);
    expect(store.getState().savingStalls).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(store.getState().savingStalls).toBe(true);
    saver.cancel();
  });

  it('is waited for no longer when the reader cancels; nothing is lost, and the next save sends what is missing', async () => {
    const { saver, result, archive, keeper, drafts, signals, answers } = hanging();
    const cancelled = expect(saver.save(result)).rejects.toMatchObject({
      name: 'SaveCancelled',
      message: expect.stringContaining(
        'Not stored: Segmentation, Report. Stored: HYDROPS-Mi2 (3 images).'
      ),
    });
    await jest.advanceTimersByTimeAsync(1);
    saver.cancel();
    await cancelled;
    expect(signals[0]?.aborted).toBe(true);
    // What this browser keeps stays.
    expect(keeper.saved).not.toHaveBeenCalled();
    expect(drafts.changed).toHaveBeenCalledTimes(1);
    archive.posted.length = 0;
    answers();
    await saver.save(result);
    expect(archive.posted).toEqual(['seg', 'sr']);
  });
});
