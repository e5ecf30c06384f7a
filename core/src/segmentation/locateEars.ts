import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  earCandidates,
  normalise,
  resampleSeparable,
  samplesInside,
  type AxisSampling,
  type EarCandidate,
} from '../ears';
import type { NetworkDescription } from '../model';
import type { Vector3, Volume } from '../types';
import { voxelToWorld } from '../volume/geometry';
import { runNetwork } from './runNetwork';

/** Batches are larger than for the ears: the patches are coarse. */
const BATCH = 8;

/**
 * The coarse, normalised grid that the locator sees.
 * @param axial a volume whose axes run nearly along +x, +y, +z
 */
export function locatorInput(
  axial: Volume,
  description: NetworkDescription
): { values: Float32Array; size: Vector3; axes: [AxisSampling, AxisSampling, AxisSampling] } {
  const image = description.network_data_format.inputs.image;
  const axes = [0, 1, 2].map((axis): AxisSampling => {
    const step = image.spacing[axis] / axial.spacing[axis];
    const count = Math.max(Math.round(axial.size[axis] / step), 1);
    return { start: (axial.size[axis] - 1) / 2 - ((count - 1) / 2) * step, step, count };
  }) as [AxisSampling, AxisSampling, AxisSampling];
  const size = axes.map((axis) => axis.count) as Vector3;
  const values = resampleSeparable(axial.data, axial.size, axes);
  const inside = axes.map((axis, index) => samplesInside(axis, axial.size[index]));
  normalise(values, size, image.spacing, inside, image.normalisation);
  return { values, size, axes };
}

/**
 * Finds ears anywhere in a stack.
 * @param axial a volume whose axes run nearly along +x, +y, +z
 * @returns candidates, strongest first
 */
export async function locateEars(
  axial: Volume,
  network: LayersModel,
  description: NetworkDescription,
  options: { signal?: AbortSignal; onProgress?: (fraction: number) => void }
): Promise<EarCandidate[]> {
  const image = description.network_data_format.inputs.image;
  const { values, size, axes } = locatorInput(axial, description);
  const { probabilities, classes } = await runNetwork(network, values, size, {
    channels: image.num_channels,
    multipleOf: image.multiple_of,
    batch: BATCH,
    ...options,
  });
  const names = description.network_data_format.outputs.pred.channel_def;
  const channel = (wanted: string) => {
    const index = Number(Object.keys(names).find((key) => names[key] === wanted));
    return Float32Array.from(
      { length: values.length },
      (_, voxel) => probabilities[voxel * classes + index]
    );
  };
  return earCandidates({
    size,
    spacing: image.spacing,
    left: channel('left ear'),
    right: channel('right ear'),
    toWorld: (index) =>
      voxelToWorld(
        axial,
        index.map((value, axis) => axes[axis].start + value * axes[axis].step) as Vector3
      ),
  });
}
