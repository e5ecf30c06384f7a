import { firstItems } from '@inner-ear-hydrops/core';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';
import { buildUNet } from '@inner-ear-hydrops/core/segmentation';
import { registerTrainingKernels } from './wasmKernels';

beforeAll(() => {
  const folder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  wasm.setWasmPaths(path.join(folder, 'dist') + path.sep);
  registerTrainingKernels();
});

/** Largest difference between two lists, relative to the largest value. */
function difference(a: Float32Array, b: Float32Array): number {
  let largest = 0;
  let scale = 1e-12;
  a.forEach((value, index) => {
    largest = Math.max(largest, Math.abs(value - b[index]!));
    scale = Math.max(scale, Math.abs(b[index]!));
  });
  return largest / scale;
}

async function gradients(backend: string): Promise<Map<string, Float32Array>> {
  await tf.setBackend(backend);
  // One image: the JavaScript backend's gradient of nearest-neighbour resizing is wrong for more.
  const network = buildUNet({ slices: 3, classes: 4, width: 4, depth: 2, seed: 5 });
  const input = tf.tidy(() => tf.abs(tf.randomNormal([1, 16, 12, 3], 0, 1, 'float32', 7)));
  const target = tf.tidy(() => tf.randomUniform([1, 16, 12, 4], 0, 1, 'float32', 8));
  const { grads } = tf.variableGrads(() =>
    tf.mean(tf.mul(target, network.apply(input, { training: true }) as tf.Tensor))
  );
  const values = new Map<string, Float32Array>();
  for (const variable of network.trainableWeights) {
    const name = variable.originalName;
    const gradient = Object.entries(grads).find(([key]) => key === variable.name)?.[1];
    if (gradient) values.set(name, (await gradient.data()) as Float32Array);
  }
  return values;
}

describe('training on WASM', () => {
  it('has the same gradients as the JavaScript backend, so that what is learnt is right', async () => {
    const expected = await gradients('cpu');
    const found = await gradients('wasm');
    expect(found.size).toBe(expected.size);
    expect(found.size).toBeGreaterThan(10);
    for (const [name, values] of expected) {
      const own = found.get(name);
      expect(own && difference(own, values)).toBeLessThan(1e-4);
    }
  });

  it('adds up over a batch as over its images one by one', async () => {
    await tf.setBackend('wasm');
    const images = tf.randomNormal<tf.Rank.R4>([3, 6, 4, 2], 0, 1, 'float32', 9);
    const weights = tf.randomNormal<tf.Rank.R4>([3, 12, 8, 2], 0, 1, 'float32', 10);
    const gradient = (x: tf.Tensor4D, w: tf.Tensor4D) =>
      tf.grad((input: tf.Tensor) =>
        tf.sum(tf.mul(w, tf.image.resizeNearestNeighbor(input as tf.Tensor4D, [12, 8])))
      )(x);
    const together = (await gradient(images, weights).data()) as Float32Array;
    for (let n = 0; n < 3; n++) {
      const alone = gradient(
        tf.slice(images, [n, 0, 0, 0], [1, 6, 4, 2]),
        tf.slice(weights, [n, 0, 0, 0], [1, 12, 8, 2])
      );
      const expected = (await alone.data()) as Float32Array;
      expect(difference(together.slice(n * 48, (n + 1) * 48), expected)).toBeLessThan(1e-6);
    }
  });

  it.each(['same', 'valid'] as const)('agrees for one convolution with %s padding', async (pad) => {
    const run = async (backend: string) => {
      await tf.setBackend(backend);
      const x = tf.randomNormal<tf.Rank.R4>([2, 7, 6, 3], 0, 1, 'float32', 3);
      const filter = tf.randomNormal<tf.Rank.R4>([3, 3, 3, 5], 0, 1, 'float32', 4);
      const [dx, dw] = firstItems(
        tf.grads((a: tf.Tensor, b: tf.Tensor) =>
          tf.sum(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, pad)))
        )([x, filter]),
        2
      );
      return [(await dx.data()) as Float32Array, (await dw.data()) as Float32Array];
    };
    const expected = await run('cpu');
    const found = await run('wasm');
    expect(difference(found[0]!, expected[0]!)).toBeLessThan(1e-5);
    expect(difference(found[1]!, expected[1]!)).toBeLessThan(1e-5);
  });

  it.each([
    [2, 'same', 7, 3],
    [2, 'valid', 9, 4],
    [3, 'same', 11, 6],
  ] as const)('agrees for a stride of %i with %s padding', async (stride, pad, side, size) => {
    const run = async (backend: string) => {
      await tf.setBackend(backend);
      const x = tf.randomNormal<tf.Rank.R4>([2, side, side - 1, 3], 0, 1, 'float32', 3);
      const filter = tf.randomNormal<tf.Rank.R4>([size, size, 3, 5], 0, 1, 'float32', 4);
      const [dx, dw] = firstItems(
        tf.grads((a: tf.Tensor, b: tf.Tensor) =>
          tf.sum(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad)))
        )([x, filter]),
        2
      );
      return [(await dx.data()) as Float32Array, (await dw.data()) as Float32Array];
    };
    const [expected, found] = [await run('cpu'), await run('wasm')];
    expect(difference(found[0]!, expected[0]!)).toBeLessThan(1e-5);
    expect(difference(found[1]!, expected[1]!)).toBeLessThan(1e-5);
  });

  it('agrees for a transposed convolution, whose gradients are strided convolutions', async () => {
    const run = async (backend: string) => {
      await tf.setBackend(backend);
      const x = tf.randomNormal<tf.Rank.R4>([2, 4, 4, 3], 0, 1, 'float32', 5);
      const filter = tf.randomNormal<tf.Rank.R4>([4, 4, 5, 3], 0, 1, 'float32', 6);
      const { value, grads } = tf.valueAndGrads((a: tf.Tensor, b: tf.Tensor) =>
        tf.sum(
          tf.square(tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, [2, 8, 8, 5], 2, 'same'))
        )
      )([x, filter]);
      const values = [value, ...grads].map((tensor) => tensor.data() as Promise<Float32Array>);
      return Promise.all(values);
    };
    const [expected, found] = [await run('cpu'), await run('wasm')];
    found.forEach((values, n) => expect(difference(values, expected[n]!)).toBeLessThan(1e-5));
  });
});
