import os from 'node:os';
import workerThreads from 'node:worker_threads';
import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { setUpBackend } from '@inner-ear-hydrops/core/segmentation';
import { wasmFolder } from './modelFiles';
import { withWasmThreads } from './wasmThreads';

it('runs the network on two threads, with the same numbers, and leaves Node as it was', async () => {
  const [cpus, Worker] = [os.cpus, workerThreads.Worker];
  const name = await withWasmThreads(2, (wasmThreads) =>
    setUpBackend({ backend: 'wasm', wasmPath: wasmFolder(), wasmThreads })
  );
  expect(name).toEqual({ backend: 'wasm (2 threads)', passedOver: '' });
  expect(getThreadsCount()).toBe(2);
  expect([os.cpus, workerThreads.Worker, 'Worker' in globalThis]).toEqual([cpus, Worker, false]);
  const [image, kernel] = [
    Float32Array.from({ length: 64 * 64 * 8 }, (_, n) => Math.sin(n)),
    Float32Array.from({ length: 3 * 3 * 8 * 16 }, (_, n) => Math.cos(n)),
  ];
  const found = tf.tidy(() =>
    tf
      .conv2d(tf.tensor4d(image, [1, 64, 64, 8]), tf.tensor4d(kernel, [3, 3, 8, 16]), 1, 'same')
      .dataSync()
  );
  // One pixel in the middle and one of the last row, which another thread computes.
  for (const [y, x] of [
    [20, 31],
    [62, 5],
  ] as const) {
    let expected = 0;
    for (let v = 0; v < 3; v++)
      for (let u = 0; u < 3; u++)
        for (let c = 0; c < 8; c++)
          expected +=
            image[c + 8 * (x + u - 1 + 64 * (y + v - 1))]! *
            kernel[3 + 16 * (c + 8 * (u + 3 * v))]!;
    expect(found[3 + 16 * (x + 64 * y)]).toBeCloseTo(expected, 3);
  }
});
