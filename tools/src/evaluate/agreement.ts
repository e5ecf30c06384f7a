import { itemAt } from '@inner-ear-hydrops/core';
import { fProbability, fQuantile, tTwoSided } from './distributions';

/** A pair of ratios: in the annotated ROI and in the found ROI. */
export type Pair = readonly [reference: number, measured: number];
export type Interval = [low: number, high: number];

/** An estimate with its 95 % confidence interval. */
export interface Estimate {
  value: number;
  interval: Interval;
}

/** Mean squares of a two-way analysis of variance, one rating a cell. */
export interface MeanSquares {
  targets: number;
  raters: number;
  error: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const square = (value: number): number => value * value;

/** @param ratings one row a target, one column a rater */
export function meanSquares(ratings: readonly (readonly number[])[]): MeanSquares {
  const n = ratings.length;
  const k = itemAt(ratings, 0).length;
  const all = ratings.flat();
  const grand = mean(all);
  const total = all.reduce((sum, value) => sum + square(value - grand), 0);
  const betweenTargets = k * ratings.reduce((sum, row) => sum + square(mean(row) - grand), 0);
  const columns = Array.from({ length: k }, (_, rater) => mean(ratings.map((row) => row[rater]!)));
  const betweenRaters = n * columns.reduce((sum, value) => sum + square(value - grand), 0);
  return {
    targets: betweenTargets / (n - 1),
    raters: betweenRaters / (k - 1),
    error: Math.max(0, total - betweenTargets - betweenRaters) / ((n - 1) * (k - 1)),
  };
}

/**
 * Intraclass correlation coefficients of single ratings with 95 % intervals: ICC(2,1), two-way random
 * effects, absolute agreement, and ICC(3,1), two-way mixed effects, consistency (Shrout and Fleiss,
 * Psychological Bulletin 1979; intervals by the F distribution, also in McGraw and Wong 1996).
 * NaN for fewer than two targets or ratings that are all equal.
 */
export function intraclassCorrelations(ratings: readonly (readonly number[])[]): {
  absolute: Estimate;
  consistency: Estimate;
} {
  const n = ratings.length;
  if (n < 2) return { absolute: unknown(), consistency: unknown() };
  const k = itemAt(ratings, 0).length;
  const squares = meanSquares(ratings);
  return { absolute: absoluteAgreement(squares, n, k), consistency: consistency(squares, n, k) };
}

function consistency({ targets, error }: MeanSquares, n: number, k: number): Estimate {
  const value = (targets - error) / (targets + (k - 1) * error);
  if (error === 0) return { value, interval: [value, value] };
  const [d1, d2] = [n - 1, (n - 1) * (k - 1)];
  const f = targets / error;
  const low = f / fQuantile(0.975, d1, d2);
  const high = f * fQuantile(0.975, d2, d1);
  return { value, interval: [(low - 1) / (low + k - 1), (high - 1) / (high + k - 1)] };
}

function absoluteAgreement(squares: MeanSquares, n: number, k: number): Estimate {
  const { targets, raters, error } = squares;
  const value = (targets - error) / (targets + (k - 1) * error + (k * (raters - error)) / n);
  if (value >= 1 || (error === 0 && raters === 0)) return { value, interval: [value, value] };
  const a = (k * value) / (n * (1 - value));
  const b = 1 + (k * value * (n - 1)) / (n * (1 - value));
  const degrees =
    square(a * raters + b * error) /
    (square(a * raters) / (k - 1) + square(b * error) / ((n - 1) * (k - 1)));
  const f1 = fQuantile(0.975, n - 1, degrees);
  const f2 = fQuantile(0.975, degrees, n - 1);
  const rest = k * raters + (k * n - k - n) * error;
  return {
    value,
    interval: [
      (n * (targets - f1 * error)) / (f1 * rest + n * targets),
      (n * (f2 * targets - error)) / (rest + n * f2 * targets),
    ],
  };
}

/** Pearson's correlation with its interval by Fisher's transformation. */
export function pearson(pairs: readonly Pair[]): Estimate {
  if (pairs.length < 3) return unknown();
  const [x, y] = [mean(pairs.map((pair) => pair[0])), mean(pairs.map((pair) => pair[1]))];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [a, b] of pairs) {
    xy += (a - x) * (b - y);
    xx += square(a - x);
    yy += square(b - y);
  }
  const value = xy / Math.sqrt(xx * yy);
  const reach = 1.959964 / Math.sqrt(pairs.length - 3);
  const z = Math.atanh(Math.min(value, 1 - 1e-15));
  const interval: Interval =
    pairs.length > 3 ? [Math.tanh(z - reach), Math.tanh(z + reach)] : [-1, 1];
  return { value, interval };
}

export interface BlandAltman {
  /** Mean of measured − reference. */
  bias: Estimate;
  standardDeviation: number;
  /** bias ± `factor` standard deviations, each with its interval. */
  lower: Estimate;
  upper: Estimate;
}

/**
 * Limits of agreement (Bland and Altman, Lancet 1986) with 95 % intervals by the t distribution; the
 * standard error of a limit is √(3/n) standard deviations, as in the paper.
 * @param factor 1.96; the paper's own example takes 2
 */
export function blandAltman(pairs: readonly Pair[], factor = 1.96): BlandAltman {
  const n = pairs.length;
  if (n < 2) return { bias: unknown(), standardDeviation: NaN, lower: unknown(), upper: unknown() };
  const differences = pairs.map(([reference, measured]) => measured - reference);
  const bias = mean(differences);
  const standardDeviation = Math.sqrt(
    differences.reduce((sum, value) => sum + square(value - bias), 0) / (n - 1)
  );
  const t = tTwoSided(0.95, n - 1);
  const around = (value: number, error: number): Estimate => ({
    value,
    interval: [value - t * error, value + t * error],
  });
  const ofLimit = standardDeviation * Math.sqrt(3 / n);
  return {
    bias: around(bias, standardDeviation / Math.sqrt(n)),
    standardDeviation,
    lower: around(bias - factor * standardDeviation, ofLimit),
    upper: around(bias + factor * standardDeviation, ofLimit),
  };
}

/**
 * Probability of ratings that agree this well when targets do not differ (F test of both coefficients
 * against 0: mean square of targets over that of error, Shrout and Fleiss 1979).
 */
export function chanceOfAgreement(ratings: readonly (readonly number[])[]): number {
  const n = ratings.length;
  if (n < 2) return NaN;
  const { targets, error } = meanSquares(ratings);
  const degrees = n - 1;
  if (error === 0) return targets > 0 ? 0 : NaN;
  return 1 - fProbability(targets / error, degrees, degrees * (itemAt(ratings, 0).length - 1));
}

export interface Agreement {
  count: number;
  /** p-value of the ICC, see `chanceOfAgreement`. */
  chance: number;
  icc21: Estimate;
  icc31: Estimate;
  pearson: Estimate;
  blandAltman: BlandAltman;
}

/** Everything at once, of the same targets. */
export function agreementOf(pairs: readonly Pair[]): Agreement {
  const { absolute, consistency: relative } = intraclassCorrelations(pairs);
  return {
    count: pairs.length,
    chance: chanceOfAgreement(pairs),
    icc21: absolute,
    icc31: relative,
    pearson: pearson(pairs),
    blandAltman: blandAltman(pairs),
  };
}

function unknown(): Estimate {
  return { value: NaN, interval: [NaN, NaN] };
}
