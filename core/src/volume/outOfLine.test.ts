import { firstItems } from '../items';
import { axialGrid, randomNumbers, volumeOf } from '../../test/testGrids';
import type { Volume } from '../types';
import { blankSlices } from './blankImages';
import { slicesOutOfLine } from './outOfLine';

/** Anatomy that all series share, under noise of their own; much of it no more than noise. */
const grid = axialGrid([40, 30, 30], [0.5, 0.5, 1]);
function head(seed: number, change: (k: number, value: number) => number = (_, v) => v): Volume {
  const random = randomNumbers(seed);
  return volumeOf(grid, ([x, y, z]) => {
    const tissue = Math.hypot(x - 8, y - 7 + z / 6) < 5 ? 60 + 30 * Math.sin(x + z / 2) : 0;
    return change(Math.round(z), tissue + 10 + 20 * random());
  });
}
const found = (...volumes: Volume[]): Record<number, number>[] =>
  slicesOutOfLine(volumes.map((volume) => ({ volume, blank: new Set(blankSlices(volume)) }))).map(
    (factors) =>
      Object.fromEntries([...factors].map(([k, factor]) => [k, Number(factor.toFixed(1))]))
  );
const on =
  (slices: number[], factor: number, offset = 0) =>
  (k: number, value: number): number =>
    slices.includes(k) ? factor * value + offset : value;

test.each([0.5, 0.7, 1.5, 2])('a slice times %d is found, in its own series alone', (factor) => {
  expect(found(head(1), head(2, on([12], factor)), head(3))).toEqual([{}, { 12: factor }, {}]);
  expect(found(head(1, on([12], factor)), head(2))).toEqual([{ 12: factor }, {}]);
  // A series on a grid of its own stands alone.
  expect(found(head(2, on([12], factor)))).toEqual([{ 12: factor }]);
});

test('a slice of which one step is small and the other large is one slice', () => {
  // 1.2 lies between the two: the noise of the slices decides which of the steps is larger.
  for (let seed = 2; seed < 12; seed++) {
    const [, odd] = firstItems(found(head(1), head(seed, on([12], 1.21)), head(20)), 2);
    expect([{}, { 12: 1.2 }]).toContainEqual(odd);
  }
});

test('so are several in a row, those at the ends, and an offset', () => {
  const run = { 7: 0.5, 8: 0.5, 9: 0.5 };
  expect(found(head(1), head(2), head(3, on([7, 8, 9], 0.5)))).toEqual([{}, {}, run]);
  expect(found(head(1), head(2, on([0, 29], 2)), head(3))).toEqual([{}, { 0: 2, 29: 2 }, {}]);
  const [, offset] = firstItems(found(head(1), head(2, on([20], 1, 40)), head(3)), 2);
  expect(Object.keys(offset)).toEqual(['20']);
});

test('anatomy, masked air and a slab’s profile are no fault', () => {
  expect(found(head(1), head(2), head(3))).toEqual([{}, {}, {}]);
  const masked = (_: number, value: number): number => (value < 22 ? 0 : value);
  expect(found(head(1, masked), head(2, masked), head(3))).toEqual([{}, {}, {}]);
  const profile = (k: number, value: number): number =>
    value * ([0.35, 0.55, 0.75, 0.88, 0.96][Math.min(k, 29 - k)] ?? 1);
  expect(found(head(1, profile), head(2, profile), head(3, profile))).toEqual([{}, {}, {}]);
  // MRC's slab may end elsewhere.
  expect(found(head(1, profile), head(2), head(3))).toEqual([{}, {}, {}]);
  expect(found(head(1), head(2, profile))).toEqual([{}, {}]);
  // What all series share is anatomy.
  const all = on([15], 0.7);
  expect(found(head(1, all), head(2, all), head(3, all))).toEqual([{}, {}, {}]);
});

test('a blank image has no brightness, and its neighbours keep theirs', () => {
  const blank = head(2, on([10, 11], 0, 7));
  expect(blankSlices(blank)).toEqual([10, 11]);
  expect(found(head(1), blank, head(3))).toEqual([{}, {}, {}]);
});

test('zeros with some signal, and a marked corner, are told apart', () => {
  const masked = head(1, (_, value) => (value < 60 ? 0 : value));
  expect(blankSlices(masked)).toEqual([]);
  const blank = head(1, on([3], 0));
  blank.data[3 * 1200 + 5] = 255;
  expect(blankSlices(blank)).toEqual([3]);
});
