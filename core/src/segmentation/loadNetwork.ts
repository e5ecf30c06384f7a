import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { readVerified, type ModelFiles, type NetworkDescription } from '../model';
import { RefusedInputError } from '../types';
import { requireFiniteWeights } from './finiteWeights';

interface Topology {
  modelTopology: tf.io.ModelArtifacts['modelTopology'];
  weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
}

/**
 * Loads one network of a model; every file is compared with the manifest's hash first.
 * @throws RefusedInputError `model-file-changed`, `model-file-unlisted`, `model-damaged`, `model-topology-invalid`
 */
export async function loadNetwork(
  model: ModelFiles,
  description: NetworkDescription
): Promise<tfl.LayersModel> {
  const text = new TextDecoder().decode(await readVerified(model, description.topology));
  const folder = description.topology.replace(/[^/]*$/, '');
  try {
    const topology = JSON.parse(text) as Topology;
    const shards: ArrayBuffer[] = [];
    for (const group of topology.weightsManifest) {
      for (const path of group.paths) shards.push(await readVerified(model, folder + path));
    }
    const weightSpecs = topology.weightsManifest.flatMap((group) => group.weights);
    const weightData = join(shards);
    requireFiniteWeights(weightSpecs, weightData, model.manifest.name);
    return await tfl.loadLayersModel(
      tf.io.fromMemory({ modelTopology: topology.modelTopology, weightSpecs, weightData })
    );
  } catch (error) {
    if (error instanceof RefusedInputError) throw error;
    throw new RefusedInputError(
      'model-topology-invalid',
      `The network ${description.topology} of "${model.manifest.name}" cannot be built: ` +
        `${error instanceof Error ? error.message : String(error)}`,
      'Export the model again with `hydrops train`.',
      { path: description.topology }
    );
  }
}

function join(buffers: ArrayBuffer[]): ArrayBuffer {
  const bytes = new Uint8Array(buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0));
  let offset = 0;
  for (const buffer of buffers) {
    bytes.set(new Uint8Array(buffer), offset);
    offset += buffer.byteLength;
  }
  return bytes.buffer;
}
