import type { Geometry, LabelVolume, Vector3, Volume } from '../types';
import { geometryOf, sameGrid, voxelToWorld, worldToVoxel } from './geometry';
import { applyTransform, type RigidTransform } from './rigidTransform';

export type Interpolation = 'trilinear' | 'cubic' | 'nearest';

export interface ResampleOptions {
  /** Default trilinear. Cubic is Keys' interpolating kernel (a = −1/2), exact on the samples. */
  interpolation?: Interpolation;
  /**
   * Where to look: the value at a target point p (LPS mm) is read from the volume at
   * transform(p). A volume that shows the patient moved by M is put back with transform = M.
   */
  transform?: RigidTransform;
  /** Value where the target point lies outside the volume; default 0. */
  outside?: number;
}

/**
 * The volume sampled on another grid. Where the target is coarser than the volume along one of its
 * axes the value is the mean over the target voxel's extent, so that thin structures keep their
 * signal. A target point counts as inside up to the outer faces of the outermost voxels.
 */
export function resample(volume: Volume, target: Geometry, options: ResampleOptions = {}): Volume {
  const grid = geometryOf(target);
  if (!options.transform && sameGrid(volume, target, 1e-6)) {
    return { ...grid, data: volume.data.slice() };
  }
  const interpolation = options.interpolation ?? 'trilinear';
  const sample = makeSampler(volume, interpolation);
  const data = new Float32Array(target.size[0] * target.size[1] * target.size[2]);
  const offsets = interpolation === 'nearest' ? [0, 0, 0] : footprint(volume, target, options);
  walk(volume, target, options, offsets, sample, data, options.outside ?? 0);
  return { ...grid, data };
}

/** Labels on another grid, nearest voxel; 0 outside. */
export function resampleLabels(
  labels: LabelVolume,
  target: Geometry,
  options: { transform?: RigidTransform } = {}
): LabelVolume {
  const grid = geometryOf(target);
  const data = new Uint8Array(target.size[0] * target.size[1] * target.size[2]);
  const sample = makeNearest(labels.data, labels.size);
  walk(labels, target, options, [0, 0, 0], sample, data, 0);
  return { ...grid, data, segments: labels.segments };
}

type Sampler = (i: number, j: number, k: number) => number;

/**
 * Flat list of sub-sample offsets (source voxels; i, j, k of each) that cover one target voxel.
 */
function footprint(volume: Volume, target: Geometry, options: ResampleOptions): number[] {
  const steps = stepsOf(volume, target, options);
  const counts = steps.map((step) =>
    // A hair of tolerance: equal spacings must not be averaged because of rounding.
    Math.max(1, Math.ceil(Math.hypot(...step) - 1e-3))
  );
  const offsets: number[] = [];
  for (let c = 0; c < counts[2]; c++) {
    for (let b = 0; b < counts[1]; b++) {
      for (let a = 0; a < counts[0]; a++) {
        const along = [a, b, c].map((n, axis) => (n + 0.5) / counts[axis] - 0.5);
        for (let n = 0; n < 3; n++) {
          offsets.push(along[0] * steps[0][n] + along[1] * steps[1][n] + along[2] * steps[2][n]);
        }
      }
    }
  }
  return offsets;
}

/** Source-voxel steps of one step along each target axis (the mapping is affine). */
function stepsOf(volume: Geometry, target: Geometry, options: ResampleOptions): Vector3[] {
  const zero = sourceIndex(volume, target, options, [0, 0, 0]);
  const unit: Vector3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return unit.map((axis) => {
    const there = sourceIndex(volume, target, options, axis);
    return [there[0] - zero[0], there[1] - zero[1], there[2] - zero[2]];
  });
}

function sourceIndex(
  volume: Geometry,
  target: Geometry,
  options: ResampleOptions,
  index: Vector3
): Vector3 {
  const point = voxelToWorld(target, index);
  return worldToVoxel(volume, options.transform ? applyTransform(options.transform, point) : point);
}

