import { WARNINGS, isWarningCode } from './warnings';
import { warningWords } from './warningWords';

it('says a warning in few words, with the names of the field', () => {
  expect(warningWords('perilymph-not-enhanced')).toBe('perilymph not enhanced');
  expect(warningWords('csf-not-negative')).toBe('CSF not negative');
  for (const code of Object.keys(WARNINGS).filter(isWarningCode)) {
    expect(warningWords(code).split(' ').length).toBeLessThan(6);
  }
});
