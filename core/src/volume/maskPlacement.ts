import { mapAxes, type PerAxis } from '../axes';
import type { Geometry, Sampling, Vector3 } from '../types';
import { cubicWeights } from './interpolation';
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

/** Weight from which on marked voxels count as part of a value. */
export const MIN_WEIGHT = 0.01;

/** What the marked voxels of a series contribute to the values of the grid. */
export function makeMarkedWeight(
  sampling: Sampling,
  isMarked: (n: number) => boolean
): (index: Vector3) => MarkedWeight {
  const { offsets } = sampling;
  const weights = makeWeights(sampling, isMarked);
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
  const weights = makeWeights(sampling, (n) => mask[n] === 1);
  const inside = insideOf(sampling);
  const { zero, offsets } = sampling;
  const [si, sj, sk] = sampling.steps;
  const [columns, rows] = sampling.size;
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
            columns * (clamp(Math.floor(v), rows) + rows * clamp(Math.floor(w), sampling.size[2]));
          if (near[floor] === 1) weights(u, v, w, add);
        }
        if ((3 * total) / offsets.length > MIN_WEIGHT) placed[n] = 1;
      }
  return placed;
}

/** Calls back with slice and Σ |weight| of the marked voxels of each of the kernel's slices. */
function makeWeights(
  { size: [columns, rows, slices] }: Pick<Sampling, 'size'>,
  isMarked: (n: number) => boolean
): (x: number, y: number, z: number, add: (k: number, weight: number) => void) => void {
  const [wx, wy, wz] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  return (x, y, z, add) => {
    const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    cubicWeights(x - x0, wx);
    cubicWeights(y - y0, wy);
    cubicWeights(z - z0, wz);
    for (let c = 0; c < 4; c++) {
      if (wz[c] === 0) continue;
      const k = clamp(z0 - 1 + c, slices);
      let sum = 0;
      for (let b = 0; b < 4; b++) {
        if (wy[b] === 0) continue;
        const row = columns * (clamp(y0 - 1 + b, rows) + rows * k);
        for (let a = 0; a < 4; a++)
          if (wx[a] !== 0 && isMarked(row + clamp(x0 - 1 + a, columns)))
            sum += Math.abs(wx[a]! * wy[b]! * wz[c]!);
      }
      if (sum > 0) add(k, sum);
    }
  };
}

/** 1 for each voxel from which the kernel (one voxel down, two up along each axis) reaches a marked one. */
function withinKernel(mask: Uint8Array, size: Vector3): Uint8Array {
  let reach = mask;
  let step = 1;
  for (const count of size) {
    const next = new Uint8Array(reach.length);
    for (let n = 0; n < next.length; n++) {
      if (reach[n] === 0) continue;
      const at = Math.floor(n / step) % count;
      for (let d = -2; d <= 1; d++) if (at + d >= 0 && at + d < count) next[n + d * step] = 1;
    }
    reach = next;
    step *= count;
  }
  return reach;
}

function clamp(index: number, count: number): number {
  return index < 0 ? 0 : index >= count ? count - 1 : index;
}
