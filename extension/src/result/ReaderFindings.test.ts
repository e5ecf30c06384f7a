import { DONE } from '../../test/testState';
import { ReaderFindings } from './ReaderFindings';
import { FakeHistory, openStudy } from '../../test/testStudy';

function findings(hasResult = true) {
  const store = openStudy({ ...DONE, save: { status: 'saved', message: '' } });
  const history = new FakeHistory();
  const onChange = jest.fn();
  const created = new Date(2026, 4, 4);
  const result = { created };
  const made = new ReaderFindings({
    store,
    history,
    result: () => (hasResult ? result : null),
    onChange,
  });
  return { findings: made, store, history, onChange, result, created };
}

it('a finding makes another result, which is not the saved result', () => {
  const { findings: reader, store, onChange, result, created } = findings();
  reader.set('cochleaNakashima', 'mild', 'left');
  expect(store.getState()).toMatchObject({
    findings: { left: { cochleaNakashima: 'mild' } },
    save: { status: 'none' },
  });
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(result.created).not.toBe(created);
});

it('the reader’s name alone states nothing of the result', () => {
  const { findings: reader, store, onChange } = findings();
  reader.set('reader', 'Family^Given');
  expect(store.getState()).toMatchObject({
    findings: { reader: 'Family^Given' },
    save: { status: 'saved' },
  });
  expect(onChange).not.toHaveBeenCalled();
});

it('a grade that no form offers changes nothing, and there is nothing to take back', () => {
  const { findings: reader, store, history } = findings();
  const before = store.getState();
  reader.set('cochleaNakashima', 'enormous', 'left');
  history.undo();
  expect(store.getState()).toBe(before);
});

it('Undo and Redo go through the findings, and what they change is not the saved result either', () => {
  const { findings: reader, store, history, onChange } = findings();
  reader.set('cochleaNakashima', 'mild', 'left');
  reader.set('impression', 'Hydrops on the left');
  history.undo();
  expect(store.getState().findings).toMatchObject({
    impression: '',
    left: { cochleaNakashima: 'mild' },
  });
  history.undo();
  expect(store.getState().findings.left.cochleaNakashima).toBe('');
  history.redo();
  history.redo();
  expect(store.getState().findings).toMatchObject({
    impression: 'Hydrops on the left',
    left: { cochleaNakashima: 'mild' },
  });
  expect(onChange).toHaveBeenCalledTimes(6);
});

it('text that is typed key by key is taken back at once; another field, or a longer pause, is a step of its own', () => {
  jest.useFakeTimers();
  const { findings: reader, store, history } = findings();
  const impression = () => store.getState().findings.impression;
  for (const text of ['H', 'Hy', 'Hyd']) reader.set('impression', text);
  jest.advanceTimersByTime(60_000);
  for (const text of ['Hydr', 'Hydro']) reader.set('impression', text);
  reader.set('dose', '0.1');
  history.undo();
  expect(store.getState().findings.dose).toBe('');
  history.undo();
  expect(impression()).toBe('Hyd');
  history.undo();
  expect(impression()).toBe('');
  history.redo();
  expect(impression()).toBe('Hyd');
  jest.useRealTimers();
});

it('before there is a result, a finding is kept for the next result', () => {
  const { findings: reader, store, onChange } = findings(false);
  reader.set('impression', 'Hydrops');
  expect(store.getState().findings.impression).toBe('Hydrops');
  expect(onChange).not.toHaveBeenCalled();
});
