import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What the WASM backend lacks for training: the filter gradient of a convolution, and a fast
 * input gradient. Both are written as convolutions, which WASM runs with SIMD.
 * Strides and dilations of 1 and 'same' or 'valid' or explicit padding; others are refused.
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

function plainConvolution(
  inputShape: [number, number, number, number],
  filterShape: [number, number, number, number],
  strides: number | [number, number],
  pad: Padding
): { top: number; bottom: number; left: number; right: number } {
  const info = tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad);
  if (info.strideHeight !== 1 || info.strideWidth !== 1) {
    throw new Error('The WASM training kernels cover convolutions with stride 1 only.');
  }
  return info.padInfo;
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
  const pad = plainConvolution(x.shape, attrs.filterShape, attrs.strides, attrs.pad);
  const [filterHeight, filterWidth, inChannels, outChannels] = attrs.filterShape;
  return tf.tidy(() => {
    if (filterHeight === 1 && filterWidth === 1) {
      const rows = tf.reshape(x, [-1, inChannels]);
      const gradients = tf.reshape(dy, [-1, outChannels]);
      return tf.reshape(tf.matMul(tf.transpose(rows), gradients), attrs.filterShape);
    }
    const images = tf.transpose(x, [3, 1, 2, 0]);
    const filter = tf.transpose(dy, [1, 2, 0, 3]);
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
  const pad = plainConvolution(attrs.inputShape, filter.shape, attrs.strides, attrs.pad);
  const [filterHeight, filterWidth] = filter.shape;
  return tf.tidy(() => {
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
    return tf.conv2d(dy, turned, 1, [
      [0, 0],
      [filterHeight - 1 - pad.top, filterHeight - 1 - pad.bottom],
      [filterWidth - 1 - pad.left, filterWidth - 1 - pad.right],
      [0, 0],
    ]);
  });
}
