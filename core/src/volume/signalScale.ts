import type { Series, SeriesHeader, SliceInput, ValueScale, Warning } from '../types';
import { capital, describeSeries, refuseSeries } from './describeSeries';
import { nameSlice } from './sliceName';

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

/**
 * The images of a stack are scaled alike: one of them without a slope beside others with one is that many times too
 * bright. Slopes may differ, since each image states its own.
 *
 * @throws RefusedInputError `scale-mixed`
 */
export function requireOneScale(header: SeriesHeader, images: readonly SliceInput[]): void {
  const scaled = images.flatMap((image) => (image.scale ? [{ image, scale: image.scale }] : []));
  // Without a slope values are read as stored, which slopes of 1 state too.
  const isStored = ({ source, slope }: ValueScale): boolean =>
    source === 'stored' || (source === 'rescale' && Number(slope) === 1);
  const scaleKind = (scale: ValueScale): string =>
    scaled.every((image) => isStored(image.scale)) ? 'stored' : `${scale.source} ${scale.units}`;
  const differing =
    unlike(scaled, scaleKind, scaleName) ??
    (scaled.some(({ scale }) => Number(scale.intercept))
      ? unlike(
          scaled,
          hasIntercept,
          ({ intercept }) => `Rescale Intercept (0028,1052) is ${intercept}`
        )
      : null);
  if (!differing) return;
  throw refuseSeries(
    'scale-mixed',
    header,
    `its images are not scaled alike: ${differing.sentence}.`,
    'Export the series again, with Rescale Slope and Intercept (0028,1053 and 0028,1052) in each image.',
    { images: differing.images }
  );
}

interface ScaledImage {
  image: SliceInput;
  scale: ValueScale;
}

function hasIntercept({ source, intercept }: ValueScale): string {
  return source === 'real-world' || Number.isFinite(Number(intercept)) ? 'stated' : 'not stated';
}

/** The rarer kind of image beside the more frequent one, in words; null where all are of one kind. */
function unlike(
  images: readonly ScaledImage[],
  kindOf: (scale: ValueScale) => string,
  words: (scale: ValueScale) => string
): { sentence: string; images: number } | null {
  const kinds = new Map<string, ScaledImage[]>();
  for (const image of images) {
    const kind = kindOf(image.scale);
    kinds.set(kind, [...(kinds.get(kind) ?? []), image]);
  }
  const [most, fewer] = [...kinds.values()].sort((a, b) => b.length - a.length);
  const [usual, other] = [most?.[0], fewer?.[0]];
  if (!most || !fewer || !usual || !other) return null;
  const more = fewer.length > 1 ? ` and ${fewer.length - 1} more` : '';
  return {
    sentence:
      `${words(other.scale)} in ${nameSlice(other.image)}${more}; ${words(usual.scale)} in ` +
      `${nameSlice(usual.image)}${most.length > 1 ? `, and likewise stated in ${most.length - 1} more` : ''}`,
    images: fewer.length,
  };
}

/** As a clause: `Rescale Slope (0028,1053) is empty`. */
function scaleName({ source, slope, units }: ValueScale): string {
  const rescale = `Rescale Slope (0028,1053) is ${slope}`;
  if (source !== 'real-world') return rescale;
  return `${rescale} and Real World Value Mapping (0040,9096) is used, ${units ? `unit ${units}` : 'without a unit'},`;
}

/** `real-world-values-used`, or none. */
export function mappingWarnings(header: SeriesHeader, images: readonly SliceInput[]): Warning[] {
  const scale = images[0]?.scale;
  if (scale?.source !== 'real-world') return [];
  return [
    {
      code: 'real-world-values-used',
      message:
        `${capital(describeSeries(header))} has no Rescale Slope (0028,1053): its values were scaled by Real World Value ` +
        `Mapping (0040,9096), ${scale.units ? `unit ${scale.units}` : 'which states no unit'}.`,
      ear: null,
      values: { series: header.seriesInstanceUid, units: scale.units },
    },
  ];
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
  if (factor === 1) return { pei, warnings: wanted && stored ? [] : unlikeScales(ppi, pei) };
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

/**
 * `scaling-unusual` where one of the two is scaled by Real World Value Mapping and the other is not, or to another unit:
 * one unit then means different signals, and zero is no border.
 */
function unlikeScales(ppi: Series, pei: Series): Warning[] {
  const [a, b] = [ppi.scale, pei.scale];
  if (!a || !b || (a.source !== 'real-world' && b.source !== 'real-world')) return [];
  if (a.source === b.source && a.units === b.units) return [];
  const clauses = [ppi, pei].map(
    ({ header, scale }) => `in ${describeSeries(header)} ${scaleName(scale ?? a).replace(/,$/, '')}`
  );
  return [
    {
      code: 'scaling-unusual',
      message:
        `PPI and PEI are not scaled alike: ${clauses.join('; ')}. One unit need not mean the same signal in both, so ` +
        'the zero of PPI − PEI does not separate endolymph from perilymph. Export both with Rescale Slope and Intercept ' +
        '(0028,1053 and 0028,1052).',
      ear: null,
      values: { ppi: ppi.header.seriesInstanceUid, pei: pei.header.seriesInstanceUid },
    },
  ];
}

function factorOf(ratio: number): number {
  return Math.abs(ratio - 1) < SAME_SCALE ? 1 : ratio;
}
