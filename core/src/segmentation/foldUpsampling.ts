import { itemAt } from '../items';
import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { convolveByPhases, type FoldedConvolution } from './spreadPhases';

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
  const weights = convolution.getWeights();
  const [kernel, bias] = [itemAt(weights, 0), itemAt(weights, 1)];
  const { activation } = convolution.getConfig();
  const folded = tf.tidy(() => foldKernel(kernel as tf.Tensor4D));
  return convolveByPhases(folded, bias, 2, activation as 'relu' | 'linear');
}

/** [3, 3, in, out] → [2, 2, in, 4 · out], phases in the order odd/even row, then odd/even column. */
function foldKernel(kernel: tf.Tensor4D): tf.Tensor4D {
  const rows = tf.split<tf.Tensor4D>(kernel, 3, 0);
  const foldedRows = pairs(rows).map((taps) => tf.concat(taps, 0));
  const phases = foldedRows.flatMap((row) =>
    pairs(tf.split<tf.Tensor4D>(row, 3, 1)).map((taps) => tf.concat(taps, 1))
  );
  return tf.concat(phases, 3);
}

/** Taps of the odd and of the even phase: the odd pixel's first two and the even pixel's last two coincide. */
function pairs(taps: tf.Tensor4D[]): [tf.Tensor4D, tf.Tensor4D][] {
  const [before, middle, after] = [itemAt(taps, 0), itemAt(taps, 1), itemAt(taps, 2)];
  return [
    [tf.add(before, middle), after],
    [before, tf.add(middle, after)],
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
