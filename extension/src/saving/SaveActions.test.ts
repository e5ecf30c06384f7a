/** @jest-environment jsdom */
import { SaveCancelled } from './saveMessages';
import { SaveActions, type SaveActionsParts } from './SaveActions';
import { measuredAgain } from '../state/transitions';
import { openStudy, savedResult } from '../../test/testResults';

const SAVED = { said: 'Saved in PACS.', stored: 'as it stands' } as const;

function actions(change: Partial<SaveActionsParts> = {}) {
  const store = openStudy();
  const result = savedResult();
  const told = { offer: jest.fn(async () => undefined), onSaved: jest.fn() };
  const saving = new SaveActions({
    store,
    saver: {
      save: async () => SAVED,
      resume: async () => ({ ...SAVED, stored: 'another' }),
      cancel: () => undefined,
    },
    keeper: { offer: told.offer, discard: async () => undefined },
    result: () => result,
    onSaved: told.onSaved,
    ...change,
  });
  return { saving, store, ...told };
}
const fails = () => Promise.reject(new Error('no route'));

it('a save says what was stored, and has the study listed again', async () => {
  const { saving, store, onSaved } = actions();
  const saved = saving.save();
  expect(store.getState().saving).toBe(true);
  await saved;
  expect(store.getState()).toMatchObject({
    saving: false,
    save: { status: 'saved', message: 'Saved in PACS.' },
  });
  expect(onSaved).toHaveBeenCalledTimes(1);
});

it('two saves at once would store everything twice: the second save does nothing', async () => {
  const save = jest.fn(async () => SAVED);
  const { saving } = actions({ saver: { save, resume: save, cancel: () => undefined } });
  await Promise.all([saving.save(), saving.save(), saving.saveUnsaved('id')]);
  expect(save).toHaveBeenCalledTimes(1);
});

it('what is changed during a save is not saved, and no second save begins', async () => {
  let answer: (outcome: typeof SAVED) => void = () => undefined;
  const save = jest.fn(() => new Promise<typeof SAVED>((resolve) => (answer = resolve)));
  const { saving, store } = actions({
    saver: {
      save: async () => ({ ...(await save()), stored: 'as it stood' }),
      resume: save,
      cancel: () => undefined,
    },
  });
  const done = saving.save();
  const { measurement, edited, representativeImages } = store.getState();
  store.apply(measuredAgain({ measurement, edited, representativeImages }));
  expect(store.getState()).toMatchObject({ saving: true, save: { status: 'none' } });
  await saving.save();
  expect(save).toHaveBeenCalledTimes(1);
  answer(SAVED);
  await done;
  expect(store.getState()).toMatchObject({
    saving: false,
    save: {
      status: 'none',
      message: 'Saved in PACS. What was changed since the save began is not saved yet.',
    },
  });
});

it('a save says nothing of another result that was opened meanwhile, done or failed', async () => {
  for (const save of [async () => ({ ...SAVED, stored: 'another' as const }), fails]) {
    let shown = savedResult();
    const { saving, store } = actions({
      saver: { save, resume: save, cancel: () => undefined },
      result: () => shown,
    });
    const done = saving.save();
    shown = savedResult();
    store.apply(() => ({ save: { status: 'saved', message: 'Restored from the archive.' } }));
    await done;
    expect(store.getState()).toMatchObject({ saving: false, save: { status: 'saved' } });
  }
});

it('a running save can be waited for, and says how it came out', async () => {
  const done = actions();
  expect(done.saving.unfinished()).toBeNull();
  const saved = done.saving.save();
  expect(await done.saving.unfinished()).toEqual({ outcome: SAVED, isResumed: false });
  await saved;
  expect(done.saving.unfinished()).toBeNull();
  expect(done.onSaved).toHaveBeenCalledWith('1.2.3');

  const failed = actions({
    saver: { save: fails, resume: fails, cancel: () => undefined },
  });
  void failed.saving.saveUnsaved('id');
  expect(await failed.saving.unfinished()).toMatchObject({
    outcome: { message: expect.stringContaining('no route') as string },
    isResumed: true,
  });
});

it('what failed can be tried again, and is offered where it was kept', async () => {
  const { saving, store, offer, onSaved } = actions({
    saver: { save: fails, resume: fails, cancel: () => undefined },
  });
  await saving.save();
  expect(store.getState()).toMatchObject({
    saving: false,
    save: { status: 'failed' },
    problem: { retry: 'saveHydropsResults' },
  });
  expect(offer).toHaveBeenCalledWith('1.2.3');
  expect(onSaved).not.toHaveBeenCalled();
});

it('storing a kept result says nothing about the result on the screen', async () => {
  const first = actions();
  await first.saving.saveUnsaved('id');
  expect(first.store.getState().save).toEqual({ status: 'none', message: 'Saved in PACS.' });
  const second = actions({ saver: { save: fails, resume: fails, cancel: () => undefined } });
  await second.saving.saveUnsaved('id');
  expect(second.store.getState()).toMatchObject({
    save: { status: 'none' },
    // Trying again would store the open result instead.
    problem: { retry: null },
  });
});

it('there is nothing to save before there is a result', async () => {
  const { saving, store } = actions({ result: () => null });
  await saving.save();
  expect(store.getState().problem?.message).toBe('There is no result to save yet.');
});

it('the parts that the reader chooses hold for the next study too', () => {
  const { saving, store } = actions();
  saving.setSavePart('segmentation', false);
  // A report refers to the segmentation.
  expect(store.getState().saveParts).toMatchObject({ segmentation: false, report: false });
  expect(JSON.parse(localStorage.getItem('inner-ear-hydrops.save-parts') ?? '')).toMatchObject({
    segmentation: false,
  });
});

it('a save that the reader cancelled is no failure: it says what is stored, and another save may begin', async () => {
  const save = jest.fn(() => Promise.reject(new SaveCancelled()));
  const cancel = jest.fn();
  const { saving, store, onSaved } = actions({ saver: { save, resume: save, cancel } });
  const saved = saving.save();
  saving.cancel();
  await saved;
  expect(cancel).toHaveBeenCalledTimes(1);
  expect(store.getState()).toMatchObject({
    saving: false,
    problem: null,
    save: { status: 'none', message: expect.stringContaining('Saving was cancelled.') },
  });
  expect(onSaved).not.toHaveBeenCalled();
  await saving.save();
  expect(save).toHaveBeenCalledTimes(2);
});
