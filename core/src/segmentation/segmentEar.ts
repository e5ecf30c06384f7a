import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  cutCrop,
  keepOneLabyrinth,
  mirrorColumns,
  planCrop,
  resampleSeparable,
  type CropLayout,
} from '../ears';
import type { NetworkDescription } from '../model';
import { ANATOMY, type EarSide, type Organ, type Vector3, type Volume } from '../types';
import { voxelToWorld, voxelVolume, worldToVoxel } from '../volume/geometry';
import { runNetwork } from './runNetwork';

/** Slices within this distance of the centre are segmented, mm. */
const HALF_HEIGHT = 13;
const BATCH = 8;
/** The labyrinth's centre may lie this far from the crop's before the crop is moved, mm. */
const OFF_CENTER = 4;

/** One ear's labels on part of the image's grid. */
export interface EarLabels {
  side: EarSide;
  /** LPS mm. */
  center: Vector3;
  /** First voxel and size of the box, in voxels of the axial volume. */
  first: Vector3;
  size: Vector3;
  /** `ANATOMY` codes (without the right ear's offset), voxel order as in Volume. */
  labels: Uint8Array;
  confidence: Record<Organ, number>;
  /** mm³ */
  volumes: Record<Organ, number>;
  /** Millimetres between the centroids of cochlea and vestibule; 0 when one is missing. */
  organDistance: number;
}

/**
 * Segments one ear about a point; moves the crop once if the labyrinth lies off its centre.
 * @param axial a volume whose axes run nearly along +x, +y, +z
 * @param center LPS mm
 */
export async function segmentEar(
  axial: Volume,
  side: EarSide,
  center: Vector3,
  network: LayersModel,
  description: NetworkDescription,
  options: { signal?: AbortSignal; onProgress?: (fraction: number) => void; recenter?: boolean }
): Promise<EarLabels> {
  const image = description.network_data_format.inputs.image;
  const layout = planCrop(axial, worldToVoxel(axial, center), {
    patch: image.spatial_shape,
    spacing: image.spacing,
    sliceSpacing: image.slice_spacing,
    halfHeight: HALF_HEIGHT,
  });
  const size = layout.axes.map((axis) => axis.count) as Vector3;
  const mirrored = image.mirrored_ear === side;
  const values = cutCrop(axial, layout, image.normalisation, mirrored);
  const { probabilities, classes } = await runNetwork(network, values, size, {
    channels: image.num_channels,
    multipleOf: image.multiple_of,
    batch: BATCH,
    signal: options.signal,
    onProgress: options.onProgress,
  });
  const planes = splitClasses(probabilities, classes);
  if (mirrored) planes.forEach((plane) => mirrorColumns(plane, size[0]));
  const found = labelsOnImage(axial, layout, planes, description);
  const expected = worldToVoxel(axial, center).map((value, axis) => value - found.first[axis]);
  keepOneLabyrinth(found.labels, found.size, axial.spacing, expected as Vector3);
  const ear: EarLabels = { side, center, ...found, ...describeOrgans(axial, found) };
  const middle = labyrinthCenter(axial, found);
  if (options.recenter !== false && middle) {
    const shift = Math.hypot(...middle.map((value, axis) => value - center[axis]));
    if (shift > OFF_CENTER && shift < 25) {
      return segmentEar(axial, side, middle, network, description, { ...options, recenter: false });
    }
  }
  return ear;
}

function splitClasses(probabilities: Float32Array, classes: number): Float32Array[] {
  const voxels = probabilities.length / classes;
  return Array.from({ length: classes }, (_, channel) => {
    const plane = new Float32Array(voxels);
    for (let voxel = 0; voxel < voxels; voxel++) {
      plane[voxel] = probabilities[voxel * classes + channel];
    }
    return plane;
  });
}

interface BoxLabels {
  first: Vector3;
  size: Vector3;
  labels: Uint8Array;
  /** Probability of the class that each voxel was given. */
  certainty: Float32Array;
}

