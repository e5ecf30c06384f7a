import { INITIAL_STATE, type Problem } from '../state/HydropsState';
import { StayStore } from '../state/StayStore';
import { savingAdvanced, savingStalled } from '../state/transitions';
import { leaveWork, type LeftWorkParts } from './leaveWork';
import type { SaveEnd } from './SaveActions';

const SAVED: SaveEnd = {
  outcome: { said: 'Saved in PACS: Segmentation.', stored: 'as it stands' },
  isResumed: false,
};
const PROBLEM: Problem = {
  code: 'archive-no-answer',
  message: 'PACS does not answer. Not stored: Report.',
  remedy: 'Retry.',
  retry: 'saveHydropsResults',
};

function leaving(change: Partial<LeftWorkParts> = {}) {
  const steps: string[] = [];
  const notices: Parameters<LeftWorkParts['notify']>[0][] = [];
  let endSave: (end: SaveEnd) => void = () => undefined;
  const save = new Promise<SaveEnd>((resolve) => (endSave = resolve));
  const store = new StayStore({ getState: () => INITIAL_STATE, apply: () => undefined });
  store.end();
  const left = leaveWork({
    drafts: {
      leave: () => {
        steps.push('keep');
        return null;
      },
    },
    saving: { unfinished: () => save },
    saver: { end: () => void steps.push('end') },
    store,
    keeper: { kept: () => [] },
    patient: 'Doe Jane',
    keepArchive: () => void steps.push('archive'),
    notify: (notice) => void notices.push(notice),
    ...change,
  });
  return {
    left,
    steps,
    notices,
    store,
    endSave: (end: SaveEnd) => endSave(end),
  };
}

it('there is nothing to wait for where nothing is saved or kept', () => {
  const { left, steps } = leaving({ saving: { unfinished: () => null } });
  expect(left).toBeNull();
  expect(steps).toEqual(['keep']);
});

it('waits for the last changes, kept or not, without a word', async () => {
  for (const kept of [Promise.resolve(), Promise.reject(new Error('no room'))]) {
    const { left, notices } = leaving({
      saving: { unfinished: () => null },
      drafts: { leave: () => kept },
    });
    await expect(left).resolves.toBeUndefined();
    expect(notices).toEqual([]);
  }
});

it('a save goes on in the archive that it was begun with, and whose results are saved is said', async () => {
  const { left, steps, notices, endSave } = leaving();
  expect(steps).toEqual(['archive', 'keep']);
  expect(notices).toEqual([]);
  endSave(SAVED);
  await left;
  expect(steps).not.toContain('end');
  expect(notices).toEqual([
    expect.objectContaining({
      title: 'Inner Ear Hydrops: the results of Doe Jane are saved',
      message: 'Saved in PACS: Segmentation.',
      type: 'success',
    }),
  ]);
});

it('what was changed since the save began is said to be offered, once it is kept', async () => {
  const { left, notices, endSave } = leaving({ keeper: { kept: () => ['draft seg'] } });
  endSave({ ...SAVED, outcome: { said: 'Saved in PACS.', stored: 'as it stood' } });
  await left;
  expect(notices[0]?.message).toBe(
    'Saved in PACS. What was changed since the save began is not stored. ' +
      'The study offers it as “Unsaved result” when you open it again.'
  );
});

it.each([
  ['kept', ['save seg'], false, 'This browser keeps the result.'],
  ['kept by an earlier stay', [], true, 'This browser keeps the result.'],
  ['not kept', [], false, 'This browser does not keep the result.'],
])('a save that fails is said to have failed, its result %s', async (_, kept, isResumed, said) => {
  const { left, steps, notices, endSave } = leaving({ keeper: { kept: () => kept } });
  endSave({ outcome: PROBLEM, isResumed });
  await left;
  // What it had not kept itself is kept after it.
  expect(steps).toEqual(['archive', 'keep', 'keep']);
  expect(notices[0]).toMatchObject({
    title: 'Inner Ear Hydrops: the results of Doe Jane are not saved',
    type: 'error',
  });
  expect(notices[0]?.message).toContain(`${PROBLEM.message} ${said}`);
});

it('a save is waited for while it comes further, and given up where it stands still', async () => {
  jest.useFakeTimers();
  try {
    const { left, steps, notices, store } = leaving({ savingLimit: 10_000 });
    for (let time = 0; time < 5; time++) {
      await jest.advanceTimersByTimeAsync(9_000);
      store.apply(savingAdvanced([]));
    }
    expect(steps).not.toContain('end');
    // A word that the archive is silent is no progress.
    await jest.advanceTimersByTimeAsync(5_000);
    store.apply(savingStalled);
    await jest.advanceTimersByTimeAsync(5_000);
    await left;
    expect(steps).toContain('end');
    expect(notices[0]?.message).toContain('It made no progress: no answer within 10 s.');
  } finally {
    jest.useRealTimers();
  }
});
