import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { setUpBackend, type BackendOptions } from './backend';
import type { InferenceEngine, LoadedNetwork } from './engine';
import { loadNetwork } from './loadNetwork';
import { createNetworkRunner } from './networkRunner';

/**
 * The default engine: tfjs on WebGL, WASM or plain JavaScript.
 * @throws RefusedInputError `backend-unavailable`
 */
export async function createTfjsEngine(options: BackendOptions): Promise<InferenceEngine> {
  return {
    ...(await setUpBackend(options)),
    load: async (model, description) => tfjsNetwork(await loadNetwork(model, description)),
  };
}

/** A network on the tfjs backend in use; it owns the layers, and disposes of them. */
export function tfjsNetwork(layers: LayersModel): LoadedNetwork {
  const runner = createNetworkRunner(layers);
  return {
    classes: runner.classes,
    async run(patches, shape) {
      const output = tf.tidy(() => runner.run(tf.tensor4d(patches, [...shape])));
      try {
        return (await output.data()) as Float32Array;
      } finally {
        output.dispose();
      }
    },
    dispose() {
      runner.dispose();
      layers.dispose();
    },
  };
}
