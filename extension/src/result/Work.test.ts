import { RefusedInputError } from '@inner-ear-hydrops/core';
import { openStudy } from '../../test/testStudy';
import { Work } from './Work';

beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

function working(hasResult = false) {
  const store = openStudy();
  return { store, work: new Work({ store, hasResult: () => hasResult }) };
}

it('runs one computation at a time, and tells how far it is', async () => {
  const { store, work } = working(true);
  const second = jest.fn();
  let finish: () => void = () => undefined;
  const first = work.run('compute', () => new Promise((resolve) => (finish = resolve)));
  await work.run('load', second);
  work.progress('segment', 0.5);
  expect(store.getState()).toMatchObject({
    status: 'running',
    progress: { stage: 'segment', fraction: 0.5 },
  });
  finish();
  await first;
  work.progress('segment', 0.9);
  expect(store.getState()).toMatchObject({ status: 'ready', progress: null });
  expect(second).not.toHaveBeenCalled();
});

it('what goes wrong becomes a problem with a way to try again', async () => {
  const { store, work } = working();
  await work.run('load', () =>
    Promise.reject(new RefusedInputError('archive-error', 'HTTP 500.', 'Wait.'))
  );
  expect(store.getState()).toMatchObject({
    status: 'idle',
    problem: { code: 'archive-error', retry: 'loadHydropsResults' },
  });
});

it.each(['cancel', 'end'] as const)('%s is no problem', async (how) => {
  const { store, work } = working();
  const running = work.run(
    'compute',
    (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      )
  );
  work[how]();
  await running;
  expect(store.getState()).toMatchObject({ status: 'idle', problem: null });
  expect(console.error).not.toHaveBeenCalled();
});
