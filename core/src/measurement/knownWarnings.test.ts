import type { Warning } from '../types';
import { withFiniteValues } from './knownWarnings';

test('a value of a warning that JSON cannot hold is said in a word, or left out', () => {
  const warning: Warning = { code: 'noise-high', message: 'Noise.', ear: 'left' };
  const finite: Warning = { ...warning, values: { withinNoise: 0.8, series: 'PPI' } };
  expect(withFiniteValues(finite)).toBe(finite);
  expect(withFiniteValues(warning)).toBe(warning);
  const values = { ratio: Infinity, low: -Infinity, share: NaN, known: 0.2, series: 'PPI' };
  expect(withFiniteValues({ ...warning, values }).values).toEqual({
    ratio: 'infinite',
    low: '-infinite',
    known: 0.2,
    series: 'PPI',
  });
});
