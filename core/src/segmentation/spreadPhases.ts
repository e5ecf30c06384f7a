import { itemAt } from '../items';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** A layer that makes its map several times finer, computed on the coarse map. */
export interface FoldedConvolution {
  /**
   * @param coarse [n, rows, columns, channels]
   * @param other joined along the channels with the result, null for none
   * @param resultFirst whether the result's channels come before the other's
   * @returns [n, stride · rows, stride · columns, channels of the result and of the other]
   */
  apply(coarse: tf.Tensor4D, other: tf.Tensor4D | null, resultFirst: boolean): tf.Tensor4D;
  dispose(): void;
}

const SPREAD = 'SpreadPhases';

interface SpreadAttributes {
  stride: number;
  channels: number;
  resultFirst: boolean;
}

/**
 * Every fine pixel sees 2 × 2 coarse ones, through taps that depend on its phase: (y + stride / 2) modulo
 * stride, and the same for x. One 2 × 2 convolution computes all phases as channels, for each corner
 * between coarse pixels; they are then put to their places.
 * @param kernel [2, 2, in, stride² · out], phases by row, then by column; disposed of with the result
 * @param bias [out]
 */
export function convolveByPhases(
  kernel: tf.Tensor4D,
  bias: tf.Tensor,
  stride: number,
  activation: 'relu' | 'linear'
): FoldedConvolution {
  registerSpread();
  const channels = bias.size;
  const biases = tf.tidy(() => tf.tile(bias, [stride * stride]));
  return {
    apply: (coarse, other, resultFirst) =>
      tf.tidy(() => {
        const phases = tf.fused.conv2d({
          x: coarse,
          filter: kernel,
          strides: 1,
          pad: 1,
          bias: biases,
          activation,
        });
        const inputs: tf.NamedTensorMap = other ? { phases, other } : { phases };
        const attributes = { stride, channels, resultFirst };
        return tf.engine().runKernel<tf.Tensor4D>(SPREAD, inputs, attributes);
      }),
    dispose: () => tf.dispose([kernel, biases]),
  };
}

let registered = false;

/** The phases put to their places on the fine grid, beside another map's channels. */
function registerSpread(): void {
  if (registered) return;
  registered = true;
  tf.registerKernel({
    kernelName: SPREAD,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      spread(
        inputs.phases as tf.TensorInfo,
        inputs.other ?? null,
        attrs as unknown as SpreadAttributes,
        backend as BackendWasm
      ),
  });
}

function spread(
  phases: tf.TensorInfo,
  other: tf.TensorInfo | null,
  { stride, channels, resultFirst }: SpreadAttributes,
  backend: BackendWasm
): tf.TensorInfo {
  const { shape } = phases;
  const [count, rows, columns] = [itemAt(shape, 0), itemAt(shape, 1), itemAt(shape, 2)];
  const [height, width] = [stride * (rows - 1), stride * (columns - 1)];
  const others = other?.shape[3] ?? 0;
  const output = backend.makeOutput([count, height, width, channels + others], 'float32');
  // Two channels at a time where their number allows: pairs of finite floats are finite doubles.
  const pair = channels % 2 === 0 && others % 2 === 0 ? 2 : 1;
  const valuesOf = (tensor: tf.TensorInfo) => {
    const { buffer, byteOffset, length } = backend.typedArrayFromHeap(tensor) as Float32Array;
    return pair === 2
      ? new Float64Array(buffer, byteOffset, length / 2)
      : new Float32Array(buffer, byteOffset, length);
  };
  const [source, target] = [valuesOf(phases), valuesOf(output)];
  const [own, extra] = [channels / pair, others / pair];
  const total = own + extra;
  const ownAt = resultFirst ? 0 : extra;
  const half = stride / 2;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      const [row, rowPhase] = [Math.floor((y + half) / stride), (y + half) % stride];
      let to = width * (y + height * n) * total + ownAt;
      // Corner and phase of the pixels along the row.
      let corner = columns * (row + rows * n);
      let phase = half;
      for (let x = 0; x < width; x++, to += total) {
        const from = (stride * (stride * corner + rowPhase) + phase) * own;
        for (let value = 0; value < own; value++) target[to + value] = source[from + value]!;
        if (++phase === stride) {
          phase = 0;
          corner++;
        }
      }
    }
  }
  if (other) {
    const values = valuesOf(other);
    let from = 0;
    for (let to = resultFirst ? own : 0; from < values.length; to += total) {
      for (let value = 0; value < extra; value++) target[to + value] = values[from++]!;
    }
  }
  return output;
}
