import { AXES, mapAxes, type PerAxis } from '../axes';
import type { Geometry, Vector3, Volume } from '../types';
import { geometryOf, sameGrid, voxelToWorld, worldToVoxel } from './geometry';
import { makeSampler, type Interpolation, type Sampler } from './interpolation';
import { applyTransform, type RigidTransform } from './rigidTransform';

export interface ResampleOptions {
  /** Default trilinear. Cubic is the cubic B-spline through the samples; it replaces what is `missing` from its neighbours. */
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

/**
 * Flat list of sub-sample offsets (source voxels; i, j, k of each) that cover one target voxel.
 */
export function footprint(
  volume: Geometry,
  target: Geometry,
  options: Pick<ResampleOptions, 'transform'>
): number[] {
  const steps = stepsOf(volume, target, options);
  const counts = mapAxes(steps, (step) =>
    // A hair of tolerance: equal spacings must not be averaged because of rounding.
    Math.max(1, Math.ceil(Math.hypot(...step) - 1e-3))
  );
  const offsets: number[] = [];
  for (let c = 0; c < counts[2]; c++) {
    for (let b = 0; b < counts[1]; b++) {
      for (let a = 0; a < counts[0]; a++) {
        const along = mapAxes([a, b, c], (n, axis) => (n + 0.5) / counts[axis] - 0.5);
        for (const n of AXES) {
          offsets.push(along[0] * steps[0][n] + along[1] * steps[1][n] + along[2] * steps[2][n]);
        }
      }
    }
  }
  return offsets;
}

/** Source-voxel steps of one step along each target axis (the mapping is affine). */
export function stepsOf(
  volume: Geometry,
  target: Geometry,
  options: Pick<ResampleOptions, 'transform'>
): PerAxis<Vector3> {
  const zero = sourceIndex(volume, target, options, [0, 0, 0]);
  const unit: PerAxis<Vector3> = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return mapAxes(unit, (axis) => {
    const there = sourceIndex(volume, target, options, axis);
    return [there[0] - zero[0], there[1] - zero[1], there[2] - zero[2]];
  });
}

export function sourceIndex(
  volume: Geometry,
  target: Geometry,
  options: Pick<ResampleOptions, 'transform'>,
  index: Vector3
): Vector3 {
  const point = voxelToWorld(target, index);
  return worldToVoxel(volume, options.transform ? applyTransform(options.transform, point) : point);
}

/** Whether a volume holds a continuous index: up to the outer faces of its outermost voxels. */
export function insideOf({
  size,
}: Pick<Geometry, 'size'>): (x: number, y: number, z: number) => boolean {
  // The slack keeps rounding from pushing points on the outer faces outside.
  const slack = 1e-4;
  const limit = size.map((n) => n - 0.5 + slack);
  return (x, y, z) =>
    x >= -0.5 - slack &&
    x <= limit[0]! &&
    y >= -0.5 - slack &&
    y <= limit[1]! &&
    z >= -0.5 - slack &&
    z <= limit[2]!;
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
  const inside = insideOf(volume);
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
            const u = x + offsets[o]!;
            const v = y + offsets[o + 1]!;
            const w = z + offsets[o + 2]!;
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