function walk(
  volume: Geometry,
  target: Geometry,
  options: ResampleOptions,
  offsets: number[],
  sample: Sampler,
  data: Float32Array | Uint8Array,
  outside: number
): void {
  const zero = sourceIndex(volume, target, options, [0, 0, 0]);
  const [si, sj, sk] = stepsOf(volume, target, options);
  // The slack keeps rounding from pushing points on the outer faces outside.
  const slack = 1e-4;
  const limit = volume.size.map((n) => n - 0.5 + slack);
  const inside = (x: number, y: number, z: number): boolean =>
    x >= -0.5 - slack &&
    x <= limit[0] &&
    y >= -0.5 - slack &&
    y <= limit[1] &&
    z >= -0.5 - slack &&
    z <= limit[2];
  let n = 0;
  for (let k = 0; k < target.size[2]; k++) {
    for (let j = 0; j < target.size[1]; j++) {
      const x0 = zero[0] + j * sj[0] + k * sk[0];
      const y0 = zero[1] + j * sj[1] + k * sk[1];
      const z0 = zero[2] + j * sj[2] + k * sk[2];
      for (let i = 0; i < target.size[0]; i++, n++) {
        const x = x0 + i * si[0];
        const y = y0 + i * si[1];
        const z = z0 + i * si[2];
        if (!inside(x, y, z)) {
          data[n] = outside;
        } else if (offsets.length === 3) {
          data[n] = sample(x, y, z);
        } else {
          let sum = 0;
          let count = 0;
          for (let o = 0; o < offsets.length; o += 3) {
            const u = x + offsets[o];
            const v = y + offsets[o + 1];
            const w = z + offsets[o + 2];
            if (inside(u, v, w)) {
              sum += sample(u, v, w);
              count++;
            }
          }
          data[n] = count > 0 ? sum / count : sample(x, y, z);
        }
      }
    }
  }
}

function makeSampler(volume: Volume, interpolation: Interpolation): Sampler {
  if (interpolation === 'nearest') return makeNearest(volume.data, volume.size);
  return interpolation === 'cubic' ? makeCubic(volume) : makeTrilinear(volume);
}

function makeNearest(data: ArrayLike<number>, size: Vector3): Sampler {
  const [columns, rows, slices] = size;
  return (i, j, k) =>
    data[
      clamp(Math.round(i), columns) +
        columns * (clamp(Math.round(j), rows) + rows * clamp(Math.round(k), slices))
    ];
}

function makeTrilinear(volume: Volume): Sampler {
  const [columns, rows, slices] = volume.size;
  const data = volume.data;
  return (i, j, k) => {
    const x = Math.min(Math.max(i, 0), columns - 1);
    const y = Math.min(Math.max(j, 0), rows - 1);
    const z = Math.min(Math.max(k, 0), slices - 1);
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const z0 = Math.floor(z);
    const fx = x - x0;
    const fy = y - y0;
    const fz = z - z0;
    const dx = x0 + 1 < columns ? 1 : 0;
    const dy = y0 + 1 < rows ? columns : 0;
    const dz = z0 + 1 < slices ? columns * rows : 0;
    const at = x0 + columns * (y0 + rows * z0);
    const low = mix(
      mix(data[at], data[at + dx], fx),
      mix(data[at + dy], data[at + dy + dx], fx),
      fy
    );
    if (fz === 0) return low;
    const top = at + dz;
    const high = mix(
      mix(data[top], data[top + dx], fx),
      mix(data[top + dy], data[top + dy + dx], fx),
      fy
    );
    return mix(low, high, fz);
  };
}

function makeCubic(volume: Volume): Sampler {
  const [columns, rows, slices] = volume.size;
  const data = volume.data;
  const wx = new Float64Array(4);
  const wy = new Float64Array(4);
  const wz = new Float64Array(4);
  const xs = new Int32Array(4);
  return (i, j, k) => {
    const x0 = Math.floor(i);
    const y0 = Math.floor(j);
    const z0 = Math.floor(k);
    keys(i - x0, wx);
    keys(j - y0, wy);
    keys(k - z0, wz);
    for (let a = 0; a < 4; a++) xs[a] = clamp(x0 - 1 + a, columns);
    let sum = 0;
    for (let c = 0; c < 4; c++) {
      if (wz[c] === 0) continue;
      const plane = rows * clamp(z0 - 1 + c, slices);
      for (let b = 0; b < 4; b++) {
        const weight = wz[c] * wy[b];
        if (weight === 0) continue;
        const row = columns * (clamp(y0 - 1 + b, rows) + plane);
        sum +=
          weight *
          (wx[0] * data[row + xs[0]] +
            wx[1] * data[row + xs[1]] +
            wx[2] * data[row + xs[2]] +
            wx[3] * data[row + xs[3]]);
      }
    }
    return sum;
  };
}

/** Weights of Keys' cubic convolution kernel (IEEE ASSP 29, 1981) for a fraction 0 ≤ f < 1. */
function keys(f: number, weights: Float64Array): void {
  const f2 = f * f;
  const f3 = f2 * f;
  weights[0] = -0.5 * f3 + f2 - 0.5 * f;
  weights[1] = 1.5 * f3 - 2.5 * f2 + 1;
  weights[2] = -1.5 * f3 + 2 * f2 + 0.5 * f;
  weights[3] = 0.5 * f3 - 0.5 * f2;
}

function mix(a: number, b: number, fraction: number): number {
  return a + (b - a) * fraction;
}

function clamp(index: number, count: number): number {
  return index < 0 ? 0 : index >= count ? count - 1 : index;
}
