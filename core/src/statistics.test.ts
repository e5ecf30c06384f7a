import { randomNumbers } from '../test/testGrids';
import { lowerMedian, median, percentile } from './statistics';

// Against sorting, as the definitions have it.
const random = randomNumbers(11);
const SETS: [string, Float32Array][] = [
  ['one value', Float32Array.of(-3)],
  ['two', Float32Array.of(5, -1)],
  ['all the same', new Float32Array(701).fill(2)],
  ['many ties', Float32Array.from({ length: 2000 }, () => Math.floor(5 * random()) - 2)],
  ['many values', Float32Array.from({ length: 5001 }, () => 100 * random() - 50)],
];

describe.each(SETS)('of %s', (_, values) => {
  const before = [...values];
  const sorted = Float64Array.from(values).sort();

  test.each([0, 0.1, 0.5, 0.75, 0.995, 1])('the percentile of %f', (share) => {
    const at = share * (sorted.length - 1);
    const [low, high] = [Math.floor(at), Math.ceil(at)];
    const expected = sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
    expect(percentile(values, share)).toBe(expected);
  });

  test('the medians, and the values stay where they are', () => {
    expect(median(values)).toBe(percentile(values, 0.5));
    expect(lowerMedian(values)).toBe(sorted[(sorted.length - 1) >> 1]);
    expect([...values]).toEqual(before);
  });
});

test('of no value', () => {
  expect(percentile([], 0.5)).toBeNaN();
  expect(lowerMedian([])).toBe(0);
});
