import { mapAxes, type PerAxis } from '../axes';
import type { Geometry, Sampling, Vector3 } from '../types';
import { mirrored, sampleWeights, SPLINE_REACH } from './cubicSpline';
import { footprint, insideOf, sourceIndex, stepsOf, type ResampleOptions } from './resample';

/** How `resample` with cubic interpolation reads a volume; nearest voxels and linear values lie within its reach. */
export function samplingOf(
  volume: Geometry,
  target: Geometry,
  options: Pick<ResampleOptions, 'transform'> = {}
): Sampling {
  return {
    size: [...volume.size],
    zero: sourceIndex(volume, target, options, [0, 0, 0]),
    steps: stepsOf(volume, target, options),
    offsets: footprint(volume, target, options),
  };
}

/** Of a series on the grid's own lattice, whose values are copied. */
export function latticeSampling(volume: Geometry, shift: Vector3): Sampling {
  const steps: PerAxis<Vector3> = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return { size: [...volume.size], zero: [...shift], steps, offsets: [0, 0, 0] };
}

/** The continuous index in the series of a voxel of the grid. */
export function sampledIndex({ zero, steps }: Sampling, [i, j, k]: Vector3): Vector3 {
  return mapAxes(
    zero,
    (at, axis) => at + i * steps[0][axis] + j * steps[1][axis] + k * steps[2][axis]
  );
}

/** Weight of the marked voxels in a value; of a sum, so that negative weights do not hide positive ones. */
export interface MarkedWeight {
  /** Σ |weight| of the marked voxels, by slice of the series; slices without one are absent. */
  bySlice: Map<number, number>;
  total: number;
}

/** Weight from which on marked voxels count as part of a value: what stands for them is of their neighbours' size. */
export const MIN_WEIGHT = 0.05;

/** What the marked voxels of a series contribute to the values of the grid. */
export function makeMarkedWeight(
  sampling: Sampling,
  mask: Uint8Array
): (index: Vector3) => MarkedWeight {
  const { offsets } = sampling;
  const weights = makeWeights(sampling, mask);
  return (index) => {
    const at = sampledIndex(sampling, index);
    const bySlice = new Map<number, number>();
    let total = 0;
    for (let o = 0; o < offsets.length; o += 3) {
      weights(
        at[0] + offsets[o]!,
        at[1] + offsets[o + 1]!,
        at[2] + offsets[o + 2]!,
        (k, weight) => {
          const share = (3 * weight) / offsets.length;
          bySlice.set(k, (bySlice.get(k) ?? 0) + share);
          total += share;
        }
      );
    }
    return { bySlice, total };
  };
}

/**
 * The mask of a series on a grid: 1 where a value of the series would be made of marked voxels too, however little.
 * Outside the series 0.
 *
 * @param mask 1 for each marked voxel of the series
 */
export function placeMask(mask: Uint8Array, sampling: Sampling, { size }: Geometry): Uint8Array {
  const near = withinKernel(mask, sampling.size);
  const weights = makeWeights(sampling, mask);
  const isAmidst = makeAmidst(sampling, mask);
  const inside = insideOf(sampling);
  const { zero, offsets } = sampling;
  const [si, sj, sk] = sampling.steps;
  const [columns, rows, slices] = sampling.size;
  const placed = new Uint8Array(size[0] * size[1] * size[2]);
  let total = 0;
  const add = (_: number, weight: number): void => {
    total += weight;
  };
  let n = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const x = zero[0] + i * si[0] + j * sj[0] + k * sk[0];
        const y = zero[1] + i * si[1] + j * sj[1] + k * sk[1];
        const z = zero[2] + i * si[2] + j * sj[2] + k * sk[2];
        if (!inside(x, y, z)) continue;
        total = 0;
        for (let o = 0; o < offsets.length; o += 3) {
          const [u, v, w] = [x + offsets[o]!, y + offsets[o + 1]!, z + offsets[o + 2]!];
          const floor =
            clamp(Math.floor(u), columns) +
            columns * (clamp(Math.floor(v), rows) + rows * clamp(Math.floor(w), slices));
          if (near[floor] === 0) continue;
          if (isAmidst(u, v, w)) total += 1;
          else weights(u, v, w, add);
        }
        if ((3 * total) / offsets.length > MIN_WEIGHT) placed[n] = 1;
      }
  return placed;
}

/** Calls back with slice and Σ |weight| of the marked voxels of each of the kernel's slices. */
function makeWeights(
  { size: [columns, rows, slices] }: Pick<Sampling, 'size'>,
  mask: Uint8Array
): (x: number, y: number, z: number, add: (k: number, weight: number) => void) => void {
  const taps = 2 * SPLINE_REACH;
  const [wx, wy, wz] = [new Float64Array(taps), new Float64Array(taps), new Float64Array(taps)];
  const xs = new Int32Array(taps);
  return (x, y, z, add) => {
    const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    sampleWeights(x - x0, wx);
    sampleWeights(y - y0, wy);
    sampleWeights(z - z0, wz);
    for (let a = 0; a < taps; a++) xs[a] = mirrored(x0 + 1 - SPLINE_REACH + a, columns);
    for (let c = 0; c < taps; c++) {
      if (wz[c] === 0) continue;
      const k = mirrored(z0 + 1 - SPLINE_REACH + c, slices);
      let sum = 0;
      for (let b = 0; b < taps; b++) {
        if (wy[b] === 0) continue;
        const row = columns * (mirrored(y0 + 1 - SPLINE_REACH + b, rows) + rows * k);
        const weight = Math.abs(wy[b]! * wz[c]!);
        for (let a = 0; a < taps; a++)
          if (mask[row + xs[a]!] === 1) sum += weight * Math.abs(wx[a]!);
      }
      if (sum > 0) add(k, sum);
    }
  };
}

/** Whether all voxels beside a position are marked: then their weight is more than one, and the rest need not be counted. */
function makeAmidst(
  { size: [columns, rows, slices] }: Pick<Sampling, 'size'>,
  mask: Uint8Array
): (x: number, y: number, z: number) => boolean {
  return (x, y, z) => {
    const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const [i, l] = [clamp(x0, columns), clamp(x0 + 1, columns)];
    for (const k of [clamp(z0, slices), clamp(z0 + 1, slices)])
      for (const j of [clamp(y0, rows), clamp(y0 + 1, rows)]) {
        const row = columns * (j + rows * k);
        if (mask[row + i] === 0 || mask[row + l] === 0) return false;
      }
    return true;
  };
}

/** 1 for each voxel about which the kernel reaches a marked one along each axis. */
function withinKernel(mask: Uint8Array, size: Vector3): Uint8Array {
  let reach = mask;
  let step = 1;
  for (const count of size) {
    const next = new Uint8Array(reach.length);
    for (let n = 0; n < next.length; n++) {
      if (reach[n] === 0) continue;
      const at = Math.floor(n / step) % count;
      for (let d = -SPLINE_REACH; d < SPLINE_REACH; d++)
        if (at + d >= 0 && at + d < count) next[n + d * step] = 1;
    }
    reach = next;
    step *= count;
  }
  return reach;
}

function clamp(index: number, count: number): number {
  return index < 0 ? 0 : index >= count ? count - 1 : index;
}
