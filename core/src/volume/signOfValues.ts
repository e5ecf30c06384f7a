import { METHODS, roleName } from '../registry';
import type { Method, Role, Series, Warning } from '../types';
import { complexComponent } from './complexComponent';
import { describeSeries, refuseSeries } from './describeSeries';

/** How much of a volume lies below zero. */
interface NegativeShare {
  /** Voxels below zero / all voxels. */
  negative: number;
  /** Voxels below zero by more than 2 % of the largest value / all voxels. */
  clearlyNegative: number;
  minimum: number;
  /** All voxels below zero have one value. */
  single: boolean;
}

function negativeShare(data: Float32Array): NegativeShare {
  let maximum = 0;
  let minimum = 0;
  for (const value of data) {
    if (value > maximum) maximum = value;
    if (value < minimum) minimum = value;
  }
  const clear = -0.02 * Math.max(maximum, -minimum);
  let negative = 0;
  let clearlyNegative = 0;
  let lowest = 0;
  if (minimum < 0) {
    for (const value of data) {
      if (value < 0) negative++;
      if (value < clear) clearlyNegative++;
      if (value === minimum) lowest++;
    }
  }
  const count = Math.max(1, data.length);
  return {
    negative: negative / count,
    clearlyNegative: clearlyNegative / count,
    minimum,
    single: negative > 1 && lowest === negative,
  };
}

/**
 * PPI − PEI is defined on magnitude images.
 *
 * @throws RefusedInputError `not-magnitude`
 * @returns the warning `negative-values` of a few of them, which filters leave
 */
export function requireMagnitude(role: Role, series: Series, method: Method): Warning[] {
  const { header, volume } = series;
  const component = complexComponent(header);
  const share = negativeShare(volume.data);
  // Filters leave a few slightly negative voxels in magnitude images; a signed image has many.
  const signed = share.negative > 0.01 || share.clearlyNegative > 1e-5;
  const stated = component !== null && component !== 'magnitude';
  if (stated || signed) {
    const { why, remedy } = stated
      ? {
          why: `Image Type (0008,0008) ${header.imageType.join('\\')} marks it as a ${component} image`,
          remedy: CHOOSE_MAGNITUDE,
        }
      : causeOf(share, series);
    throw refuseSeries(
      'not-magnitude',
      header,
      `as ${roleName(role, method)} it must be a magnitude image, but ${why}. On signed images PPI − PEI is ` +
        'never negative, so the endolymph ratio would read 0 % in every ear.',
      remedy,
      { negativeShare: share.negative, minimum: share.minimum, component: component ?? 'unknown' }
    );
  }
  if (share.negative === 0) return [];
  return [
    {
      code: 'negative-values',
      message:
        `A few values of ${describeSeries(header)} lie below zero (lowest ${shown(share.minimum)}); ` +
        'they are used as they are.',
      ear: null,
      values: {
        series: header.seriesInstanceUid,
        negativeShare: share.negative,
        minimum: share.minimum,
      },
    },
  ];
}

/** @throws RefusedInputError `not-signed` */
export function requireSigned({ header, volume }: Series, method: Method): void {
  if (negativeShare(volume.data).negative > 1e-5) return;
  throw refuseSeries(
    'not-signed',
    header,
    `the method ${METHODS[method].label} reads the sign of a phase-sensitive (real) image, but no value lies below zero.`,
    'Choose the real (phase-sensitive) reconstruction, with its rescale intercept, or the method with PPI and PEI.'
  );
}

const CHOOSE_MAGNITUDE =
  'Choose the magnitude reconstruction of this series. A phase-sensitive (real) inversion-recovery ' +
  `series can be measured on its own with the method ${METHODS['real-ir'].label}.`;

/** What makes values negative: padding that no attribute declares, a slope with the wrong sign, or a signed image. */
function causeOf(
  { negative, minimum, single }: NegativeShare,
  { header }: Series
): { why: string; remedy: string } {
  const percent = `${(100 * negative).toFixed(2)} %`;
  if (single) {
    return {
      why:
        `${percent} of its values lie below zero, and all of these are the one value ${shown(minimum)}: this looks like ` +
        'padding that Pixel Padding Value (0028,0120) does not declare',
      remedy:
        'Export the series again with Pixel Padding Value (0028,0120) set to the stored value of its padding, or without padding.',
    };
  }
  const slope = Number(header.attributes.RescaleSlope);
  if (slope < 0) {
    return {
      why: `Rescale Slope (0028,1053) is ${shown(slope)}, which makes ${percent} of its values negative (lowest ${shown(minimum)})`,
      remedy: 'Send the series again with the Rescale Slope of the scanner.',
    };
  }
  return {
    why: `${percent} of its values lie below zero (lowest ${shown(minimum)})`,
    remedy: CHOOSE_MAGNITUDE,
  };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}
