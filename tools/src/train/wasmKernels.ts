import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What the WASM backend lacks for training: the filter gradient of a convolution, and a fast
 * input gradient. Both are written as convolutions, which WASM runs with SIMD. Dilations of 1; strided
 * convolutions (the gradients of transposed ones) through zeros between the values of dy.
 */
export function registerTrainingKernels(): void {
  for (const kernelName of [tf.Conv2DBackpropFilter, tf.Conv2DBackpropInput]) {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
  }
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as Record<'x' | 'dy', tf.TensorInfo>;
      const given = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
      return filterGradient(tensor(x), tensor(dy), given);
    },
  });
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropInput,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, filter } = inputs as Record<'dy' | 'filter', tf.TensorInfo>;
      const given = attrs as unknown as tf.Conv2DBackpropInputAttrs;
      return inputGradient(tensor(dy), tensor(filter), given);
    },
  });
}

/** Kernels receive tensor handles; operations want tensors, which those handles are. */
function tensor(info: tf.TensorInfo): tf.Tensor4D {
  return info as tf.Tensor4D;
}

type Padding = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
type Shape = [number, number, number, number];

function convolutionOf(
  inputShape: Shape,
  filterShape: Shape,
  strides: number | [number, number],
  pad: Padding
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad);
}

/**
 * dy as the output of the same convolution with stride 1 would have it: zeros wherever the strided one
 * has no output. A convolution with stride 1 over the padded input has `rows + padding − filter + 1`.
 */
function withoutStride(dy: tf.Tensor4D, info: tf.backend_util.Conv2DInfo): tf.Tensor4D {
  const { strideHeight, strideWidth, padInfo } = info;
  if (strideHeight === 1 && strideWidth === 1) return dy;
  const [n, height, width, channels] = dy.shape;
  const spread = tf.pad(tf.reshape(dy, [n, height, 1, width, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  const whole = tf.reshape(spread, [n, height * strideHeight, width * strideWidth, channels]);
  const rows = info.inHeight + padInfo.top + padInfo.bottom - info.filterHeight + 1;
  const columns = info.inWidth + padInfo.left + padInfo.right - info.filterWidth + 1;
  // The last stride's zeros may reach beyond that, or end before it.
  const missing = [
    Math.max(rows - height * strideHeight, 0),
    Math.max(columns - width * strideWidth, 0),
  ];
  const padded = tf.pad(whole, [
    [0, 0],
    [0, missing[0]],
    [0, missing[1]],
    [0, 0],
  ]) as tf.Tensor4D;
  return tf.slice(padded, [0, 0, 0, 0], [n, rows, columns, channels]);
}

/**
 * dL/dW[a, b, ci, co] = Σ x[n, h + a, w + b, ci] · dy[n, h, w, co]: a convolution of x, with its
 * channels as batch and the batch as channels, by dy as the filter.
 */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  attrs: tf.Conv2DBackpropFilterAttrs
): tf.Tensor4D {
  const info = convolutionOf(x.shape, attrs.filterShape, attrs.strides, attrs.pad);
  const pad = info.padInfo;
  const [filterHeight, filterWidth, inChannels, outChannels] = attrs.filterShape;
  return tf.tidy(() => {
    if (filterHeight === 1 && filterWidth === 1 && info.strideHeight * info.strideWidth === 1) {
      const rows = tf.reshape(x, [-1, inChannels]);
      const gradients = tf.reshape(dy, [-1, outChannels]);
      return tf.reshape(tf.matMul(tf.transpose(rows), gradients), attrs.filterShape);
    }
    const images = tf.transpose(x, [3, 1, 2, 0]);
    const filter = tf.transpose(withoutStride(dy, info), [1, 2, 0, 3]);
    const gradient = tf.conv2d(images as tf.Tensor4D, filter as tf.Tensor4D, 1, [
      [0, 0],
      [pad.top, pad.bottom],
      [pad.left, pad.right],
      [0, 0],
    ]);
    return tf.transpose(gradient, [1, 2, 0, 3]) as tf.Tensor4D;
  });
}

/** dL/dx: dy convolved with the filter turned by 180° and with its channels exchanged. */
function inputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  attrs: tf.Conv2DBackpropInputAttrs
): tf.Tensor4D {
  const info = convolutionOf(attrs.inputShape, filter.shape, attrs.strides, attrs.pad);
  const pad = info.padInfo;
  const [filterHeight, filterWidth] = filter.shape;
  return tf.tidy(() => {
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
    return tf.conv2d(withoutStride(dy, info), turned, 1, [
      [0, 0],
      [filterHeight - 1 - pad.top, filterHeight - 1 - pad.bottom],
      [filterWidth - 1 - pad.left, filterWidth - 1 - pad.right],
      [0, 0],
    ]);
  });
}
