import { mapAxes } from '../axes';
import type { Vector3 } from '../types';

/** Where the samples of one axis lie, in voxel indices of the source along that axis. */
export interface AxisSampling {
  /** Source index of sample 0; may lie outside the source. */
  start: number;
  /** Source voxels between samples. */
  step: number;
  count: number;
}

interface Tap {
  first: number;
  weights: number[];
}

/** True where a sample's centre lies within the source's voxels. */
export function samplesInside(axis: AxisSampling, sourceCount: number): boolean[] {
  return Array.from({ length: axis.count }, (_, index) => {
    const position = axis.start + index * axis.step;
    return position > -0.501 && position < sourceCount - 0.499;
  });
}

/**
 * Resamples a grid onto another grid with parallel axes: linear where the target is as fine as the
 * source, the mean over the sample's footprint where it is coarser. Outside the source the
 * nearest edge value is repeated.
 * @param data voxel (i, j, k) at `i + columns·(j + rows·k)`, `size` in that order
 * @returns samples in the same axis order, of size `axes[·].count`
 */
export function resampleSeparable(
  data: ArrayLike<number>,
  size: Vector3,
  axes: readonly [AxisSampling, AxisSampling, AxisSampling]
): Float32Array {
  const [columns, rows, slices] = mapAxes(axes, (axis, index) => taps(axis, size[index]));
  const [firstRow, endRow] = range(rows);
  const [firstColumn, endColumn] = range(columns);
  const planeColumns = endColumn - firstColumn;
  const planeRows = endRow - firstRow;
  const plane = new Float32Array(planeColumns * planeRows);
  const across = columns.length;
  const narrowed = new Float32Array(across * planeRows);
  const result = new Float32Array(across * rows.length * slices.length);
  const columnTaps = flatten(columns, firstColumn);
  for (const [k, slice] of slices.entries()) {
    plane.fill(0);
    for (let index = 0; index < slice.weights.length; index++) {
      const weight = slice.weights[index]!;
      const base = size[0] * size[1] * (slice.first + index);
      for (let j = 0; j < planeRows; j++) {
        const from = base + size[0] * (firstRow + j) + firstColumn;
        const to = planeColumns * j;
        for (let i = 0; i < planeColumns; i++) plane[to + i]! += weight * data[from + i]!;
      }
    }
    narrowRows(plane, planeColumns, planeRows, columnTaps, narrowed);
    for (const [j, row] of rows.entries()) {
      const to = across * (j + rows.length * k);
      for (let index = 0; index < row.weights.length; index++) {
        const weight = row.weights[index]!;
        const from = across * (row.first + index - firstRow);
        for (let i = 0; i < across; i++) result[to + i]! += weight * narrowed[from + i]!;
      }
    }
  }
  return result;
}

/** Taps of one axis as plain arrays, for the innermost loop. */
interface FlatTaps {
  first: Int32Array;
  /** Tap i has the weights `weights[starts[i] … starts[i + 1] − 1]`. */
  starts: Int32Array;
  weights: Float64Array;
}

function flatten(all: Tap[], offset: number): FlatTaps {
  const starts = new Int32Array(all.length + 1);
  all.forEach((tap, n) => (starts[n + 1] = starts[n]! + tap.weights.length));
  return {
    first: Int32Array.from(all, (tap) => tap.first - offset),
    starts,
    weights: Float64Array.from(all.flatMap((tap) => tap.weights)),
  };
}

function narrowRows(
  plane: Float32Array,
  planeColumns: number,
  planeRows: number,
  { first, starts, weights }: FlatTaps,
  narrowed: Float32Array
): void {
  const across = first.length;
  for (let j = 0; j < planeRows; j++) {
    for (let i = 0; i < across; i++) {
      let from = planeColumns * j + first[i]!;
      let sum = 0;
      for (let n = starts[i]!; n < starts[i + 1]!; n++) sum += weights[n]! * plane[from++]!;
      narrowed[across * j + i] = sum;
    }
  }
}

function range(all: Tap[]): [number, number] {
  return [
    Math.min(...all.map((tap) => tap.first)),
    Math.max(...all.map((tap) => tap.first + tap.weights.length)),
  ];
}

function taps(axis: AxisSampling, sourceCount: number): Tap[] {
  return Array.from({ length: axis.count }, (_, index) => {
    const position = axis.start + index * axis.step;
    return axis.step > 1.05
      ? footprint(position, axis.step, sourceCount)
      : linear(position, sourceCount);
  });
}

function linear(position: number, sourceCount: number): Tap {
  const clamped = Math.min(Math.max(position, 0), sourceCount - 1);
  const first = Math.floor(clamped);
  const share = clamped - first;
  return share < 1e-6 ? { first, weights: [1] } : { first, weights: [1 - share, share] };
}

function footprint(position: number, width: number, sourceCount: number): Tap {
  const low = Math.max(position - width / 2, -0.5);
  const high = Math.min(position + width / 2, sourceCount - 0.5);
  if (high - low < 1e-6) return linear(position, sourceCount);
  const first = Math.min(Math.floor(low + 0.5), sourceCount - 1);
  const last = Math.max(Math.min(Math.ceil(high + 0.5) - 1, sourceCount - 1), first);
  const weights: number[] = [];
  for (let voxel = first; voxel <= last; voxel++) {
    const overlap = Math.min(high, voxel + 0.5) - Math.max(low, voxel - 0.5);
    weights.push(Math.max(overlap, 0) / (high - low));
  }
  return { first, weights };
}
