import { mapAxes, type PerAxis } from '../axes';
import { resampleSeparable, type AxisSampling, type CropLayout } from '../ears';
import type { Vector3, Volume } from '../types';
import type { ClassMaps } from './runNetwork';

/** Labels of a box of the image's voxels. */
export interface BoxLabels {
  /** First voxel and size of the box, in voxels of the image. */
  first: Vector3;
  size: Vector3;
  labels: Uint8Array;
}

/**
 * Probabilities of the crop interpolated to the image's voxels, then the likeliest class. The box holds
 * every voxel that is not background.
 * @param codes label of each channel; channel 0 is the background
 * @param mirrored whether the crop's columns run against the image's
 */
export function labelsOnImage(
  axial: Volume,
  layout: CropLayout,
  maps: ClassMaps,
  codes: number[],
  mirrored: boolean
): BoxLabels {
  const cropSize = mapAxes(layout.axes, (axis) => axis.count);
  const bounds = foregroundBounds(maps, cropSize);
  if (bounds && mirrored) {
    const [low, high] = bounds[0];
    bounds[0] = [cropSize[0] - 1 - high, cropSize[0] - 1 - low];
  }
  const box = mapAxes(layout.axes, (axis, n) => boxAxis(axis, axial.size[n], bounds?.[n] ?? null));
  const size = mapAxes(box, ({ back }) => back.count);
  const voxels = size[0] * size[1] * size[2];
  const labels = new Uint8Array(voxels);
  const first = mapAxes(box, ({ first: voxel }) => voxel);
  if (voxels === 0) return { first, size, labels };
  if (box.every(({ back }) => isWhole(back))) {
    readVoxels({ first, size, labels }, box, cropSize, maps, codes, mirrored);
    return { first, size, labels };
  }
  const highest = new Float32Array(voxels);
  codes.forEach((code, channel) => {
    const part = channelOf(maps, channel, cropSize, box, mirrored);
    const partSize = mapAxes(box, ({ crop }) => crop[1] - crop[0] + 1);
    const backs = mapAxes(box, ({ back }) => back);
    const onImage = resampleSeparable(part, partSize, backs);
    for (let voxel = 0; voxel < voxels; voxel++) {
      if (onImage[voxel]! > highest[voxel]!) {
        highest[voxel] = onImage[voxel]!;
        labels[voxel] = code;
      }
    }
  });
  return { first, size, labels };
}

/** First and last crop index along each axis where another class than the background is likeliest. */
function foregroundBounds(
  { likeliest }: ClassMaps,
  [columns, rows, slices]: Vector3
): PerAxis<[number, number]> | null {
  const low: Vector3 = [columns, rows, slices];
  const high: Vector3 = [-1, -1, -1];
  let voxel = 0;
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++, voxel++) {
        if (likeliest[voxel] === 0) continue;
        if (i < low[0]) low[0] = i;
        if (i > high[0]) high[0] = i;
        if (j < low[1]) low[1] = j;
        if (j > high[1]) high[1] = j;
        if (k < low[2]) low[2] = k;
        high[2] = k;
      }
    }
  }
  return high[2] < 0 ? null : mapAxes(low, (value, axis) => [value, high[axis]]);
}

interface BoxAxis {
  /** First image voxel of the box. */
  first: number;
  /** First and last crop index that its voxels are interpolated from. */
  crop: [number, number];
  /** Where its voxels lie among those crop indices. */
  back: AxisSampling;
}

/**
 * The image's voxels along an axis that a likely foreground pixel of the crop has a share in. Where every
 * crop pixel about a voxel is likeliest background, so is their mean.
 */
function boxAxis(axis: AxisSampling, imageCount: number, bounds: [number, number] | null): BoxAxis {
  const step = 1 / axis.step;
  // Interpolation reaches to the next crop pixel, an average over coarse voxels half a voxel more.
  const reach = 1 + step;
  const [from, to] = bounds
    ? [Math.max(bounds[0] - reach, 0), Math.min(bounds[1] + reach, axis.count - 1)]
    : [0, -1];
  const low = Math.max(Math.ceil(axis.start + from * axis.step - 1e-6), 0);
  const high = Math.min(Math.floor(axis.start + to * axis.step + 1e-6), imageCount - 1);
  const count = Math.max(high - low + 1, 0);
  const position = (voxel: number) => (voxel - axis.start) / axis.step;
  const crop: [number, number] = [
    Math.max(Math.floor(position(low) - reach), 0),
    Math.min(Math.ceil(position(high) + reach), axis.count - 1),
  ];
  return { first: low, crop, back: { start: position(low) - crop[0], step, count } };
}

/** Whether the image's voxels are the crop's own pixels, up to the rounding that resampling ignores too. */
function isWhole({ start, step }: AxisSampling): boolean {
  return step === 1 && Math.abs(start - Math.round(start)) < 1e-6;
}

/** Labels where nothing is interpolated: each voxel's likeliest class. */
function readVoxels(
  { size, labels }: BoxLabels,
  box: PerAxis<BoxAxis>,
  [columns, rows]: Vector3,
  { likeliest }: ClassMaps,
  codes: number[],
  mirrored: boolean
): void {
  const [i0, j0, k0] = mapAxes(box, ({ crop, back }) => crop[0] + Math.round(back.start));
  const along = mirrored ? -1 : 1;
  let voxel = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      let at = (mirrored ? columns - 1 - i0 : i0) + columns * (j0 + j + rows * (k0 + k));
      for (let i = 0; i < size[0]; i++, at += along, voxel++) {
        labels[voxel] = codes[likeliest[at]!]!;
      }
    }
  }
}

/** One class's probabilities in the part of the crop that the box needs, columns as in the image. */
function channelOf(
  { classes, probabilities }: ClassMaps,
  channel: number,
  [columns, rows]: Vector3,
  box: PerAxis<BoxAxis>,
  mirrored: boolean
): Float32Array {
  const [[i0, i1], [j0, j1], [k0, k1]] = mapAxes(box, ({ crop }) => crop);
  const part = new Float32Array((i1 - i0 + 1) * (j1 - j0 + 1) * (k1 - k0 + 1));
  const along = mirrored ? -classes : classes;
  let to = 0;
  for (let k = k0; k <= k1; k++) {
    for (let j = j0; j <= j1; j++) {
      const column = mirrored ? columns - 1 - i0 : i0;
      let from = (column + columns * (j + rows * k)) * classes + channel;
      for (let i = i0; i <= i1; i++, from += along) part[to++] = probabilities[from]!;
    }
  }
  return part;
}
