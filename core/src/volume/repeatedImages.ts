import type { Volume } from '../types';

/** Pixels by which images that may be equal are found. */
const SAMPLES = 101;

/**
 * Slices k whose pixels are those of another slice, to the last one: noise makes no two images alike, so one of them is not
 * the image of its place. Both are named, since nothing tells which.
 *
 * @param besides slices that are judged already, such as blank ones
 */
export function repeatedSlices(
  { size: [columns, rows, slices], data }: Volume,
  besides: ReadonlySet<number>
): number[] {
  const plane = columns * rows;
  const pixels = (k: number): Float32Array => data.subarray(k * plane, (k + 1) * plane);
  const alike = new Map<string, number[]>();
  for (let k = 0; k < slices; k++) {
    if (besides.has(k)) continue;
    const image = pixels(k);
    const key = Array.from(
      { length: SAMPLES },
      (_, n) => image[Math.floor(((n + 0.5) * plane) / SAMPLES)]
    ).join();
    alike.set(key, [...(alike.get(key) ?? []), k]);
  }
  return [...alike.values()]
    .flatMap((group) =>
      group.filter((k) => group.some((other) => other !== k && areEqual(pixels(k), pixels(other))))
    )
    .sort((a, b) => a - b);
}

function areEqual(a: Float32Array, b: Float32Array): boolean {
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}
