import { readPart10 } from '../encode/readPart10';
import { asMultiFrame, testSeries, testVolume } from '../../../test/testSeries';
import { encodeDerivedSeries } from './encodeDerivedSeries';
import { derivedInstanceNumbers } from './instanceNumbers';

const volume = testVolume((i, j) => i - j);
const [mrc, ppi, pei] = (['MRC', 'PPI', 'PEI'] as const).map((name) =>
  testSeries(name, volume)
) as [ReturnType<typeof testSeries>, ReturnType<typeof testSeries>, ReturnType<typeof testSeries>];

const numbersOf = (source: typeof mrc): number[] =>
  encodeDerivedSeries({
    ...{
      kind: 'hydrops-mi2',
      method: 'hydrops-mi2',
      volume,
      mrc: source,
      ppi,
      pei,
      created: new Date(0),
    },
  }).map(({ file }) => Number(readPart10(file).dataset.InstanceNumber));

test('an image has the Instance Number of the MRC image of its slice', () => {
  expect(numbersOf(mrc)).toEqual([29, 27, 25, 23, 21, 19]);
});

test('or the number of its frame, where MRC is one multi-frame image', () => {
  expect(numbersOf(asMultiFrame(mrc))).toEqual([6, 5, 4, 3, 2, 1]);
});

test('numbers that are missing or repeat are replaced: within a series each number occurs once', () => {
  expect(derivedInstanceNumbers([{ instanceNumber: 4 }, { instanceNumber: null }])).toEqual([1, 2]);
  expect(derivedInstanceNumbers([{ instanceNumber: 4 }, { instanceNumber: 4 }])).toEqual([1, 2]);
  expect(
    derivedInstanceNumbers([
      { instanceNumber: 1, frameNumber: 1 },
      { instanceNumber: 2, frameNumber: 1 },
    ])
  ).toEqual([1, 2]);
  expect(derivedInstanceNumbers([{ instanceNumber: 9 }, { instanceNumber: 0 }])).toEqual([9, 0]);
});
