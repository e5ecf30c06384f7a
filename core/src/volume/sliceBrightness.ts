import { median } from '../statistics';
import type { Volume } from '../types';

/** Pixel pairs looked at in two neighbouring slices: the median of noise alone is then known within 2 %. */
const SAMPLES = 5000;
/** Fewest pairs to judge by. */
const MIN_PAIRS = 200;

/**
 * How brightness changes from slice to slice: the median over the pixels of ln(value / value of the same pixel one slice
 * before). A factor on an image moves signal and noise alike, and so this median by its logarithm, while
 * anatomy moves few pixels, either way. Zero and negative pixels (masks, padding) are left out.
 *
 * @param skip slices k that hold no signal; the slice behind them is compared with the one before
 * @returns one entry a slice; null for the first and where too few pixels hold signal
 */
export function brightnessSteps(
  { size: [columns, rows, slices], data }: Volume,
  skip: ReadonlySet<number>
): (number | null)[] {
  const plane = columns * rows;
  const step = Math.max(1, Math.floor(plane / SAMPLES)) | 1;
  const steps = new Array<number | null>(slices).fill(null);
  let before: number | null = null;
  for (let k = 0; k < slices; k++) {
    if (skip.has(k)) continue;
    if (before !== null) {
      const quotients: number[] = [];
      for (let n = k % step; n < plane; n += step) {
        const [a, b] = [data[before * plane + n]!, data[k * plane + n]!];
        if (a > 0 && b > 0) quotients.push(b / a);
      }
      if (quotients.length >= MIN_PAIRS) steps[k] = Math.log(median(quotients));
    }
    before = k;
  }
  return steps;
}
