import type { Warning } from '../types';
import { isOfSource, WARNINGS, type WarningCode } from '../registry';
import { withFiniteValues, withKnownWarnings } from './knownWarnings';

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

test('what says how the region was obtained holds in a region that has changed, or that no network made', () => {
  const known = (Object.keys(WARNINGS) as WarningCode[]).map((code): Warning => ({
    code,
    message: code,
    ear: 'left',
    organ: 'cochlea',
  }));
  const kept = withKnownWarnings([], known, () => false).map(({ code }) => code);
  expect(kept).toEqual(known.map(({ code }) => code).filter(isOfSource));
  expect(kept).toEqual([
    'roi-of-other-software',
    'segment-assigned',
    'segmentation-resampled',
    'stored-state-missing',
    'stored-measurement-unreadable',
    'stored-slice-unknown',
    'segment-doubled',
    'segments-overlap',
  ]);
  expect(withKnownWarnings([], known, () => true)).toEqual(known);
});
