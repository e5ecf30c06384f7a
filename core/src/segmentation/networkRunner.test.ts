import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openModel } from '../model';
import { setUpBackend } from './backend';
import { loadNetwork } from './loadNetwork';
import { createNetworkRunner } from './networkRunner';
import { buildNetwork, type NetworkPlan } from './networks';

const folder = path.join(__dirname, '../../../models/inner-ear-unet');
const wasmFolder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));

beforeAll(async () => {
  await setUpBackend({ backend: 'wasm', wasmPath: path.join(wasmFolder, 'dist') + path.sep });
});

/** Largest difference of the two ways to run a network; also that nothing is left behind. */
function difference(network: LayersModel, shape: [number, number, number, number]): number {
  const before = tf.memory().numTensors;
  const runner = createNetworkRunner(network);
  const largest = tf.tidy(() => {
    const input = tf.randomUniform<tf.Rank.R4>(shape, 0, 1.5, 'float32', 7);
    const expected = network.predict(input) as tf.Tensor4D;
    const found = runner.run(input);
    expect(found.shape).toEqual(expected.shape);
    // Neither all alike nor all one class: a difference would show.
    expect(tf.moments(expected).variance.dataSync()[0]).toBeGreaterThan(1e-6);
    return tf.max(tf.abs(tf.sub(found, expected))).dataSync()[0]!;
  });
  runner.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return largest;
}

/** Zero biases, as they are drawn, would hide a bias that is left out. */
function build(plan: NetworkPlan): LayersModel {
  const network = buildNetwork(plan, 3);
  const weights = network
    .getWeights()
    .map((weight, n) =>
      weight.rank === 1 ? tf.randomNormal(weight.shape, 0, 0.3, 'float32', n + 1) : weight.clone()
    );
  network.setWeights(weights);
  tf.dispose(weights);
  return network;
}

const VGG = { classes: 3, width: 2, head: 6, dropout: 0.6 };

describe('a network prepared for speed', () => {
  it.each(['segmentation', 'locator'] as const)(
    'gives what the layers of the shipped %s network give',
    async (name) => {
      const model = await openModel(
        async (file) => Uint8Array.from(await readFile(path.join(folder, file))).buffer
      );
      const description = model.manifest.networks[name];
      if (!description) throw new Error(`The shipped model has no ${name} network.`);
      const channels = description.network_data_format.inputs.image.num_channels;
      const network = await loadNetwork(model, description);
      // Odd numbers of pooled rows and columns, several slices.
      expect(difference(network, [2, 104, 88, channels])).toBeLessThan(1e-5);
      network.dispose();
    }
  );

  it.each<NetworkPlan>([
    { architecture: 'unet', slices: 3, classes: 3, width: 3, depth: 2 },
    { architecture: '3into3vgg', ...VGG },
    { architecture: '3into3vgg', decoder: 'unet', ...VGG },
    { architecture: 'concat3into1vgg', ...VGG },
    { architecture: 'concat3into1vgg', decoder: 'unet', ...VGG },
  ])('gives what the layers give: %o', (plan) => {
    const network = build(plan);
    expect(difference(network, [2, 100, 100, 3])).toBeLessThan(1e-5);
    network.dispose();
  });
});
