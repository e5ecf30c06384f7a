import { mapAxes, type Axis, type PerAxis } from '../axes';
import type { Geometry, Vector3, Volume } from '../types';
import { voxelToWorld, axisOf } from './geometry';

/** How the axes of a reoriented grid come from the original axes. */
export interface AxisMapping {
  /** `sourceAxis[a]` is the original axis that became axis a. */
  sourceAxis: PerAxis<Axis>;
  /** True where the axis also runs the other way. */
  flipped: [boolean, boolean, boolean];
  /** Original size. */
  sourceSize: Vector3;
}

export interface ReorientedVolume {
  volume: Volume;
  mapping: AxisMapping;
  /** Values on the reoriented grid (labels, probabilities) brought back to the original grid. */
  toOriginal<T extends Uint8Array | Float32Array>(data: T): T;
  /** Voxel index on the original grid of an index on the reoriented grid. */
  indexToOriginal(index: Vector3): Vector3;
}

const PERMUTATIONS: readonly PerAxis<Axis>[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/**
 * The axis permutation and flips that bring i nearest to +x (patient left), j to +y (posterior)
 * and k to +z (superior). A right-handed grid stays right-handed.
 */
export function nearestAxialMapping(geometry: Geometry): AxisMapping {
  const d = geometry.direction;
  const component = (sourceAxis: number, axis: number): number => d[3 * sourceAxis + axis]!;
  let best: PerAxis<Axis> = [0, 1, 2];
  let bestScore = -Infinity;
  for (const permutation of PERMUTATIONS) {
    const score = permutation.reduce<number>(
      (sum, source, axis) => sum + Math.abs(component(source, axis)),
      0
    );
    if (score > bestScore + 1e-9) {
      best = permutation;
      bestScore = score;
    }
  }
  return {
    sourceAxis: [...best],
    flipped: [component(best[0], 0) < 0, component(best[1], 1) < 0, component(best[2], 2) < 0],
    sourceSize: [...geometry.size],
  };
}

/**
 * The same voxels stored nearest to axial order (i ≈ +x, j ≈ +y, k ≈ +z in LPS): axes are swapped
 * and reversed, nothing is interpolated, every voxel keeps its value and its place in the patient.
 */
export function reorientToNearestAxial(volume: Volume): ReorientedVolume {
  const mapping = nearestAxialMapping(volume);
  return {
    volume: { ...reorientGeometry(volume, mapping), data: permute(volume.data, mapping, true) },
    mapping,
    toOriginal: (data) => permute(data, mapping, false),
    indexToOriginal: (index) => indexToOriginal(mapping, index),
  };
}

function indexToOriginal(mapping: AxisMapping, index: Vector3): Vector3 {
  const original: Vector3 = [0, 0, 0];
  mapping.sourceAxis.forEach((source, axis) => {
    const value = index[axis]!;
    original[source] = mapping.flipped[axis] ? mapping.sourceSize[source] - 1 - value : value;
  });
  return original;
}

/** The grid of `reorientToNearestAxial`, without its voxels. */
export function reorientGeometry(geometry: Geometry, mapping: AxisMapping): Geometry {
  const [i, j, k] = mapAxes(mapping.sourceAxis, (source, axis) => {
    const sign = mapping.flipped[axis] ? -1 : 1;
    return mapAxes(axisOf(geometry, source), (value) => sign * value + 0);
  });
  const [a, b, c] = mapping.sourceAxis;
  return {
    size: [geometry.size[a], geometry.size[b], geometry.size[c]],
    spacing: [geometry.spacing[a], geometry.spacing[b], geometry.spacing[c]],
    origin: voxelToWorld(geometry, indexToOriginal(mapping, [0, 0, 0])),
    direction: [...i, ...j, ...k],
  };
}

function permute<T extends Uint8Array | Float32Array>(
  data: T,
  mapping: AxisMapping,
  forward: boolean
): T {
  const { sourceAxis, flipped, sourceSize } = mapping;
  const stride: Vector3 = [1, sourceSize[0], sourceSize[0] * sourceSize[1]];
  const size = mapAxes(sourceAxis, (source) => sourceSize[source]);
  const step = mapAxes(sourceAxis, (source, axis) =>
    flipped[axis] ? -stride[source] : stride[source]
  );
  const start = sourceAxis.reduce<number>(
    (sum, source, axis) => sum + (flipped[axis] ? (sourceSize[source] - 1) * stride[source] : 0),
    0
  );
  const output = data.slice() as T;
  let n = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      let at = start + k * step[2] + j * step[1];
      for (let i = 0; i < size[0]; i++, n++, at += step[0]) {
        if (forward) output[n] = data[at]!;
        else output[at] = data[n]!;
      }
    }
  }
  return output;
}
