import { RefusedInputError } from '@inner-ear-hydrops/core';
import { modalityLut } from '@inner-ear-hydrops/core/dicom';

/** What is used of an image in the host's cache. */
export interface HostPixels {
  slope: number;
  intercept: number;
  /** Present where the loader has applied the modality LUT. */
  preScale?: { scaled?: boolean };
  voxelManager?: { getScalarData(): ArrayLike<number> };
  getPixelData(): ArrayLike<number>;
}

/** Whole numbers up to this size are exact in a Float32Array. */
const MAX_EXACT_INTEGER = 2 ** 24;

const RANGES: Record<string, [number, number]> = {
  Int8Array: [-128, 127],
  Uint8Array: [0, 255],
  Uint8ClampedArray: [0, 255],
  Int16Array: [-32768, 32767],
  Uint16Array: [0, 65535],
  Int32Array: [-(2 ** 31), 2 ** 31 - 1],
  Uint32Array: [0, 2 ** 32 - 1],
  Float32Array: [-MAX_EXACT_INTEGER, MAX_EXACT_INTEGER],
};

/**
 * Values of one frame from the host's pixels, modality LUT applied, where they are certain to be those of the file:
 * with a fractional Rescale Slope the host rounds and wraps them without a word.
 *
 * @param dataset naturalised instance.
 * @param frame 0-based.
 * @param series as a message names it.
 * @throws RefusedInputError `stored-values-unavailable`
 */
export function provenPixels(
  image: HostPixels,
  dataset: Record<string, unknown>,
  frame: number,
  series: string
): Float32Array {
  const { slope, intercept } = modalityLut(dataset, frame);
  const stored = image.voxelManager ? image.voxelManager.getScalarData() : image.getPixelData();
  const refuse = (why: string) => unavailable(series, why, slope, intercept);
  if (!Number.isInteger(slope) || !Number.isInteger(intercept)) {
    throw refuse(
      `its Rescale Slope (0028,1053) is ${slope} and its Rescale Intercept (0028,1052) ${intercept}, and the viewer rounds such values`
    );
  }
  if (dataset['LossyImageCompression'] === '01') {
    throw refuse(
      'it is lossily compressed (Lossy Image Compression (0028,2110) is 01), which decoders read differently'
    );
  }
  const bits = Number(dataset['BitsStored']);
  const range = RANGES[nameOf(stored)];
  if (!Number.isInteger(bits) || bits < 1 || !range) {
    throw refuse(
      `its Bits Stored (0028,0101) is ${String(dataset['BitsStored'])}, so its values cannot be checked`
    );
  }
  const isSigned = Number(dataset['PixelRepresentation']) === 1;
  const lowest = isSigned ? -(2 ** (bits - 1)) : 0;
  const highest = lowest + 2 ** bits - 1;
  const isScaled = image.preScale?.scaled === true;
  const held = isScaled
    ? [lowest, highest].map((value) => value * slope + intercept)
    : [lowest, highest];
  const scaled = [lowest, highest].map((value) => Math.abs(value * slope + intercept));
  if (
    Math.min(...held) < range[0] ||
    Math.max(...held) > range[1] ||
    Math.max(...scaled) > MAX_EXACT_INTEGER
  ) {
    throw refuse(
      `its values reach from ${Math.min(...held)} to ${Math.max(...held)} (Bits Stored (0028,0101) ${bits}, Rescale Slope (0028,1053) ${slope}), beyond what the viewer keeps exactly`
    );
  }
  const pixels = Float32Array.from(stored);
  if (isScaled || (slope === 1 && intercept === 0)) return pixels;
  for (let index = 0; index < pixels.length; index++) {
    pixels[index] = (pixels[index] as number) * slope + intercept;
  }
  return pixels;
}

/** By tag, since an array may come from another realm. */
function nameOf(values: ArrayLike<number>): string {
  return Object.prototype.toString.call(values).slice(8, -1);
}

function unavailable(
  series: string,
  why: string,
  slope: number,
  intercept: number
): RefusedInputError {
  return new RefusedInputError(
    'stored-values-unavailable',
    `${series[0]?.toUpperCase() ?? ''}${series.slice(1)} cannot be measured here: the archive does not deliver the stored images, and ${why}.`,
    'Open the study from an archive that delivers whole instances (WADO-RS), or measure its files with "hydrops compute".',
    { slope, intercept }
  );
}
