import { itemAt } from '../items';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** Runs shorter than this are copied value by value: a view and a `set` for each cost more. */
const SHORT_RUN = 64;

/**
 * Replaces the WASM backend's concatenation, which makes a view for every pixel where channels are
 * joined: in a U-Net that took a third of the time and most of the garbage. The values are the same.
 */
export function registerFastConcat(): void {
  const native = tf.getKernel(tf.Concat, 'wasm');
  if (!native || registered) return;
  registered = true;
  tf.unregisterKernel(tf.Concat, 'wasm');
  tf.registerKernel({
    ...native,
    kernelFunc: (call) => {
      const inputs = call.inputs as unknown as tf.TensorInfo[];
      const { axis } = call.attrs as unknown as tf.ConcatAttrs;
      const fast = joinRows(inputs, axis, call.backend as BackendWasm);
      return fast ?? native.kernelFunc(call);
    },
  });
}

let registered = false;

/** The joined tensor, or null where the native kernel does better. */
function joinRows(
  inputs: tf.TensorInfo[],
  axis: number,
  backend: BackendWasm
): tf.TensorInfo | null {
  const { shape: first } = itemAt(inputs, 0);
  const rank = first.length;
  const along = axis < 0 ? axis + rank : axis;
  const runs = inputs.map(({ shape }) => tf.util.sizeFromShape(shape.slice(along)));
  const suitable =
    inputs.length > 1 &&
    inputs.every(({ dtype }) => dtype === 'float32') &&
    runs.every((run) => run > 0 && run < SHORT_RUN);
  if (!suitable) return null;
  const shapes = inputs.map(({ shape }) => shape);
  tf.backend_util.assertParamsConsistent(shapes, along);
  const output = backend.makeOutput(tf.backend_util.computeOutShape(shapes, along), 'float32');
  const rows = tf.util.sizeFromShape(first.slice(0, along));
  const width = runs.reduce((sum, run) => sum + run, 0);
  const target = backend.typedArrayFromHeap(output) as Float32Array;
  let offset = 0;
  inputs.forEach((input, n) => {
    const source = backend.typedArrayFromHeap(input) as Float32Array;
    const run = runs[n]!;
    let from = 0;
    for (let row = 0; row < rows; row++) {
      const to = row * width + offset;
      for (let value = 0; value < run; value++) target[to + value] = source[from + value]!;
      from += run;
    }
    offset += run;
  });
  return output;
}
