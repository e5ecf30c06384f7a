import type { HydropsState } from '../state/HydropsState';
import { NO_FINDINGS } from '../state/findingFields';
import { replaceQuestion } from './replaceQuestion';
import { DONE, MEASUREMENT, MOVED, RECOGNISED } from '../../test/testState';

const FINDINGS = { ...NO_FINDINGS, impression: 'Hydrops' };
const ask = (state: HydropsState, by: 'computed' | 'opened') =>
  replaceQuestion(state, by)?.question;

it('nothing is asked where nothing of the reader’s goes', () => {
  expect(ask(RECOGNISED, 'opened')).toBeUndefined();
  expect(ask(DONE, 'computed')).toBeUndefined();
  const saved = { ...MOVED, edited: true, findings: FINDINGS };
  expect(ask({ ...saved, save: { status: 'saved', message: '' } }, 'opened')).toBeUndefined();
  // A computation leaves the findings where they are.
  expect(ask({ ...DONE, findings: FINDINGS }, 'computed')).toBeUndefined();
});

it('what goes is named, and that it is kept', () => {
  const state = { ...MOVED, edited: true, findings: FINDINGS };
  expect(ask(state, 'computed')).toBe(
    'Computing again replaces your unsaved edits and slices. They are kept in this browser as an unsaved result.'
  );
  expect(ask(state, 'opened')).toBe(
    'Opening a result replaces your unsaved edits, slices and findings. They are kept in this browser as an unsaved result.'
  );
  expect(replaceQuestion(state, 'opened')?.options).toBeUndefined();
});

it.each<[string, Partial<HydropsState>]>([
  ['by the settings of the site', { keepsUnsaved: false }],
  ['for want of room', { keepingProblem: 'No room.' }],
  [
    'without a place in space',
    {
      measurement: {
        ...MEASUREMENT,
        warnings: [{ code: 'frame-of-reference-missing', ear: null, message: '' }],
      },
    },
  ],
  [
    'as it has just turned out',
    { problem: { code: 'unsaved-not-kept' } as HydropsState['problem'] },
  ],
])('what cannot be kept %s is discarded only with the reader’s word', (_, change) => {
  const asked = replaceQuestion({ ...DONE, edited: true, ...change }, 'computed');
  expect(asked).toEqual({
    question: 'Computing again discards your unsaved edits: this browser cannot keep them.',
    options: { discardUnsaved: true },
  });
});

it('ears that the reader has set for the next computation are not taken away without a word', () => {
  const ears = { earCenters: { left: [30, 1, 2] as [number, number, number] } };
  expect(ask({ ...RECOGNISED, ...ears }, 'opened')).toBe(
    'Opening a result replaces the ear positions that you have chosen.'
  );
  expect(ask({ ...DONE, ...ears, method: 'real-ir' }, 'opened')).toContain(
    'replaces the method and ear positions that you have chosen.'
  );
  expect(ask({ ...DONE, ...ears }, 'computed')).toBeUndefined();
});
