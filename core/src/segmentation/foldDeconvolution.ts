import { itemAt } from '../items';
import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { convolveByPhases, type FoldedConvolution } from './spreadPhases';

/**
 * A transposed convolution whose kernel is twice its stride, as in FCN-8s: every fine pixel sees 2 × 2
 * coarse ones. The backend's own took a quarter of 3into3VGG's time, this takes a few hundredths.
 * @returns null for any other layer
 */
export function foldDeconvolution(layer: layers.Layer): FoldedConvolution | null {
  if (layer.getClassName() !== 'Conv2DTranspose') return null;
  const { kernelSize, strides, padding, useBias, activation, dataFormat } = layer.getConfig();
  const stride = (strides as number[])[0]!;
  const suitable =
    String(strides) === `${stride},${stride}` &&
    String(kernelSize) === `${2 * stride},${2 * stride}` &&
    stride % 2 === 0 &&
    padding === 'same' &&
    String(dataFormat) === 'channelsLast' &&
    useBias === true &&
    (activation === 'relu' || activation === 'linear');
  if (!suitable) return null;
  const weights = layer.getWeights();
  const [kernel, bias] = [itemAt(weights, 0), itemAt(weights, 1)];
  const folded = tf.tidy(() => foldKernel(kernel as tf.Tensor4D, stride));
  return convolveByPhases(folded, bias, stride, activation);
}

/** [2 · stride, 2 · stride, out, in] → [2, 2, in, stride² · out]: the later taps lie on the earlier pixel. */
function foldKernel(kernel: tf.Tensor4D, stride: number): tf.Tensor4D {
  const [, , out, into] = kernel.shape;
  const taps = tf.reshape(kernel, [2, stride, 2, stride, out, into]);
  const ordered = tf.transpose(tf.reverse(taps, [0, 2]), [0, 2, 5, 1, 3, 4]);
  return tf.reshape(ordered, [2, 2, into, stride * stride * out]);
}
