import { labels } from '../../test/testStudy';
import { NO_FINDINGS } from '../state/findingFields';
import { Drafts, type DraftsParts } from './Drafts';
import { openStudy, savedResult, SEGMENTATION } from '../../test/testResults';
import type { SavedResult } from './savedResult';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const FINDINGS = { ...NO_FINDINGS, impression: 'Hydrops' };
const later = () => jest.advanceTimersByTimeAsync(5000);

function drafting(result: SavedResult | null) {
  const store = openStudy();
  const keeper = {
    keepDraft: jest.fn<Promise<boolean>, unknown[]>(async () => true),
    noteFindings: jest.fn<boolean, unknown[]>(() => false),
    release: jest.fn<Promise<void>, [boolean]>(async () => undefined),
  };
  const encoder = {
    take: jest.fn<ReturnType<DraftsParts['encoder']['take']>, [SavedResult]>(async (of) => {
      await of.settled();
      return { ...of, labels: labels(), findings: store.getState().findings };
    }),
    segmentation: jest.fn(async () => SEGMENTATION),
  };
  const onReplaced = jest.fn();
  const shown = { result };
  const drafts = new Drafts({
    store,
    encoder: encoder,
    keeper,
    result: () => shown.result,
    onReplaced,
  });
  return { drafts, store, keeper, encoder, onReplaced, shown };
}

describe('the reader’s work between two saves', () => {
  it.each([
    ['an edited region', savedResult({ edited: true }), {}, 1],
    ['a slice of the reader’s', savedResult({ hasChosenSlices: () => true }), {}, 1],
    ['a finding of the reader’s', savedResult(), { findings: FINDINGS }, 1],
    ['an automatic result as it is', savedResult(), {}, 0],
    ['what is saved', savedResult({ edited: true }), { save: { status: 'saved', message: '' } }, 0],
  ] as const)('%s', async (_, result, state, times) => {
    const { drafts, store, keeper } = drafting(result);
    store.apply(() => state);
    drafts.changed();
    // The strokes of one edit are kept together.
    drafts.changed();
    await later();
    expect(keeper.keepDraft).toHaveBeenCalledTimes(times);
    expect(drafts.hasUnsavedWork()).toBe(times === 1);
  });

  it('what is saved while its draft is encoded is not kept as a draft', async () => {
    const { drafts, store, keeper, encoder } = drafting(savedResult({ edited: true }));
    encoder.segmentation.mockImplementation(async () => {
      store.apply(() => ({ save: { status: 'saved', message: '' } }));
      return SEGMENTATION;
    });
    drafts.changed();
    await later();
    expect(keeper.keepDraft).not.toHaveBeenCalled();
  });

  it('nothing is kept after the mode is left', async () => {
    const { drafts, keeper } = drafting(savedResult({ edited: true }));
    drafts.changed();
    drafts.end();
    await later();
    expect(keeper.keepDraft).not.toHaveBeenCalled();
  });

  it('a finding is kept with every key: the first makes the draft at once, each further is noted in it', async () => {
    const { drafts, store, keeper, encoder } = drafting(savedResult());
    const type = (impression: string) => {
      store.apply(() => ({ findings: { ...NO_FINDINGS, impression } }));
      drafts.findingsChanged();
    };
    type('H');
    // While the draft of the first key is encoded.
    type('Hy');
    await jest.advanceTimersByTimeAsync(0);
    expect(encoder.segmentation).toHaveBeenCalledTimes(1);
    expect(keeper.keepDraft).toHaveBeenCalledTimes(1);
    expect(keeper.noteFindings).toHaveBeenLastCalledWith(
      expect.objectContaining({ impression: 'Hy' })
    );
    keeper.noteFindings.mockReturnValue(true);
    type('Hyd');
    await jest.advanceTimersByTimeAsync(0);
    expect(keeper.noteFindings).toHaveBeenLastCalledWith(
      expect.objectContaining({ impression: 'Hyd' })
    );
    expect(encoder.segmentation).toHaveBeenCalledTimes(1);
  });

  it('a save waits for the draft that is on its way: after the save it would hold earlier work', async () => {
    const { drafts, keeper, encoder } = drafting(savedResult({ edited: true }));
    let encoded: (of: typeof SEGMENTATION) => void = () => undefined;
    encoder.segmentation.mockReturnValue(new Promise((resolve) => (encoded = resolve)));
    drafts.changed();
    drafts.keepNow();
    const paused = jest.fn();
    const pause = drafts.pause().then(paused);
    await jest.advanceTimersByTimeAsync(0);
    expect(paused).not.toHaveBeenCalled();
    encoded(SEGMENTATION);
    await pause;
    expect(keeper.keepDraft).toHaveBeenCalledTimes(1);
  });

  it('what is due is kept at once where the page may go, and nothing where nothing is due', async () => {
    const { drafts, keeper } = drafting(savedResult({ edited: true }));
    drafts.keepNow();
    await jest.advanceTimersByTimeAsync(0);
    expect(keeper.keepDraft).not.toHaveBeenCalled();
    drafts.changed();
    drafts.keepNow();
    await jest.advanceTimersByTimeAsync(0);
    expect(keeper.keepDraft).toHaveBeenCalledTimes(1);
  });
});

