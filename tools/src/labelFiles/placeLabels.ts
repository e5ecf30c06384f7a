import {
  cornerIndices,
  distance,
  mapAxes,
  perAxis,
  RefusedInputError,
  SEGMENTS,
  voxelToWorld,
  worldToVoxel,
  type Axis,
  type LabelVolume,
  type PerAxis,
  type Segment,
  type Series,
  type Vector3,
  type Warning,
} from '@inner-ear-hydrops/core';
import { nearestVoxel, resampledWarning } from '@inner-ear-hydrops/core/dicom';
import type { LabelImage, Lattice } from './labelImage';

/** Millimetres by which voxels may lie beside those of the images and still be these. */
const SAME_LATTICE = 0.05;

/** Which organ a label is: the first argument is the layer. */
export type OrganOfLabel = (layer: number, value: number) => Segment | null;

export interface PlacedLabels {
  labels: LabelVolume;
  /** Voxels of two organs; the first keeps them. */
  overlapping: number;
  warnings: Warning[];
}

/**
 * Labels of a file on MRC's grid. On voxels of MRC they are taken as they are, whatever the order and the direction of the
 * file's axes and however many of MRC's slices it has; on another grid a voxel of MRC belongs to an organ when its centre lies
 * in a voxel of the organ, with a warning, as of a segmentation of other software.
 *
 * @throws RefusedInputError `labels-outside-images`
 */
export function placeLabels(
  file: string,
  image: LabelImage,
  mrc: Series,
  organOf: OrganOfLabel
): PlacedLabels {
  const { size, spacing, origin, direction } = mrc.volume;
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  const labels = { ...{ size, spacing, origin, direction }, data, segments: [...SEGMENTS] };
  const numbers = numbersOf(image, organOf);
  refuseOutside(file, image, mrc, numbers);
  const onLattice = latticeOf(image, mrc);
  const overlapping = onLattice
    ? copyVoxels(image, onLattice, labels, numbers)
    : sampleVoxels(image, labels, numbers);
  const warnings = onLattice ? [] : [resampled(image, labels, numbers)];
  return { labels, overlapping, warnings };
}

/** Numbers of `SEGMENTS`, 0 for none, for each voxel of each layer that holds an organ. */
function numbersOf({ layers }: LabelImage, organOf: OrganOfLabel): Uint8Array[] {
  return layers.flatMap((layer, n) => {
    const known = new Map<number, number>([[0, 0]]);
    const numbers = Uint8Array.from(layer, (value) => {
      let number = known.get(value);
      if (number === undefined) known.set(value, (number = organOf(n, value)?.number ?? 0));
      return number;
    });
    return numbers.some((number) => number > 0) ? [numbers] : [];
  });
}

const placeOf = ({ origin, steps }: Lattice, [i, j, k]: Vector3): Vector3 =>
  perAxis((axis) => origin[axis] + i * steps[0][axis] + j * steps[1][axis] + k * steps[2][axis]);

/** MRC's index of the voxel (0, 0, 0), and the steps from it along the file's axes. */
interface OnLattice {
  zero: Vector3;
  steps: PerAxis<Vector3>;
}

/** Where every voxel of the file is a voxel of MRC; null where one is not. */
function latticeOf(image: LabelImage, { volume }: Series): OnLattice | null {
  const at = (index: Vector3) => worldToVoxel(volume, placeOf(image, index));
  const rounded = (index: Vector3): Vector3 => mapAxes(index, Math.round);
  const zero = rounded(at([0, 0, 0]));
  const exact = at([0, 0, 0]);
  const steps = perAxis((axis) => {
    const next = at(perAxis((one) => (one === axis ? 1 : 0)));
    return rounded(mapAxes(next, (value, one) => value - exact[one]));
  });
  const isStep = (step: Vector3, axis: Axis) =>
    image.size[axis] === 1 || step.reduce((sum, value) => sum + Math.abs(value), 0) === 1;
  if (!steps.every((step, axis) => isStep(step, axis as Axis))) return null;
  const isSame = cornerIndices({ ...volume, size: image.size }).every((index) => {
    const expected = voxelToWorld(volume, indexOn({ zero, steps }, index));
    return distance(expected, placeOf(image, index)) <= SAME_LATTICE;
  });
  return isSame ? { zero, steps } : null;
}

