import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

/** A 3 × 3 convolution of a map that was doubled by repetition, computed from the map itself. */
export interface FoldedConvolution {
  /**
   * @param coarse [n, rows, columns, channels]
   * @param other joined along the channels with the result, null for none
   * @param resultFirst whether the result's channels come before the other's
   * @returns [n, 2 · rows, 2 · columns, channels of the result and of the other]
   */
  apply(coarse: tf.Tensor4D, other: tf.Tensor4D | null, resultFirst: boolean): tf.Tensor4D;
  dispose(): void;
}

const SPREAD = 'SpreadPhases';

/**
 * Of nine taps on a map whose pixels were doubled, several fall on the same coarse pixel: every fine
 * pixel sees 2 × 2 coarse ones, with the taps' weights summed. One 2 × 2 convolution computes all four
 * phases (even and odd rows and columns) as channels, with 4/9 of the multiplications.
 * @returns null unless the layers are nearest-neighbour doubling and a plain 3 × 3 convolution
 */
export function foldUpsampling(
  upsampling: layers.Layer,
  convolution: layers.Layer
): FoldedConvolution | null {
  if (!isDoubling(upsampling) || !isPlainConvolution(convolution)) return null;
  registerSpread();
  const [kernel, bias] = convolution.getWeights();
  const activation = convolution.getConfig().activation as 'relu' | 'linear';
  const channels = kernel.shape[3] ?? 0;
  const folded = tf.tidy(() => ({
    kernel: foldKernel(kernel as tf.Tensor4D),
    bias: tf.tile(bias, [4]),
  }));
  return {
    apply: (coarse, other, resultFirst) =>
      tf.tidy(() => {
        const phases = tf.fused.conv2d({
          x: coarse,
          filter: folded.kernel,
          strides: 1,
          pad: 1,
          bias: folded.bias,
          activation,
        });
        const inputs: tf.NamedTensorMap = other ? { phases, other } : { phases };
        return tf.engine().runKernel(SPREAD, inputs, { channels, resultFirst }) as tf.Tensor4D;
      }),
    dispose: () => tf.dispose(folded),
  };
}

/** [3, 3, in, out] → [2, 2, in, 4 · out], phases in the order even/odd row, then even/odd column. */
function foldKernel(kernel: tf.Tensor4D): tf.Tensor4D {
  const rows = tf.split<tf.Tensor4D>(kernel, 3, 0);
  const foldedRows = pairs(rows).map((taps) => tf.concat(taps, 0));
  const phases = foldedRows.flatMap((row) =>
    pairs(tf.split<tf.Tensor4D>(row, 3, 1)).map((taps) => tf.concat(taps, 1))
  );
  return tf.concat(phases, 3);
}

/** Taps of the even and of the odd phase: the even pixel's last two, the odd one's first two coincide. */
function pairs([before, middle, after]: tf.Tensor4D[]): [tf.Tensor4D, tf.Tensor4D][] {
  return [
    [before, tf.add(middle, after)],
    [tf.add(before, middle), after],
  ];
}

function isDoubling(layer: layers.Layer): boolean {
  if (layer.getClassName() !== 'UpSampling2D') return false;
  const { size, interpolation, dataFormat } = layer.getConfig();
  return (
    String(size) === '2,2' && interpolation === 'nearest' && String(dataFormat) === 'channelsLast'
  );
}

function isPlainConvolution(layer: layers.Layer): boolean {
  if (layer.getClassName() !== 'Conv2D') return false;
  const { kernelSize, strides, padding, dilationRate, useBias, activation, dataFormat } =
    layer.getConfig();
  return (
    String(kernelSize) === '3,3' &&
    String(strides) === '1,1' &&
    String(dilationRate) === '1,1' &&
    String(dataFormat) === 'channelsLast' &&
    padding === 'same' &&
    useBias === true &&
    (activation === 'relu' || activation === 'linear')
  );
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
        (inputs.other as tf.TensorInfo | undefined) ?? null,
        attrs as unknown as { channels: number; resultFirst: boolean },
        backend as BackendWasm
      ),
  });
}

function spread(
  phases: tf.TensorInfo,
  other: tf.TensorInfo | null,
  { channels, resultFirst }: { channels: number; resultFirst: boolean },
  backend: BackendWasm
): tf.TensorInfo {
  const [count, rows, columns] = phases.shape;
  const [height, width] = [2 * (rows - 1), 2 * (columns - 1)];
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
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      const row = columns * ((y >> 1) + (y & 1) + rows * n);
      let to = width * (y + height * n) * total + ownAt;
      for (let x = 0; x < width; x++, to += total) {
        const phase = 2 * (y & 1) + (x & 1);
        const from = (4 * (row + (x >> 1) + (x & 1)) + phase) * own;
        for (let value = 0; value < own; value++) target[to + value] = source[from + value];
      }
    }
  }
  if (other) {
    const values = valuesOf(other);
    let from = 0;
    for (let to = resultFirst ? own : 0; from < values.length; to += total) {
      for (let value = 0; value < extra; value++) target[to + value] = values[from++];
    }
  }
  return output;
}
