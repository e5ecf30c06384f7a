import { MEASUREMENT } from '../../test/testState';
import { NO_FINDINGS } from '../state/findingFields';
import { readersChanges, withFindings } from './readersChanges';

it('names each organ that the reader has changed, and how, so that two results can be told apart', () => {
  const changed = structuredClone(MEASUREMENT);
  changed.ears.left!.cochlea!.area!.chosenBy = 'reader';
  changed.ears.right!.vestibule!.mask = 'drawn';
  const findings = { ...NO_FINDINGS, impression: 'none' };
  expect(readersChanges(changed, findings)).toEqual([
    'slice of the left cochlea',
    'right vestibule drawn',
    'findings',
  ]);
});

it('names nothing of a result that is the software’s', () => {
  expect(readersChanges(MEASUREMENT, NO_FINDINGS)).toEqual([]);
});

it('names findings once, and no longer when they are taken back', () => {
  const findings = { ...NO_FINDINGS, impression: 'none' };
  expect(withFindings(['findings'], findings)).toEqual(['findings']);
  expect(withFindings(['findings'], NO_FINDINGS)).toEqual([]);
});
