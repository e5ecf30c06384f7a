import quickselect from 'quickselect';

/** Value below which the given share of the values lies; linear between neighbours. NaN of none. Not in place. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const copy = Float64Array.from(values);
  if (copy.length === 0) return NaN;
  const at = share * (copy.length - 1);
  const low = Math.floor(at);
  const below = smallest(copy, low);
  if (at === low) return below;
  const above = copy.subarray(low + 1).reduce((least, value) => (value < least ? value : least));
  return below + (at - low) * (above - below);
}

export function median(values: ArrayLike<number>): number {
  return percentile(values, 0.5);
}

/** The middle value, the lower of two: always one of the values. 0 of none. */
export function lowerMedian(values: ArrayLike<number>): number {
  const copy = Float64Array.from(values);
  return copy.length === 0 ? 0 : smallest(copy, (copy.length - 1) >> 1);
}

/** The value that stands at `rank` (0 is the least) once sorted; in place, with no lesser value behind it. */
function smallest(values: Float64Array, rank: number): number {
  quickselect(values, rank);
  return values[rank]!;
}

/**
 * An estimate to six decimals. JavaScript engines differ in the last bits of `exp` and `log`; beyond
 * rounding, a browser and Node give the same measurement.
 */
export function roundEstimate(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** Standard normal distribution function (Abramowitz & Stegun 7.1.26; error below 1e-7). */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(x) / Math.SQRT2));
  const poly =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp((-x * x) / 2);
  return x >= 0 ? 0.5 * (1 + erf) : 0.5 * (1 - erf);
}
