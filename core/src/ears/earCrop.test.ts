import { valueOfRank } from './earCrop';

describe('valueOfRank', () => {
  it('is what sorting puts there, for negative, equal and tiny values too', () => {
    const values = Float32Array.from({ length: 3000 }, (_, n) =>
      n % 5 === 0 ? 0 : n % 7 === 0 ? -0.25 : Math.sin(n) * 10 ** ((n % 9) - 4)
    );
    const sorted = values.slice().sort();
    for (let rank = 0; rank < values.length; rank += 13)
      expect(valueOfRank(values, rank)).toBeCloseTo(sorted[rank]!, 10);
    expect(valueOfRank(values, values.length - 1)).toBe(sorted[values.length - 1]);
  });

  it('is 0 of no values', () => expect(valueOfRank(new Float32Array(), 0)).toBe(0));
});
