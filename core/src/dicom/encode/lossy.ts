import type { NaturalizedDataset } from 'dcmjs';
import type { LossyCompression, Series } from '../../types';

/**
 * Lossy Image Compression (PS3.3 C.7.6.1.1.5) of an object that was made of series: once lossy, always marked so. Ratio
 * and method are those of the series that lost most, and absent where they are not known.
 */
export function lossyCompression(
  sources: readonly (Pick<Series, 'lossy'> | null | undefined)[]
): NaturalizedDataset {
  const known = sources.flatMap((series) => series?.lossy ?? []);
  const [first, ...others] = known;
  if (!first) return { LossyImageCompression: '00' };
  const { ratios, methods } = others.reduce(
    (most, next) => (loss(next) > loss(most) ? next : most),
    first
  );
  return {
    LossyImageCompression: '01',
    ...(ratios.length > 0 ? { LossyImageCompressionRatio: [...ratios] } : {}),
    ...(methods.length > 0 ? { LossyImageCompressionMethod: [...methods] } : {}),
  };
}

function loss({ ratios }: LossyCompression): number {
  return ratios.reduce((all, ratio) => all * ratio, 1);
}