describe('the mode is left', () => {
  it.each([
    ['a change of less than a second ago', true],
    ['a stroke that is not measured yet', false],
  ])('with %s: it is kept at once, and said when', async (_, isMeasured) => {
    // Only its measurement makes it an edited result.
    const result = savedResult({ edited: isMeasured, isSettled: () => isMeasured });
    result.settled = async () => void (result.edited = true);
    const { drafts, keeper } = drafting(result);
    if (isMeasured) drafts.changed();
    const left = jest.fn();
    const kept = drafts.leave()?.then(left);
    expect(left).not.toHaveBeenCalled();
    await kept;
    expect(keeper.keepDraft).toHaveBeenCalledTimes(1);
    drafts.end();
    await later();
    expect(keeper.keepDraft).toHaveBeenCalledTimes(1);
  });

  it('with a draft on its way: what is encoded is kept first', async () => {
    const { drafts, keeper } = drafting(savedResult({ edited: true }));
    drafts.changed();
    drafts.keepNow();
    await drafts.leave();
    expect(keeper.keepDraft).toHaveBeenCalled();
  });

  it('with nothing due: there is nothing to wait for', () => {
    expect(drafting(savedResult({ edited: true })).drafts.leave()).toBeNull();
    expect(drafting(null).drafts.leave()).toBeNull();
  });
});

describe('a result that another result replaces', () => {
  it('is kept as it stands at that moment, and offered once the other is shown', async () => {
    const result = savedResult();
    // A stroke just made, which makes it an edited result once it is measured.
    result.settled = async () => void (result.edited = true);
    const { drafts, keeper, onReplaced, shown } = drafting(result);
    await drafts.keepReplaced(true);
    expect(keeper.keepDraft).toHaveBeenCalledTimes(1);
    expect(onReplaced).not.toHaveBeenCalled();
    shown.result = savedResult();
    await drafts.replaced();
    expect(keeper.release).toHaveBeenCalledWith(true);
    expect(onReplaced).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['computed', true, 0],
    ['opened', false, 1],
  ])('findings alone, where the other is %s', async (_, findingsStay, kept) => {
    const { drafts, store, keeper, onReplaced, shown } = drafting(savedResult());
    store.apply(() => ({ findings: FINDINGS }));
    await drafts.keepReplaced(findingsStay);
    expect(keeper.keepDraft).toHaveBeenCalledTimes(kept);
    shown.result = savedResult();
    if (!findingsStay) store.apply(() => ({ findings: NO_FINDINGS }));
    await drafts.replaced();
    expect(keeper.release).toHaveBeenCalledWith(!findingsStay);
    expect(onReplaced).toHaveBeenCalledTimes(kept);
    // What stays on the screen is of the other result now: a reload is to bring them back together.
    await later();
    expect(keeper.keepDraft).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['that is saved', { save: { status: 'saved' as const, message: '' } }, true],
    ['that nobody has changed', {}, false],
  ])('%s is not kept', async (_, state, edited) => {
    const { drafts, store, keeper, onReplaced } = drafting(savedResult({ edited }));
    store.apply(() => state);
    await drafts.keepReplaced(false);
    await drafts.replaced();
    expect(keeper.keepDraft).not.toHaveBeenCalled();
    expect(onReplaced).not.toHaveBeenCalled();
  });

  it.each([
    ['the browser does not keep it', { kept: false }],
    ['it cannot be encoded', { kept: true, fails: new Error('no voxel') }],
  ])('stays where %s', async (_, { kept, fails }: { kept: boolean; fails?: Error }) => {
    const { drafts, store, keeper, encoder } = drafting(savedResult({ edited: true }));
    store.apply(() => ({ keepingProblem: kept ? '' : 'This browser has no room.' }));
    keeper.keepDraft.mockResolvedValue(kept);
    if (fails) encoder.segmentation.mockRejectedValue(fails);
    await expect(drafts.keepReplaced(true)).rejects.toMatchObject({
      code: 'unsaved-not-kept',
      message: expect.stringContaining(fails ? 'no voxel' : 'This browser has no room.') as string,
    });
  });
});
