import type { Series, SliceSource, Matrix3 } from '../types';
import { TEST_GRID, testSeries, testVolume } from '../../test/testSeries';
import { axialGrid } from '../../test/testGrids';
import { derivedInstanceNumbers } from '../dicom/mr/instanceNumbers';
import { checkStudy } from './checkStudy';
import { imageName, imagesOf, sliceOfImage } from './imageName';

const volume = testVolume((i, j, k) => 10 + i + j + k);
function numbered(numbers: (number | null)[], changes: Partial<SliceSource>[] = []): Series {
  const series = testSeries('MRC', volume);
  return {
    ...series,
    sources: series.sources.map((source, k) => ({
      ...source,
      instanceNumber: numbers[k] ?? null,
      ...changes[k],
    })),
  };
}
const namesOf = (series: Series) => imagesOf(series).map(imageName);
const codesOf = (mrc: Series) =>
  checkStudy(
    { mrc, ppi: testSeries('PPI', volume), pei: testSeries('PEI', volume) },
    'hydrops-mi2'
  );

test('numbers that tell the images apart name them, whatever their order', () => {
  const series = numbered([9, 4, 25, 1, 7, 2]);
  expect(namesOf(series)[2]).toBe('series 1, image 25');
  expect(imagesOf(series).every(({ byPosition }) => byPosition === undefined)).toBe(true);
  expect(codesOf(series)).toEqual([]);
});

test.each<[string, (number | null)[], string]>([
  ['are all equal', [1, 1, 1, 1, 1, 1], '(1 different number, 0 without one)'],
  ['are absent', [null, null, null, null, null, null], '(0 different numbers, 6 without one)'],
  ['repeat', [1, 2, 3, 3, 4, 5], '(5 different numbers, 0 without one)'],
  ['are absent on one image', [1, 2, 3, 4, 5, null], '(5 different numbers, 1 without one)'],
])(
  'where they %s, each slice has a name of its own by its place, and a warning says so',
  (_, numbers, says) => {
    const series = numbered(numbers);
    const names = namesOf(series);
    expect(new Set(names).size).toBe(6);
    expect(names[0]).toBe('series 1, slice 1 of 6 from the feet');
    expect(names[5]).toBe('series 1, slice 6 of 6 from the feet');
    const [warning, ...others] = codesOf(series);
    expect(others).toEqual([]);
    expect(warning?.code).toBe('instance-numbers-ambiguous');
    expect(warning?.message).toContain(says);
    // The derived series count alike, so that "slice 3" is their image 3.
    expect(derivedInstanceNumbers(series.sources)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(imagesOf(series)[3]!.instanceNumber).toBe(numbers[3]);
    expect(sliceOfImage(imagesOf(series), imagesOf(series)[4]!)).toBe(4);
  }
);

test('frames of a multi-frame image share its number and are told apart', () => {
  const frames = Array.from({ length: 6 }, (_, k) => ({
    frameNumber: k + 1,
    sopInstanceUid: '2.25.9',
  }));
  const series = numbered([1, 1, 1, 1, 1, 1], frames);
  expect(namesOf(series)[4]).toBe('series 1, image 1, frame 5');
  expect(codesOf(series)).toEqual([]);
  // Two such images with frames 1 to 3 each are not.
  const twice = frames.map((_, k) => ({
    frameNumber: (k % 3) + 1,
    sopInstanceUid: `2.25.${k}`,
  }));
  expect(namesOf(numbered([1, 1, 1, 1, 1, 1], twice))[4]).toBe(
    'series 1, slice 5 of 6 from the feet'
  );
});

test('the place is counted from the end where the stack begins', () => {
  const towards = (direction: Matrix3) => {
    const grid = { ...axialGrid(TEST_GRID.size, [1, 1, 1], [0, 0, 0]), direction };
    const series = { ...numbered([1, 1, 1, 1, 1, 1]), volume: testVolume(() => 1, grid) };
    return imagesOf(series)[0]!.byPosition?.from;
  };
  expect(towards([1, 0, 0, 0, 1, 0, 0, 0, 1])).toBe('the feet');
  expect(towards([1, 0, 0, 0, -1, 0, 0, 0, -1])).toBe('the head');
  expect(towards([1, 0, 0, 0, 0, -1, 0, 1, 0])).toBe('the front');
  expect(towards([0, 1, 0, 0, 0, -1, -1, 0, 0])).toBe('the patient’s left');
});
