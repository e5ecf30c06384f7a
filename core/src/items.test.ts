import { firstItems, itemAt } from './items';

test('an item of a list, from its start or its end', () => {
  expect(itemAt(['a', 'b', 'c'], 0)).toBe('a');
  expect(itemAt(['a', 'b', 'c'], -1)).toBe('c');
  expect(itemAt(Float32Array.of(1, 2), 1)).toBe(2);
  expect(itemAt([undefined], 0)).toBeUndefined();
});

test('an item that is not there is an error with place and length, not undefined', () => {
  expect(() => itemAt(['a'], 1)).toThrow('No item 1 in a list of 1.');
  expect(() => itemAt([], -1)).toThrow('No item -1 in a list of 0.');
  expect(() => itemAt(['a'], NaN)).toThrow(RangeError);
});

test('the first items of a list or a map; too few are an error', () => {
  const [a, b] = firstItems(new Set([4, 5, 6]), 2);
  expect([a, b]).toEqual([4, 5]);
  expect(() => firstItems(['a'], 2)).toThrow('1 items where 2 are wanted.');
});
