import { paddingRange, type StoredBits } from './paddingRange';

const bits = (bitsStored: number, signed: boolean, bitsAllocated = 16): StoredBits => ({
  bitsAllocated,
  bitsStored,
  signed,
});

test.each<[string, StoredBits, number, number | null, [number, number]]>([
  ['as the pixels are', bits(16, true), -2000, null, [-2000, -2000]],
  ['without a sign on signed pixels', bits(16, true), 63536, null, [-2000, -2000]],
  ['with a sign on pixels that have none', bits(16, false), -2000, null, [63536, 63536]],
  ['in the word of signed pixels of 12 bits', bits(12, true), 63536, null, [-2000, -2000]],
  ['in the 12 bits themselves', bits(12, true), 2096, null, [-2000, -2000]],
  ['of 8 bits', bits(8, true, 8), 255, null, [-1, -1]],
  ['a range', bits(16, true), -2000, -1990, [-2000, -1990]],
  ['a range, the other way round', bits(16, true), -1990, -2000, [-2000, -1990]],
  ['a range without a sign', bits(16, true), 63536, 63546, [-2000, -1990]],
])('padding %s marks the pixels that its bits stand for', (_, format, value, limit, expected) => {
  const dataset = {
    PixelPaddingValue: value,
    ...(limit === null ? {} : { PixelPaddingRangeLimit: limit }),
  };
  const [from, to] = expected;
  expect(paddingRange(dataset, format)).toEqual({ from, to });
});

test('without a value a range limit alone marks nothing', () => {
  expect(paddingRange({ PixelPaddingRangeLimit: 0 }, bits(16, true))).toBeNull();
});