/** Probabilities of the crop interpolated to the image's voxels, then the likeliest class. */
function labelsOnImage(
  axial: Volume,
  layout: CropLayout,
  planes: Float32Array[],
  description: NetworkDescription
): BoxLabels {
  const first: Vector3 = [0, 0, 0];
  const size: Vector3 = [0, 0, 0];
  const cropSize = layout.axes.map((axis) => axis.count) as Vector3;
  const back = layout.axes.map((axis, index) => {
    const low = Math.max(Math.ceil(axis.start - 1e-6), 0);
    const last = axis.start + (axis.count - 1) * axis.step;
    const high = Math.min(Math.floor(last + 1e-6), axial.size[index] - 1);
    first[index] = low;
    size[index] = Math.max(high - low + 1, 0);
    return { start: (low - axis.start) / axis.step, step: 1 / axis.step, count: size[index] };
  });
  const voxels = size[0] * size[1] * size[2];
  const labels = new Uint8Array(voxels);
  const certainty = new Float32Array(voxels);
  if (voxels === 0) return { first, size, labels, certainty };
  planes.forEach((plane, channel) => {
    const code = classCode(description, channel);
    const onImage = resampleSeparable(plane, cropSize, [back[0], back[1], back[2]]);
    for (let voxel = 0; voxel < voxels; voxel++) {
      if (onImage[voxel] > certainty[voxel]) {
        certainty[voxel] = onImage[voxel];
        labels[voxel] = code;
      }
    }
  });
  return { first, size, labels, certainty };
}

const CLASS_CODES: Record<string, number> = { ...ANATOMY };

function classCode(description: NetworkDescription, channel: number): number {
  return CLASS_CODES[description.network_data_format.outputs.pred.channel_def[channel]] ?? 0;
}

function describeOrgans(
  axial: Volume,
  box: BoxLabels
): Pick<EarLabels, 'confidence' | 'volumes' | 'organDistance'> {
  const confidence = { cochlea: 0, vestibule: 0 };
  const volumes = { cochlea: 0, vestibule: 0 };
  for (const organ of ['cochlea', 'vestibule'] as const) {
    let voxels = 0;
    let sum = 0;
    box.labels.forEach((label, voxel) => {
      if (label !== ANATOMY[organ]) return;
      voxels++;
      sum += box.certainty[voxel];
    });
    confidence[organ] = voxels ? sum / voxels : 0;
    volumes[organ] = voxels * voxelVolume(axial);
  }
  const cochlea = centroid(axial, box, [ANATOMY.cochlea]);
  const vestibule = centroid(axial, box, [ANATOMY.vestibule]);
  const organDistance =
    cochlea && vestibule ? Math.hypot(...cochlea.map((value, axis) => value - vestibule[axis])) : 0;
  return { confidence, volumes, organDistance };
}

function labyrinthCenter(axial: Volume, box: BoxLabels): Vector3 | null {
  return centroid(axial, box, [
    ANATOMY.cochlea,
    ANATOMY.vestibule,
    ANATOMY.lateralCanal,
    ANATOMY.otherCanals,
  ]);
}

function centroid(axial: Volume, box: BoxLabels, codes: number[]): Vector3 | null {
  const sum: Vector3 = [0, 0, 0];
  let count = 0;
  let voxel = 0;
  for (let k = 0; k < box.size[2]; k++) {
    for (let j = 0; j < box.size[1]; j++) {
      for (let i = 0; i < box.size[0]; i++, voxel++) {
        if (!codes.includes(box.labels[voxel])) continue;
        count++;
        sum[0] += i;
        sum[1] += j;
        sum[2] += k;
      }
    }
  }
  if (count === 0) return null;
  return voxelToWorld(axial, sum.map((s, axis) => box.first[axis] + s / count) as Vector3);
}
