/** Pairs of ratios: measured in the true ROI and in the found one. */
export type Pair = readonly [reference: number, measured: number];

export interface Agreement {
  count: number;
  /** ICC(2,1), two-way random effects, absolute agreement, single rater (Shrout and Fleiss, 1979). */
  icc: number;
  /** Bland–Altman: mean difference (measured − reference) and its 95 % limits. */
  bias: number;
  limits: [number, number];
}

/** Agreement of two raters over the same targets; NaN where fewer than two pairs are given. */
export function agreementOf(pairs: readonly Pair[]): Agreement {
  const n = pairs.length;
  const k = 2;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const all = pairs.flatMap(([a, b]) => [a, b]);
  const grand = mean(all);
  const rows = pairs.map(([a, b]) => (a + b) / 2);
  const columns = [0, 1].map((rater) => mean(pairs.map((pair) => pair[rater])));
  const square = (value: number) => value * value;
  const total = all.reduce((sum, value) => sum + square(value - grand), 0);
  const betweenTargets = k * rows.reduce((sum, value) => sum + square(value - grand), 0);
  const betweenRaters = n * columns.reduce((sum, value) => sum + square(value - grand), 0);
  const targets = betweenTargets / (n - 1);
  const raters = betweenRaters / (k - 1);
  const error = (total - betweenTargets - betweenRaters) / ((n - 1) * (k - 1));
  const icc = (targets - error) / (targets + (k - 1) * error + (k * (raters - error)) / n);
  const differences = pairs.map(([a, b]) => b - a);
  const bias = mean(differences);
  const deviation = Math.sqrt(
    differences.reduce((sum, value) => sum + square(value - bias), 0) / (n - 1)
  );
  return { count: n, icc, bias, limits: [bias - 1.96 * deviation, bias + 1.96 * deviation] };
}
