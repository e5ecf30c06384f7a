import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import { buildNetwork, buildVgg, SCORE_LAYER, type NetworkPlan, type VggOptions } from '.';

beforeAll(async () => {
  const folder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  wasm.setWasmPaths(path.join(folder, 'dist') + path.sep);
  await tf.setBackend('wasm');
});

const SLIM = { classes: 3, width: 2, head: 6, dropout: 0.6 };

/** Convolutions and channels (of the width) of each block. */
const BLOCKS = [
  [2, 1],
  [2, 2],
  [4, 4],
  [4, 8],
  [3, 8],
] as const;

/**
 * Weights and biases of the paper's networks (decoder `fcn8`), counted from the layers' sizes without
 * building them: a convolution has size² · in · out + out.
 */
function vggParameters(options: Omit<VggOptions, 'dropout' | 'seed' | 'decoder'>): number {
  const { width, head, classes } = options;
  const isThree = options.architecture === '3into3vgg';
  const convolutionSize = (size: number, from: number, to: number) => size * size * from * to + to;
  let branch = 0;
  let from = isThree ? 1 : 3;
  for (const [convolutions, channels] of BLOCKS) {
    for (let n = 0; n < convolutions; n++) {
      branch += convolutionSize(3, from, channels * width);
      from = channels * width;
    }
  }
  branch += convolutionSize(7, from, head);
  branch += convolutionSize(1, head, head) + convolutionSize(1, head, classes);
  const [third, fourth] = [BLOCKS[2][1] * width, BLOCKS[3][1] * width];
  const decoder =
    convolutionSize(4, classes, fourth) +
    convolutionSize(4, fourth, third) +
    convolutionSize(16, third, classes);
  return (isThree ? 3 : 1) * branch + decoder;
}

describe('the networks of the paper', () => {
  it('have the parameters that their layers add up to', () => {
    // Counted by hand from Cho et al. (2020): full width, one-channel branches, same padding, and background,
    // cochlea and vestibule as classes.
    const full = { architecture: '3into3vgg' as const, classes: 3, width: 64, head: 4096 };
    expect(vggParameters(full)).toBe(413_983_820);
    for (const architecture of ['3into3vgg', 'concat3into1vgg'] as const) {
      const network = buildVgg({ architecture, ...SLIM });
      expect(network.countParams()).toBe(vggParameters({ architecture, ...SLIM }));
      network.dispose();
    }
  });

  it('halve a patch of 100 five times and bring it back, joining the main slice’s poolings', () => {
    const network = buildVgg({ architecture: '3into3vgg', ...SLIM });
    const shape = (layer: string) => network.getLayer(layer).outputShape;
    for (const [n, side] of [50, 25, 13, 7, 4].entries()) {
      const channels = SLIM.width * [1, 2, 4, 8, 8][n]!;
      for (const slice of [0, 1, 2])
        expect(shape(`slice${slice}_pool${n + 1}`)).toEqual([null, side, side, channels]);
    }
    expect(shape('sum_of_slices')).toEqual([null, 4, 4, 3]);
    expect(shape('joined1')).toEqual([null, 7, 7, 16]);
    expect(shape('joined2')).toEqual([null, 13, 13, 8]);
    expect(shape('deconvolution3')).toEqual([null, 104, 104, 3]);
    expect(shape(SCORE_LAYER)).toEqual([null, 100, 100, 3]);
    // Fifteen convolutions a branch before its head.
    const convolutions = network.layers.filter((layer) => /^slice1_conv/.test(layer.name));
    expect(convolutions.length).toBe(15);
    network.dispose();
  });

  it('give every slice a branch of its own', () => {
    const network = buildVgg({ architecture: '3into3vgg', ...SLIM });
    const seen = [0, 1, 2].map((slice) => network.getLayer(`slice${slice}_image`).outputShape);
    expect(seen).toEqual(Array(3).fill([null, 100, 100, 1]));
    const score = (slice: number) =>
      tf.tidy(() => {
        const input = tf.buffer([1, 100, 100, 3]);
        for (let i = 40; i < 60; i++) for (let j = 40; j < 60; j++) input.set(1, 0, i, j, slice);
        return (network.predict(input.toTensor()) as tf.Tensor).dataSync();
      });
    const [first, second] = [score(0), score(1)];
    expect(Math.max(...first.map((value, n) => Math.abs(value - second[n]!)))).toBeGreaterThan(
      1e-4
    );
    network.dispose();
  });

  it.each<NetworkPlan>([
    { architecture: '3into3vgg', ...SLIM },
    { architecture: 'concat3into1vgg', ...SLIM },
    { architecture: '3into3vgg', decoder: 'unet', ...SLIM },
    { architecture: 'unet', slices: 3, classes: 3, width: 2, depth: 2 },
    { architecture: 'unet', slices: 3, classes: 3, width: 2, depth: 2, blocks: 'residual' },
  ])('$architecture gives class probabilities, the same for the same seed', async (plan) => {
    const before = tf.memory().numTensors;
    const networks = [buildNetwork(plan, 3), buildNetwork(plan, 3)];
    const results = networks.map((network) =>
      tf.tidy(() => {
        const image = tf.randomUniform([1, 100, 100, 3], 0, 1, 'float32', 5);
        const output = network.predict(image) as tf.Tensor4D;
        expect(output.shape).toEqual([1, 100, 100, 3]);
        return { sums: tf.sum(output, 3).dataSync(), values: output.dataSync() };
      })
    );
    for (const sum of results[0]!.sums) expect(sum).toBeCloseTo(1, 4);
    expect(results[1]!.values).toEqual(results[0]!.values);
    for (const network of networks) network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
