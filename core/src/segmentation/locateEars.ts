import { mapAxes, perAxis } from '../axes';
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
import type { LoadedNetwork } from './engine';
import { createClassMaps, runNetwork } from './runNetwork';

/**
 * The coarse, normalised grid that the locator sees.
 * @param axial a volume whose axes run nearly along +x, +y, +z
 */
function locatorInput(
  axial: Volume,
  description: NetworkDescription
): { values: Float32Array; size: Vector3; axes: [AxisSampling, AxisSampling, AxisSampling] } {
  const image = description.network_data_format.inputs.image;
  const axes = perAxis((axis): AxisSampling => {
    const step = image.spacing[axis] / axial.spacing[axis];
    const count = Math.max(Math.round(axial.size[axis] / step), 1);
    return { start: (axial.size[axis] - 1) / 2 - ((count - 1) / 2) * step, step, count };
  });
  const size = mapAxes(axes, (axis) => axis.count);
  const values = resampleSeparable(axial.data, axial.size, axes);
  const inside = mapAxes(axes, (axis, index) => samplesInside(axis, axial.size[index]));
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
  network: LoadedNetwork,
  description: NetworkDescription,
  options: { signal?: AbortSignal; onProgress?: (fraction: number) => void }
): Promise<EarCandidate[]> {
  const image = description.network_data_format.inputs.image;
  const { values, size, axes } = locatorInput(axial, description);
  const maps = createClassMaps(network.classes, size);
  let done = 0;
  await runNetwork(network, values, size, [0, size[2]], maps, {
    channels: image.num_channels,
    multipleOf: image.multiple_of,
    signal: options.signal,
    onSlices: (count) => options.onProgress?.((done += count) / size[2]),
  });
  const names = description.network_data_format.outputs.pred.channel_def;
  const channel = (wanted: string) => {
    const index = Number(Object.keys(names).find((key) => names[key] === wanted));
    const heat = new Float32Array(values.length);
    for (let voxel = 0; voxel < heat.length; voxel++)
      heat[voxel] = maps.probabilities[voxel * maps.classes + index]!;
    return heat;
  };
  return earCandidates({
    size,
    spacing: image.spacing,
    left: channel('left ear'),
    right: channel('right ear'),
    toWorld: (index) =>
      voxelToWorld(
        axial,
        mapAxes(index, (value, axis) => axes[axis].start + value * axes[axis].step)
      ),
  });
}
