import type { LossyCompression, SeriesHeader, SliceInput, Warning } from '../types';
import { describeSeries } from './describeSeries';

const METHODS: Record<string, string> = {
  ISO_10918_1: 'JPEG',
  ISO_14495_1: 'near-lossless JPEG-LS',
  ISO_15444_1: 'JPEG 2000',
  ISO_15444_15: 'High-Throughput JPEG 2000',
};

/** Of the image that lost most by its ratio; null where none is known to have lost anything. */
export function mostLossy(images: readonly Pick<SliceInput, 'lossy'>[]): LossyCompression | null {
  const known = images.flatMap(({ lossy }) => lossy ?? []);
  const loss = ({ ratios }: LossyCompression): number =>
    ratios.reduce((all, factor) => all * factor, 1);
  return known.reduce<LossyCompression | null>(
    (most, next) => (most && loss(most) >= loss(next) ? most : next),
    null
  );
}

/** `lossy-compression`, or none. */
export function lossyWarnings(
  header: SeriesHeader,
  images: readonly Pick<SliceInput, 'lossy'>[]
): Warning[] {
  const known = images.flatMap(({ lossy }) => lossy ?? []);
  const most = mostLossy(images);
  if (!most) return [];
  const methods = [...new Set(known.flatMap(({ methods: own }) => own))].sort();
  const ratio = most.ratios.reduce((all, factor) => all * factor, 1);
  const how = [
    methods.map((method) => METHODS[method] ?? method).join(', '),
    most.ratios.length > 0 ? `ratio up to ${Number(ratio.toPrecision(3))}` : '',
  ].filter(Boolean);
  const unstated = known.filter(({ isStated }) => !isStated).length;
  const some =
    known.length === images.length
      ? `All ${images.length}`
      : `${known.length} of the ${images.length}`;
  return [
    {
      code: 'lossy-compression',
      message:
        `${some} images of ${describeSeries(header)} were compressed with loss${how.length > 0 ? ` (${how.join('; ')})` : ''}: ` +
        'their values are not those that the scanner measured, and the border between the fluids may have moved.' +
        (unstated > 0
          ? ` Lossy Image Compression (0028,2110) of ${unstated} of them does not say so; their streams do.`
          : ''),
      ear: null,
      values: {
        series: header.seriesInstanceUid,
        images: known.length,
        ...(most.ratios.length > 0 ? { ratio: Number(ratio.toPrecision(4)) } : {}),
        ...(methods.length > 0 ? { methods: methods.join(',') } : {}),
      },
    },
  ];
}
