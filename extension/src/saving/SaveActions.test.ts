/** @jest-environment jsdom */
import { SaveActions, type SaveActionsParts } from './SaveActions';
import { openStudy, savedResult } from './testResults';

function actions(change: Partial<SaveActionsParts> = {}) {
  const store = openStudy();
  const told = { offer: jest.fn(async () => undefined), onSaved: jest.fn() };
  const saving = new SaveActions({
    store,
    saver: { save: async () => 'Saved in PACS.', resume: async () => 'Saved in PACS.' },
    keeper: { offer: told.offer, discard: async () => undefined },
    result: () => savedResult(),
    onSaved: told.onSaved,
    ...change,
  });
  return { saving, store, ...told };
}
const fails = () => Promise.reject(new Error('no route'));

it('a save says what was stored, and has the study listed again', async () => {
  const { saving, store, onSaved } = actions();
  const saved = saving.save();
  expect(store.getState().save.status).toBe('saving');
  await saved;
  expect(store.getState().save).toEqual({ status: 'saved', message: 'Saved in PACS.' });
  expect(onSaved).toHaveBeenCalledTimes(1);
});

it('two saves at once would store everything twice: the second save does nothing', async () => {
  const save = jest.fn(async () => 'Saved in PACS.');
  const { saving } = actions({ saver: { save, resume: save } });
  await Promise.all([saving.save(), saving.save(), saving.saveUnsaved('id')]);
  expect(save).toHaveBeenCalledTimes(1);
});

it('what failed can be tried again, and is offered where it was kept', async () => {
  const { saving, store, offer, onSaved } = actions({ saver: { save: fails, resume: fails } });
  await saving.save();
  expect(store.getState()).toMatchObject({
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
  const second = actions({ saver: { save: fails, resume: fails } });
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
