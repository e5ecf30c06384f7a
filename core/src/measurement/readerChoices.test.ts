import { TEST_CASES, testMeasurement, testSeries, testVolume } from '../../test/testSeries';
import type { Measurement } from '../types';
import { isUnedited, readerChoices, resultOrigin } from './readerChoices';

const mrc = testSeries(
  'MRC',
  testVolume(() => 1)
);
const measured = (change?: (measurement: Measurement) => void): Measurement => {
  const measurement = testMeasurement(mrc);
  change?.(measurement);
  return measurement;
};

test('a result is unedited only while everything that it rests on is automatic', () => {
  expect(isUnedited(measured())).toBe(true);
  const changes: [string, (measurement: Measurement) => void][] = [
    ['method: HYDROPS-Mi2', (m) => void (m.choices.method = 'reader')],
    ['series of PPI', (m) => void (m.choices.roles.ppi = 'reader')],
    ['position of the right ear', (m) => void (m.choices.ears.right = 'reader')],
    ['slice of the left cochlea: series 1, image 27', TEST_CASES['a moved slice']],
    ['region of the left vestibule, edited', (m) => void (m.ears.left!.vestibule!.mask = 'edited')],
    ['region of the right cochlea, drawn', (m) => void (m.ears.right!.cochlea!.mask = 'drawn')],
    [
      'slice of the left vestibule',
      (m) => {
        m.ears.left!.vestibule!.area = null;
        m.ears.left!.vestibule!.emptySlice = {
          image: null,
          chosenBy: 'reader',
          automaticImage: null,
        };
      },
    ],
  ];
  for (const [text, change] of changes) {
    const measurement = measured(change);
    expect(readerChoices(measurement).map((choice) => choice.text)).toEqual([text]);
    expect(isUnedited(measurement)).toBe(false);
  }
});

test('where regions come from goes before what else was chosen', () => {
  expect(resultOrigin(measured())).toBe('automatic');
  expect(resultOrigin(measured(TEST_CASES['a moved slice']))).toBe('choices edited');
  expect(
    resultOrigin(
      measured((m) => {
        TEST_CASES['a moved slice'](m);
        m.ears.right!.cochlea!.mask = 'edited';
      })
    )
  ).toBe('edited');
  const drawn = measured();
  for (const organ of [drawn.ears.left!.cochlea, drawn.ears.left!.vestibule]) organ!.mask = 'drawn';
  expect(resultOrigin(drawn)).toBe('edited');
  drawn.ears.right!.cochlea!.mask = 'drawn';
  expect(resultOrigin(drawn)).toBe('drawn');
});