const indexOn = ({ zero, steps }: OnLattice, [i, j, k]: Vector3): Vector3 =>
  perAxis((axis) => zero[axis] + i * steps[0][axis] + j * steps[1][axis] + k * steps[2][axis]);

/** Calls back for each voxel of an organ. */
function eachVoxel(
  { size }: Lattice,
  layers: readonly Uint8Array[],
  visit: (number: number, index: Vector3) => void
): void {
  const [columns, rows] = size;
  for (const layer of layers)
    layer.forEach((number, n) => {
      if (number === 0) return;
      const row = Math.floor(n / columns);
      visit(number, [n % columns, row % rows, Math.floor(row / rows)]);
    });
}

function copyVoxels(
  image: LabelImage,
  lattice: OnLattice,
  { data, size: [columns, rows] }: LabelVolume,
  layers: readonly Uint8Array[]
): number {
  let overlapping = 0;
  eachVoxel(image, layers, (number, index) => {
    const [i, j, k] = indexOn(lattice, index);
    const voxel = i + columns * (j + rows * k);
    if (data[voxel] === 0) data[voxel] = number;
    else if (data[voxel] !== number) overlapping++;
  });
  return overlapping;
}

function sampleVoxels(
  image: LabelImage,
  labels: LabelVolume,
  layers: readonly Uint8Array[]
): number {
  const toIndex = inverseOf(image);
  const [columns, rows, slices] = image.size;
  let overlapping = 0;
  let voxel = 0;
  for (let k = 0; k < labels.size[2]; k++)
    for (let j = 0; j < labels.size[1]; j++)
      for (let i = 0; i < labels.size[0]; i++, voxel++) {
        const [x, y, z] = mapAxes(toIndex(voxelToWorld(labels, [i, j, k])), nearestVoxel);
        if (x < 0 || y < 0 || z < 0 || x >= columns || y >= rows || z >= slices) continue;
        for (const layer of layers) {
          const number = layer[x + columns * (y + rows * z)]!;
          if (number === 0) continue;
          if (labels.data[voxel] === 0) labels.data[voxel] = number;
          else if (labels.data[voxel] !== number) overlapping++;
        }
      }
  return overlapping;
}

/** Continuous index of an LPS position; the axes may be skewed. */
function inverseOf({ origin, steps: [a, b, c] }: Lattice): (point: Vector3) => Vector3 {
  const cross = (u: Vector3, v: Vector3): Vector3 => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ];
  const dot = (u: Vector3, v: Vector3) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  const volume = dot(a, cross(b, c));
  const rows: PerAxis<Vector3> = [cross(b, c), cross(c, a), cross(a, b)];
  return (point) => {
    const from = perAxis((axis) => point[axis] - origin[axis]);
    return mapAxes(rows, (row) => dot(row, from) / volume);
  };
}

/** An organ that reaches out of the images was drawn on others, or has lost its place. */
function refuseOutside(
  file: string,
  image: LabelImage,
  { volume, header }: Series,
  layers: readonly Uint8Array[]
): void {
  let outside = 0;
  eachVoxel(image, layers, (_, index) => {
    const at = worldToVoxel(volume, placeOf(image, index));
    if (at.some((value, axis) => value < -0.5 || value > volume.size[axis]! - 0.5)) outside++;
  });
  if (outside === 0) return;
  throw new RefusedInputError(
    'labels-outside-images',
    `${outside} labelled voxels of ${file} lie outside series "${header.seriesDescription}".`,
    'Choose the images that the labels were drawn on; if these are they, the file has lost its geometry, or has left for right.',
    { file, outside }
  );
}

function resampled(
  { steps }: LabelImage,
  labels: LabelVolume,
  layers: readonly Uint8Array[]
): Warning {
  const before = new Map<number, number>();
  for (const layer of layers)
    for (const number of layer) if (number > 0) before.set(number, (before.get(number) ?? 0) + 1);
  const stored = mapAxes(steps, (step) => Math.hypot(...step));
  const organs = SEGMENTS.filter(({ number }) => before.has(number));
  return resampledWarning(labels, { spacing: stored, organs, before });
}
