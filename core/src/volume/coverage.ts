import { mapAxes, perAxis } from '../axes';
import type { Geometry, Vector3, Volume } from '../types';
import { cornerIndices, distance, geometryOf, voxelToWorld, worldToVoxel } from './geometry';
import { insideOf, sourceIndex, stepsOf, type ResampleOptions } from './resample';

/**
 * Whole voxels from the index of a point in `target` to its index in `volume`, where both lie on one lattice: same
 * spacing and directions, places that differ by whole voxels (within the tolerance, mm). Null where they do not: then
 * values between the voxels have to be interpolated.
 */
export function latticeShift(
  volume: Geometry,
  target: Geometry,
  toleranceMm = 0.05
): Vector3 | null {
  const shift = mapAxes(worldToVoxel(volume, target.origin), Math.round);
  const apart = cornerIndices(target).map((index) => {
    const there = mapAxes(index, (n, axis) => n + shift[axis]);
    return distance(voxelToWorld(target, index), voxelToWorld(volume, there));
  });
  return apart.every((gap) => gap <= toleranceMm) ? shift : null;
}

/** The values of a volume on a grid of its own lattice, each as it is; 0 where the volume has none. */
export function copyOntoLattice(volume: Volume, target: Geometry, shift: Vector3): Volume {
  const data = new Float32Array(target.size[0] * target.size[1] * target.size[2]);
  const first = mapAxes(shift, (by) => Math.max(0, -by));
  const end = mapAxes(shift, (by, axis) => Math.min(target.size[axis], volume.size[axis] - by));
  for (let k = first[2]; k < end[2]; k++) {
    for (let j = first[1]; j < end[1]; j++) {
      const to = target.size[0] * (j + target.size[1] * k);
      const from = shift[0] + volume.size[0] * (j + shift[1] + volume.size[1] * (k + shift[2]));
      data.set(volume.data.subarray(from + first[0], from + end[0]), to + first[0]);
    }
  }
  return { ...geometryOf(target), data };
}

/**
 * 1 for each voxel of a grid whose centre lies outside the volume, read as `resample` reads it; null where the volume
 * covers the whole grid. A voxel counts as inside up to the outer faces of the outermost voxels.
 */
export function uncoveredBy(
  volume: Geometry,
  target: Geometry,
  options: Pick<ResampleOptions, 'transform'> = {}
): Uint8Array | null {
  const inside = insideOf(volume);
  // Both are boxes: the grid is covered where its corners are.
  const corners = cornerIndices(target).map((index) => sourceIndex(volume, target, options, index));
  if (corners.every(([x, y, z]) => inside(x, y, z))) return null;
  const zero = sourceIndex(volume, target, options, [0, 0, 0]);
  const [si, sj, sk] = stepsOf(volume, target, options);
  const [columns, rows, slices] = target.size;
  const uncovered = new Uint8Array(columns * rows * slices);
  let n = 0;
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      const [x, y, z] = perAxis((axis) => zero[axis] + j * sj[axis] + k * sk[axis]);
      for (let i = 0; i < columns; i++, n++) {
        if (!inside(x + i * si[0], y + i * si[1], z + i * si[2])) uncovered[n] = 1;
      }
    }
  }
  return uncovered;
}
