import { History, type Step, type StepList } from './History';

/** As the viewer's list: what is done after an undo takes the place of what was undone. */
class Steps implements StepList {
  private readonly done: Step[] = [];
  private undone: Step[] = [];
  push(step: Step): void {
    this.done.push(step);
    this.undone = [];
  }
  clear(): void {
    this.done.length = 0;
    this.undone.length = 0;
  }
  undo(): void {
    const step = this.done.pop();
    if (!step) return;
    step.undo();
    this.undone.push(step);
  }
  redo(): void {
    const step = this.undone.pop();
    if (!step) return;
    step.redo();
    this.done.push(step);
  }
}

function historyOf() {
  const steps = new Steps();
  const history = new History(steps);
  const log: string[] = [];
  const put = (value: string) => void log.push(value);
  return { steps, history, log, put };
}

it('takes back in one order what the reader and what the viewer’s brush has done', () => {
  const { steps, history, log, put } = historyOf();
  history.changed('slice 22', 'slice 24', put);
  steps.push({ undo: () => put('stroke undone'), redo: () => put('stroke redone') });
  history.changed('none', 'mild', put);
  steps.undo();
  steps.undo();
  steps.undo();
  expect(log).toEqual(['none', 'stroke undone', 'slice 22']);
  steps.redo();
  steps.redo();
  steps.redo();
  expect(log.slice(3)).toEqual(['slice 24', 'stroke redone', 'mild']);
});

it('nothing is taken back into another result, nor after the mode is left', () => {
  const { steps, history, log, put } = historyOf();
  history.changed('a', 'b', put);
  history.forget();
  steps.undo();
  history.changed('a', 'b', put);
  history.end();
  steps.undo();
  expect(log).toEqual([]);
});

it('what joins a change is taken back with it, unless something was done or taken back meanwhile', () => {
  const { steps, history, log, put } = historyOf();
  const join = history.changed<string>('', 'H', put);
  expect(join('Hy')).toBe(true);
  steps.undo();
  expect(join('Hyd')).toBe(false);
  steps.redo();
  expect(log).toEqual(['', 'Hy']);
  const other = history.changed<string>('Hy', 'Hyd', put);
  history.changed('slice 22', 'slice 24', put);
  expect(other('Hydr')).toBe(false);
});

it('takes nothing back while changes are held back', () => {
  let held = true;
  const steps = new Steps();
  const put = jest.fn();
  const history = new History(steps, () => held);
  history.changed('a', 'b', put);
  steps.undo();
  expect(put).not.toHaveBeenCalled();
  held = false;
  steps.redo();
  steps.undo();
  expect(put).toHaveBeenLastCalledWith('a');
});

it('leaves a list alone in which it has never put anything', () => {
  const steps = new Steps();
  const undo = jest.fn();
  steps.push({ undo, redo: () => undefined });
  new History(steps).end();
  steps.undo();
  expect(undo).toHaveBeenCalled();
});
