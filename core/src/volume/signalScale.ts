import type { Series, SeriesHeader, Warning } from '../types';
import { describeSeries } from './describeSeries';

/** Scales that differ by less are one scale: the slopes are 32-bit floats and decimal strings. */
const SAME_SCALE = 1e-4;

/**
 * Factors that bring the slices of a stack onto the scale of the first, by Philips' Scale Slope; null where not every
 * slice states one. All are exactly 1 where the scale does not change.
 */
export function signalFactors(
  kept: readonly { slice: { valuePerSignal?: number } }[]
): number[] | null {
  const scales = kept.map(({ slice }) => slice.valuePerSignal);
  if (!scales.every((scale) => scale !== undefined)) return null;
  return scales.map((scale) => factorOf(scales[0]! / scale));
}

export function scaleWarnings(header: SeriesHeader, factors: readonly number[] | null): Warning[] {
  const changed = (factors ?? []).filter((factor) => factor !== 1).length;
  if (changed === 0) return [];
  return [
    {
      code: 'scale-slope-used',
      message:
        `${changed} slices of ${describeSeries(header)} are stored on another scale than the first: they were ` +
        'brought onto its scale by Scale Slope (2005,100E).',
      ear: null,
      values: { series: header.seriesInstanceUid, slices: changed },
    },
  ];
}

/**
 * PEI on the scale of PPI: the zero of their difference parts the fluids only where one unit means the same signal in
 * both. Philips scales each series for display and states by how much (Scale Slope (2005,100E)); other vendors' series,
 * and those that are on one scale, are handed back as they are.
 */
export function onScaleOf(ppi: Series, pei: Series): { pei: Series; warnings: Warning[] } {
  const { valuePerSignal: wanted } = ppi;
  const { valuePerSignal: stored } = pei;
  const factor = wanted && stored ? factorOf(wanted / stored) : 1;
  if (factor === 1) return { pei, warnings: [] };
  const { volume, header } = pei;
  const data = volume.data.map((value) => factor * value);
  const shown = Number(factor.toPrecision(4));
  return {
    pei: { ...pei, valuePerSignal: wanted, volume: { ...volume, data } },
    warnings: [
      {
        code: 'scale-slope-used',
        message:
          `Rescale Slope (0028,1053) leaves ${describeSeries(ppi.header)} and ${describeSeries(header)} on scales of ` +
          `their own; by Philips’ Scale Slope (2005,100E) the values of the latter were multiplied by ${shown}, so ` +
          'that both are on one scale.',
        ear: null,
        values: { series: header.seriesInstanceUid, factor: shown },
      },
    ],
  };
}

function factorOf(ratio: number): number {
  return Math.abs(ratio - 1) < SAME_SCALE ? 1 : ratio;
}
