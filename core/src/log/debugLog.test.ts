import { RefusedInputError } from '../types';
import { logged, loggedStages, logTo } from './debugLog';

let lines: string[];
beforeEach(() => {
  lines = [];
  logTo((line) => lines.push(line));
});
afterEach(() => logTo(null));

/** Durations differ from run to run. */
const withoutTimes = () => lines.map((line) => line.replace(/\d+ ms/g, '… ms'));

it('notes a step with its duration, whether it answers at once or later', async () => {
  expect(logged('align', () => 3)).toBe(3);
  await expect(logged('read series', async () => 'pixels')).resolves.toBe('pixels');
  expect(withoutTimes()).toEqual([
    'inner-ear-hydrops +… ms align: begun',
    'inner-ear-hydrops +… ms align: done in … ms',
    'inner-ear-hydrops +… ms read series: begun',
    'inner-ear-hydrops +… ms read series: done in … ms',
  ]);
});

it('names why a step failed by its code, and lets the caller have the error', async () => {
  const refusal = new RefusedInputError('no-dicom', 'Series of Kim^Minji, 19700101', '');
  await expect(logged('read', () => Promise.reject(refusal))).rejects.toBe(refusal);
  expect(() =>
    logged('write', () => {
      throw new TypeError('Kim^Minji has no slice');
    })
  ).toThrow(TypeError);
  expect(withoutTimes().filter((line) => line.includes('failed'))).toEqual([
    'inner-ear-hydrops +… ms read: failed (no-dicom) after … ms',
    'inner-ear-hydrops +… ms write: failed (TypeError) after … ms',
  ]);
});

it('lets nothing through that could come from data', () => {
  const error = Object.assign(new Error(), { code: '1.2.840.10008', name: 'Kim^Minji' });
  for (const step of ['Kim^Minji', '2.25.17', '1970-01-01', 'read /data/kim', '']) {
    expect(() =>
      logged(step, () => {
        throw error;
      })
    ).toThrow(error);
  }
  for (const line of withoutTimes()) {
    expect(line).toMatch(
      /^inner-ear-hydrops \+… ms a step without a proper name: (begun|failed after … ms)$/
    );
  }
});

it('notes a stage once, when it begins', () => {
  const heard: number[] = [];
  const listen = loggedStages(({ fraction }: { stage: string; fraction: number }) =>
    heard.push(fraction)
  );
  listen({ stage: 'locate', fraction: 0.1 });
  listen({ stage: 'segment', fraction: 0.2 });
  listen({ stage: 'segment', fraction: 0.3 });
  expect(heard).toEqual([0.1, 0.2, 0.3]);
  expect(withoutTimes()).toEqual([
    'inner-ear-hydrops +… ms stage locate: begun',
    'inner-ear-hydrops +… ms stage segment: begun',
  ]);
});

it('is silent until it is switched on, and after it is switched off', () => {
  logTo(null);
  expect(logged('align', () => 3)).toBe(3);
  loggedStages(() => undefined)({ stage: 'locate' });
  expect(lines).toEqual([]);
});
