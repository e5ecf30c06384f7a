import { mapAxes, perAxis, type PerAxis } from '../axes';
import type { Normalisation } from '../model';
import type { Vector3, Volume } from '../types';
import { resampleSeparable, samplesInside, type AxisSampling } from './separableResampling';

/** How a crop is cut from a volume whose axes run nearly along +x, +y and +z. */
export interface CropLayout {
  axes: [AxisSampling, AxisSampling, AxisSampling];
  /** Millimetres between the crop's samples. */
  spacing: Vector3;
}

export interface CropPlan {
  /** Columns and rows of the crop. */
  patch: [number, number];
  /** Wanted millimetres between samples. */
  spacing: Vector3;
  /** Slice distances within this range are kept as they are. */
  sliceSpacing: [number, number];
  /** Millimetres of slices above and below the centre; slices outside the image are left out. */
  halfHeight: number;
}

/**
 * Places a crop about a voxel position. Where the image's pixels have the wanted spacing (within
 * 2 %) the crop lies on its grid and no value is interpolated.
 * @param center continuous voxel indices in `volume`
 */
export function planCrop(volume: Volume, center: Vector3, plan: CropPlan): CropLayout {
  const keepsSlices =
    volume.spacing[2] >= plan.sliceSpacing[0] && volume.spacing[2] <= plan.sliceSpacing[1];
  const spacing: Vector3 = [0, 0, 0];
  const axes = perAxis((axis): AxisSampling => {
    const own = volume.spacing[axis];
    const onGrid = axis === 2 ? keepsSlices : Math.abs(own / plan.spacing[axis] - 1) < 0.02;
    const step = onGrid ? 1 : plan.spacing[axis] / own;
    spacing[axis] = step * own;
    if (axis !== 2) {
      const count = plan.patch[axis];
      const start = center[axis] - ((count - 1) / 2) * step;
      return { start: onGrid ? Math.round(start) : start, step, count };
    }
    const reach = plan.halfHeight / own;
    const middle = onGrid ? Math.round(center[2]) : center[2];
    const below = Math.floor(Math.min(reach, Math.max(middle + 0.5, 0)) / step + 1e-6);
    const above = Math.floor(
      Math.min(reach, Math.max(volume.size[2] - 0.5 - middle, 0)) / step + 1e-6
    );
    return { start: middle - below * step, step, count: below + above + 1 };
  });
  return { axes, spacing };
}

/**
 * Cuts the crop and normalises it.
 * @returns values of shape [slices, rows, columns]; samples outside the image hold the value that
 *   the low percentile has after normalisation (0)
 */
export function cutCrop(
  volume: Volume,
  layout: CropLayout,
  normalisation: Normalisation,
  mirrored: boolean
): Float32Array {
  const [columns, rows, slices] = mapAxes(layout.axes, (axis) => axis.count);
  const values = resampleSeparable(volume.data, volume.size, layout.axes);
  const inside = mapAxes(layout.axes, (axis, index) => samplesInside(axis, volume.size[index]));
  normalise(values, [columns, rows, slices], layout.spacing, inside, normalisation);
  if (mirrored) mirrorColumns(values, columns);
  return values;
}

/** In place; one value in, one value out, for each voxel of rows of `columns` values. */
export function mirrorColumns(values: Float32Array | Uint8Array, columns: number): void {
  for (let row = 0; row < values.length; row += columns) {
    values.subarray(row, row + columns).reverse();
  }
}

/** Maps the percentiles of the box about the centre to 0 and 1, in place. */
export function normalise(
  values: Float32Array,
  size: Vector3,
  spacing: Vector3,
  inside: PerAxis<boolean[]>,
  normalisation: Normalisation
): void {
  const [columns, rows, slices] = size;
  const box = normalisation.box;
  const inBox = mapAxes(inside, (flags, axis) =>
    flags.map(
      (flag, index) =>
        flag && (!box || Math.abs(index - (size[axis] - 1) / 2) * spacing[axis] <= box[axis] / 2)
    )
  );
  const count = inBox.reduce((product, flags) => product * flags.filter(Boolean).length, 1);
  const boxed = new Float32Array(count);
  let taken = 0;
  for (let k = 0; k < slices; k++) {
    if (!inBox[2][k]) continue;
    for (let j = 0; j < rows; j++) {
      if (!inBox[1][j]) continue;
      for (let i = 0; i < columns; i++) {
        if (inBox[0][i]) boxed[taken++] = values[i + columns * (j + rows * k)]!;
      }
    }
  }
  const low = valueOfRank(boxed, rankOf(boxed.length, normalisation.lowPercentile));
  const high = valueOfRank(boxed, rankOf(boxed.length, normalisation.highPercentile));
  const scale = high > low ? 1 / (high - low) : 0;
  const [least, greatest] = normalisation.clamp;
  let index = 0;
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      const rowInside = inside[2][k] && inside[1][j];
      for (let i = 0; i < columns; i++, index++) {
        const value = (values[index]! - low) * scale;
        values[index] = rowInside && inside[0][i] ? Math.min(Math.max(value, least), greatest) : 0;
      }
    }
  }
}

function rankOf(count: number, percent: number): number {
  return Math.min(Math.round((percent / 100) * (count - 1)), count - 1);
}

/**
 * The value that sorting would put at `rank`, 0 of none. Floats are grouped by their first sixteen bits,
 * which order them, and only the group that holds the rank is sorted.
 */
export function valueOfRank(values: Float32Array, rank: number): number {
  if (values.length === 0) return 0;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  // Negative floats count downwards.
  const groupOf = (n: number) => (bits[n]! >>> 31 ? ~bits[n]! >>> 16 : (bits[n]! >>> 16) | 0x8000);
  const counts = new Uint32Array(1 << 16);
  for (let n = 0; n < values.length; n++) counts[groupOf(n)]!++;
  let [group, below] = [0, 0];
  while (below + counts[group]! <= rank) below += counts[group++]!;
  const members = new Float32Array(counts[group]!);
  let taken = 0;
  for (let n = 0; n < values.length; n++) {
    if (groupOf(n) === group) members[taken++] = values[n]!;
  }
  return members.sort()[rank - below]!;
}
