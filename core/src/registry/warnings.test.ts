import { isWarningCode, WARNINGS, warningWords } from './warnings';

const CODES = Object.keys(WARNINGS).filter(isWarningCode);

it('says a warning in a few words of the field, not in those of its code', () => {
  expect(warningWords('perilymph-not-enhanced')).toBe('perilymph not enhanced');
  expect(warningWords('csf-not-negative')).toBe('CSF not negative');
  expect(warningWords('roi-part-far')).toBe('a part of the region lies far from the ear');
});

it.each(CODES)('%s: a clause without an end, short enough for a table', (code) => {
  const words = warningWords(code);
  expect(words).not.toMatch(/[.:;]|-[a-z]+-|^$/);
  expect(words.split(' ').length).toBeLessThanOrEqual(11);
  expect(words).not.toMatch(/\bROI\b/);
});

it('no two warnings are said in the same words', () => {
  expect(new Set(CODES.map(warningWords)).size).toBe(CODES.length);
});
