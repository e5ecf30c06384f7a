import type { Vector3, Volume } from '../types';
import { cropOf, worldToVoxel } from '../volume';

/**
 * The part of a volume whose voxels lie within `radius` mm of a point along the volume's axes,
 * limited to the volume. Null where nothing is left.
 */
export function cropAround(volume: Volume, center: Vector3, radius: number): Volume | null {
  const at = worldToVoxel(volume, center);
  const low = at.map((value, axis) =>
    Math.max(0, Math.ceil(value - radius / volume.spacing[axis]!))
  ) as Vector3;
  const size = at.map(
    (value, axis) =>
      Math.min(volume.size[axis]! - 1, Math.floor(value + radius / volume.spacing[axis]!)) -
      low[axis]! +
      1
  ) as Vector3;
  if (size.some((count) => count < 4)) return null;
  return cropOf(volume, low, size);
}

/** Share of a smoothed value's weight below which what was measured does not make it. */
const MIN_MEASURED = 0.5;

/**
 * Gaussian smoothing with a standard deviation in mm, separable, edges repeated. Missing voxels take no part: a value
 * is the mean of what was measured around it, NaN where that is less than half.
 */
export function smooth(volume: Volume, sigma: number): Volume {
  const { missing } = volume;
  if (!missing) return { ...volume, data: smoothed(volume, volume.data, sigma) };
  const measured = Float32Array.from(missing, (mark) => 1 - mark);
  const weight = smoothed(volume, measured, sigma);
  const values = volume.data.map((value, n) => (missing[n] ? 0 : value));
  const data = smoothed(volume, values, sigma).map((value, n) =>
    weight[n]! < MIN_MEASURED ? NaN : value / weight[n]!
  );
  return { ...volume, data };
}

function smoothed(volume: Volume, values: Float32Array, sigma: number): Float32Array {
  let data = values;
  for (let axis = 0; axis < 3; axis++) {
    const kernel = gaussian(sigma / volume.spacing[axis]!);
    if (kernel.length > 1) data = convolve(data, volume.size, axis, kernel);
  }
  return data;
}

/** Half of a symmetric kernel: weight at distance 0, 1, … voxels. */
function gaussian(sigma: number): number[] {
  if (sigma < 0.2) return [1];
  const reach = Math.max(1, Math.ceil(2.5 * sigma));
  const half = Array.from({ length: reach + 1 }, (_, n) =>
    Math.exp((-n * n) / (2 * sigma * sigma))
  );
  const total = half[0]! + 2 * half.slice(1).reduce((sum, weight) => sum + weight, 0);
  return half.map((weight) => weight / total);
}

function convolve(
  data: Float32Array,
  size: Vector3,
  axis: number,
  kernel: number[]
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(data.length);
  const step = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const count = size[axis]!;
  const reach = kernel.length - 1;
  for (let block = 0; block < data.length; block += step * count) {
    for (let position = 0; position < count; position++) {
      const row = block + position * step;
      for (let n = row; n < row + step; n++) result[n] = kernel[0]! * data[n]!;
      for (let d = 1; d <= reach; d++) {
        const weight = kernel[d]!;
        const before = Math.min(d, position) * step;
        const after = Math.min(d, count - 1 - position) * step;
        for (let n = row; n < row + step; n++) {
          result[n]! += weight * (data[n - before]! + data[n + after]!);
        }
      }
    }
  }
  return result;
}

/** Trilinear value at an LPS point; NaN outside the voxel centres. */
export function makeWorldSampler(volume: Volume): (x: number, y: number, z: number) => number {
  const [columns, rows, slices] = volume.size;
  const { data, origin: o, direction: d, spacing: s } = volume;
  const [ax, ay, az] = [d[0] / s[0], d[1] / s[0], d[2] / s[0]];
  const [bx, by, bz] = [d[3] / s[1], d[4] / s[1], d[5] / s[1]];
  const [cx, cy, cz] = [d[6] / s[2], d[7] / s[2], d[8] / s[2]];
  const plane = columns * rows;
  return (x, y, z) => {
    const u = x - o[0];
    const v = y - o[1];
    const w = z - o[2];
    const i = u * ax + v * ay + w * az;
    const j = u * bx + v * by + w * bz;
    const k = u * cx + v * cy + w * cz;
    if (!(i >= 0 && j >= 0 && k >= 0)) return NaN;
    const i0 = Math.floor(i);
    const j0 = Math.floor(j);
    const k0 = Math.floor(k);
    if (i0 >= columns - 1 || j0 >= rows - 1 || k0 >= slices - 1) return NaN;
    const fi = i - i0;
    const fj = j - j0;
    const n = i0 + columns * j0 + plane * k0;
    const near =
      (data[n]! * (1 - fi) + data[n + 1]! * fi) * (1 - fj) +
      (data[n + columns]! * (1 - fi) + data[n + columns + 1]! * fi) * fj;
    const m = n + plane;
    const far =
      (data[m]! * (1 - fi) + data[m + 1]! * fi) * (1 - fj) +
      (data[m + columns]! * (1 - fi) + data[m + columns + 1]! * fi) * fj;
    return near + (far - near) * (k - k0);
  };
}
