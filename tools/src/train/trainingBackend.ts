import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setUpBackend } from '@inner-ear-hydrops/core/segmentation';
import { wasmFolder } from '../model/modelFiles';
import { projectRoot } from '../projectRoot';
import { registerTrainingKernels } from './wasmKernels';

/** Native backends that a site may have installed; neither is needed. */
const NATIVE = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/**
 * Makes ready what trains fastest here: TensorFlow's own library where tfjs-node is installed, else
 * WASM with the kernels that it lacks.
 * @param wanted `wasm` passes native libraries over: their sums differ in the last bits
 * @returns its name
 */
export async function setUpTrainingBackend(wanted: 'auto' | 'wasm'): Promise<string> {
  const require = createRequire(path.join(projectRoot(), 'package.json'));
  for (const name of wanted === 'auto' ? NATIVE : []) {
    try {
      require(name);
    } catch {
      continue;
    }
    if (await tf.setBackend('tensorflow')) {
      await tf.ready();
      return `tensorflow (${name})`;
    }
  }
  const { backend } = await setUpBackend({ backend: 'wasm', wasmPath: wasmFolder() });
  registerTrainingKernels();
  return backend;
}
