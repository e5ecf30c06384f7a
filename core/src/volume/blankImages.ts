import { lowerMedian } from '../statistics';
import type { Volume } from '../types';

/**
 * Share of an image's pixels that may differ from the rest in a blank one: a corner mark or a few wrong pixels. The
 * least head that a slice can show is more.
 */
const MAX_DIFFERENT = 1e-3;
/** Pixels that the value of the rest is taken from. */
const SAMPLES = 101;

/**
 * Slices k that hold one single value, whatever it is: nothing was measured there. Cheap: an image with signal is
 * left after a few hundred pixels.
 */
export function blankSlices({ size: [columns, rows, slices], data }: Volume): number[] {
  const plane = columns * rows;
  const blank: number[] = [];
  for (let k = 0; k < slices; k++)
    if (isBlank(data.subarray(k * plane, (k + 1) * plane))) blank.push(k);
  return blank;
}

function isBlank(pixels: Float32Array): boolean {
  const sample = Array.from(
    { length: SAMPLES },
    (_, n) => pixels[Math.floor(((n + 0.5) * pixels.length) / SAMPLES)]!
  );
  const value = lowerMedian(sample);
  const most = MAX_DIFFERENT * pixels.length;
  let different = 0;
  for (const pixel of pixels) if (pixel !== value && ++different > most) return false;
  return true;
}
