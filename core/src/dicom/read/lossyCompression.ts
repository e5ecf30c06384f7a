import type { LossyCompression } from '../../types';
import type { StreamHeader } from './streamHeader';
import { ifReadable, numbersOf, stringOf, stringsOf, type Dataset } from './values';

/** What the file says of its lossy compression (PS3.3 C.7.6.1.1.5); null where it does not say that there was one. */
export function lossyByHeader(dataset: Dataset): LossyCompression | null {
  if (stringOf(dataset, 'LossyImageCompression') !== '01') return null;
  return {
    ratios: ifReadable(() => numbersOf(dataset, 'LossyImageCompressionRatio'), []),
    methods: stringsOf(dataset, 'LossyImageCompressionMethod').filter((method) => method !== ''),
    isStated: true,
  };
}

/**
 * Header and stream together: what the header states counts whole; a stream that is lossy although the header does
 * not say so adds its own step.
 *
 * @param stored bytes of the frame's pixels before compression
 * @param compressed bytes of its stream
 */
export function lossyOf(
  header: LossyCompression | null | undefined,
  stream: Pick<StreamHeader, 'lossy' | 'method'> | null,
  stored: number,
  compressed: number
): LossyCompression | null {
  if (!stream?.lossy) return header ?? null;
  const ratio = Number((stored / Math.max(1, compressed)).toPrecision(4));
  return {
    ratios: header?.ratios.length ? header.ratios : [ratio],
    methods: header?.methods.length ? header.methods : [stream.method],
    isStated: header?.isStated ?? false,
  };
}
