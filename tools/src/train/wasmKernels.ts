import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What the WASM backend lacks for training: the filter gradient of a convolution, and a fast
 * input gradient. Both are written as convolutions, which WASM runs with SIMD. Dilations of 1; strided
 * convolutions (the gradients of transposed ones) as convolutions of stride 1 over blocks of pixels.
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

/** A strided convolution as one of stride 1 over blocks of `stride` × `stride` pixels taken as channels. */
interface Blocks {
  strides: [number, number];
  /** Filter size in blocks. */
  filter: [number, number];
  /** Blocks of the input that the convolution reaches. */
  input: [number, number];
  /** Zeros before the input's first pixel. */
  before: [number, number];
}

function blocksOf(info: tf.backend_util.Conv2DInfo): Blocks {
  const strides: [number, number] = [info.strideHeight, info.strideWidth];
  const filter: [number, number] = [
    Math.ceil(info.filterHeight / strides[0]),
    Math.ceil(info.filterWidth / strides[1]),
  ];
  return {
    strides,
    filter,
    input: [info.outHeight - 1 + filter[0], info.outWidth - 1 + filter[1]],
    before: [info.padInfo.top, info.padInfo.left],
  };
}

/** [n, rows, columns, channels] of the padded input → [n, blocks, blocks, stride · stride · channels]. */
function toBlocks(x: tf.Tensor4D, { strides, input, before }: Blocks): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  const size = [input[0] * strides[0], input[1] * strides[1]];
  const after = [size[0]! - before[0] - height, size[1]! - before[1] - width];
  // What lies beyond the last block is never reached.
  const within = tf.slice(
    x,
    [0, 0, 0, 0],
    [n, height + Math.min(after[0]!, 0), width + Math.min(after[1]!, 0), channels]
  );
  const padded = tf.pad(within, [
    [0, 0],
    [before[0], Math.max(after[0]!, 0)],
    [before[1], Math.max(after[1]!, 0)],
    [0, 0],
  ]);
  const apart = tf.reshape(padded, [n, input[0], strides[0], input[1], strides[1], channels]);
  return tf.reshape(tf.transpose(apart, [0, 1, 3, 2, 4, 5]), [
    n,
    input[0],
    input[1],
    strides[0] * strides[1] * channels,
  ]);
}

/** The inverse of `toBlocks`: the input's own pixels, zeros where no block reached. */
function fromBlocks(blocks: tf.Tensor4D, shape: Shape, layout: Blocks): tf.Tensor4D {
  const { strides, input, before } = layout;
  const [n, height, width, channels] = shape;
  const apart = tf.reshape(blocks, [n, input[0], input[1], strides[0], strides[1], channels]);
  const size = [input[0] * strides[0], input[1] * strides[1]];
  const whole = tf.reshape(tf.transpose(apart, [0, 1, 3, 2, 4, 5]), [
    n,
    size[0]!,
    size[1]!,
    channels,
  ]);
  const kept = [Math.min(height, size[0]! - before[0]), Math.min(width, size[1]! - before[1])];
  const own = tf.slice(whole, [0, before[0], before[1], 0], [n, kept[0]!, kept[1]!, channels]);
  return tf.pad(own, [
    [0, 0],
    [0, height - kept[0]!],
    [0, width - kept[1]!],
    [0, 0],
  ]) as tf.Tensor4D;
}

/** [rows, columns, in, out] → [blocks, blocks, stride · stride · in, out], zeros beyond the filter. */
function filterToBlocks(filter: tf.Tensor4D, { strides, filter: size }: Blocks): tf.Tensor4D {
  const [rows, columns, inChannels, outChannels] = filter.shape;
  const padded = tf.pad(filter, [
    [0, size[0] * strides[0] - rows],
    [0, size[1] * strides[1] - columns],
    [0, 0],
    [0, 0],
  ]);
  const apart = tf.reshape(padded, [
    size[0],
    strides[0],
    size[1],
    strides[1],
    inChannels,
    outChannels,
  ]);
  return tf.reshape(tf.transpose(apart, [0, 2, 1, 3, 4, 5]), [
    size[0],
    size[1],
    strides[0] * strides[1] * inChannels,
    outChannels,
  ]);
}

function filterFromBlocks(blocks: tf.Tensor4D, shape: Shape, layout: Blocks): tf.Tensor4D {
  const { strides, filter: size } = layout;
  const [rows, columns, inChannels, outChannels] = shape;
  const apart = tf.reshape(blocks, [
    size[0],
    size[1],
    strides[0],
    strides[1],
    inChannels,
    outChannels,
  ]);
  const whole = tf.reshape<tf.Rank.R4>(tf.transpose(apart, [0, 2, 1, 3, 4, 5]), [
    size[0] * strides[0],
    size[1] * strides[1],
    inChannels,
    outChannels,
  ]);
  return tf.slice(whole, [0, 0, 0, 0], [rows, columns, inChannels, outChannels]);
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
    if (info.strideHeight * info.strideWidth > 1) {
      const layout = blocksOf(info);
      const blocks = toBlocks(x, layout);
      const size: Shape = [...layout.filter, blocks.shape[3], outChannels];
      const whole = { ...attrs, filterShape: size, strides: 1, pad: 'valid' as const };
      return filterFromBlocks(filterGradient(blocks, dy, whole), attrs.filterShape, layout);
    }
    if (filterHeight === 1 && filterWidth === 1) {
      const rows = tf.reshape(x, [-1, inChannels]);
      const gradients = tf.reshape(dy, [-1, outChannels]);
      return tf.reshape(tf.matMul(tf.transpose(rows), gradients), attrs.filterShape);
    }
    const images = tf.transpose(x, [3, 1, 2, 0]);
    const filter = tf.transpose(dy, [1, 2, 0, 3]);
    const gradient = tf.conv2d(images, filter, 1, [
      [0, 0],
      [pad.top, pad.bottom],
      [pad.left, pad.right],
      [0, 0],
    ]);
    return tf.transpose<tf.Tensor4D>(gradient, [1, 2, 0, 3]);
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
    if (info.strideHeight * info.strideWidth > 1) {
      const layout = blocksOf(info);
      const blocks = filterToBlocks(filter, layout);
      const inputShape: Shape = [dy.shape[0], ...layout.input, blocks.shape[2]];
      const whole = { ...attrs, inputShape, strides: 1, pad: 'valid' as const };
      return fromBlocks(inputGradient(dy, blocks, whole), attrs.inputShape, layout);
    }
    const turned = tf.transpose<tf.Tensor4D>(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
    return tf.conv2d(dy, turned, 1, [
      [0, 0],
      [filterHeight - 1 - pad.top, filterHeight - 1 - pad.bottom],
      [filterWidth - 1 - pad.left, filterWidth - 1 - pad.right],
      [0, 0],
    ]);
  });
}
