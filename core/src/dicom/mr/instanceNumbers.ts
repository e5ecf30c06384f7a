import type { SliceSource } from '../../types';

/**
 * Instance Numbers (0020,0013) for a series derived from MRC slice by slice: those of MRC's images, or of their
 * frames where MRC is one multi-frame image, so that "image 25" is the same slice in every series. Where MRC's
 * numbers are missing or repeat, the slices are counted from 1.
 */
export function derivedInstanceNumbers(
  sources: readonly Pick<SliceSource, 'instanceNumber' | 'frameNumber'>[]
): number[] {
  const numbers = sources.map(({ instanceNumber, frameNumber }) => frameNumber ?? instanceNumber);
  const known = numbers.filter((number) => number !== null);
  const isUsable = known.length === sources.length && new Set(known).size === known.length;
  return isUsable ? known : sources.map((_, k) => k + 1);
}
