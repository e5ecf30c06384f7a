import {
  agreementOf,
  blandAltman,
  chanceOfAgreement,
  intraclassCorrelations,
  meanSquares,
  pearson,
  type Pair,
} from './agreement';
import { fProbability, fQuantile, tTwoSided } from './distributions';

// Shrout and Fleiss, Psychological Bulletin 1979, Table 2: six targets, four judges.
const JUDGES = [
  [9, 2, 5, 8],
  [6, 1, 3, 2],
  [8, 4, 6, 8],
  [7, 1, 2, 6],
  [10, 5, 6, 9],
  [6, 2, 4, 7],
];

// Bland and Altman, Lancet 1986: first peak flow by Wright meter and by mini meter, l/min.
const WRIGHT = [
  494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427,
];
const MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451];

describe('intraclass correlation', () => {
  it('has the mean squares and coefficients of Shrout and Fleiss', () => {
    const squares = meanSquares(JUDGES);
    expect(squares.targets).toBeCloseTo(11.24, 2);
    expect(squares.raters).toBeCloseTo(32.49, 2);
    expect(squares.error).toBeCloseTo(1.02, 2);
    const { absolute, consistency } = intraclassCorrelations(JUDGES);
    expect(absolute.value).toBeCloseTo(0.29, 2);
    expect(consistency.value).toBeCloseTo(0.71, 2);
  });

  it('has the 95 % intervals that R’s psych package gives for their table', () => {
    const { absolute, consistency } = intraclassCorrelations(JUDGES);
    expect(absolute.interval[0]).toBeCloseTo(0.019, 3);
    expect(absolute.interval[1]).toBeCloseTo(0.76, 2);
    expect(consistency.interval[0]).toBeCloseTo(0.34, 2);
    expect(consistency.interval[1]).toBeCloseTo(0.95, 2);
  });

  it('has the p-value that R’s psych package gives for their table', () => {
    expect(chanceOfAgreement(JUDGES)).toBeCloseTo(0.000135, 6);
  });

  it('is 1 for identical readings; a constant offset lowers absolute agreement only', () => {
    const same = [0.1, 0.4, 0.9].map((value): Pair => [value, value]);
    const offset = [0.1, 0.4, 0.9].map((value): Pair => [value, value + 0.3]);
    expect(agreementOf(same).icc21.value).toBeCloseTo(1, 9);
    expect(agreementOf(offset).icc21.value).toBeLessThan(0.9);
    expect(agreementOf(offset).icc31.value).toBeCloseTo(1, 9);
    expect(agreementOf(offset).blandAltman.bias.value).toBeCloseTo(0.3, 9);
  });
});

describe('limits of agreement', () => {
  it('are those of Bland and Altman’s peak flow example', () => {
    const pairs = WRIGHT.map((value, n): Pair => [MINI[n]!, value]);
    const { bias, standardDeviation, lower, upper } = blandAltman(pairs, 2);
    expect(bias.value).toBeCloseTo(-2.1, 1);
    expect(standardDeviation).toBeCloseTo(38.8, 1);
    expect(lower.value).toBeCloseTo(-79.7, 0);
    expect(upper.value).toBeCloseTo(75.5, 0);
    expect(bias.interval[0]).toBeCloseTo(-22.1, 0);
    expect(bias.interval[1]).toBeCloseTo(17.8, 0);
    expect(Math.abs(lower.interval[0] + 114.3)).toBeLessThan(0.6);
    expect(Math.abs(lower.interval[1] + 45.1)).toBeLessThan(0.6);
    expect(Math.abs(upper.interval[0] - 40.9)).toBeLessThan(0.6);
    expect(Math.abs(upper.interval[1] - 110.1)).toBeLessThan(0.6);
    expect(pearson(pairs).value).toBeCloseTo(0.94, 2);
  });
});

describe('distributions', () => {
  // Tables of critical values: F(0.95; 5, 15) = 2.90, F(0.975; 5, 15) = 3.58, t(0.975; 16) = 2.120.
  it('agree with printed tables', () => {
    expect(fQuantile(0.95, 5, 15)).toBeCloseTo(2.901, 3);
    expect(fQuantile(0.975, 5, 15)).toBeCloseTo(3.576, 3);
    expect(tTwoSided(0.95, 16)).toBeCloseTo(2.12, 3);
    expect(tTwoSided(0.95, 1)).toBeCloseTo(12.706, 3);
  });

  it('invert themselves', () => {
    for (const probability of [0.025, 0.5, 0.975])
      for (const [d1, d2] of [
        [1, 3],
        [59, 59],
        [119, 3.7],
      ] as const)
        expect(fProbability(fQuantile(probability, d1, d2), d1, d2)).toBeCloseTo(probability, 9);
  });
});
