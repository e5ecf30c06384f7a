import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface RunOptions {
  /** Slices that enter as channels; the middle one is segmented. */
  channels: number;
  /** Rows and columns are padded with zeros to a multiple of this. */
  multipleOf: number;
  /** Slices of one call to the backend. */
  batch: number;
  signal?: AbortSignal;
  onProgress?: (fraction: number) => void;
}

/**
 * Runs a 2.5D network over every slice of a normalised crop.
 * @param values shape [slices, rows, columns]; the first and last slice stand in for neighbours
 *   that the crop does not hold
 * @param size columns, rows, slices
 * @returns probabilities of shape [slices, rows, columns, classes]
 * @throws the signal's reason when aborted between batches
 */
export async function runNetwork(
  network: LayersModel,
  values: Float32Array,
  size: readonly [number, number, number],
  options: RunOptions
): Promise<{ probabilities: Float32Array; classes: number }> {
  const [columns, rows, slices] = size;
  const classes = (network.outputs[0].shape.at(-1) ?? 0) as number;
  const probabilities = new Float32Array(columns * rows * slices * classes);
  const padded = (count: number) => Math.ceil(count / options.multipleOf) * options.multipleOf;
  const [height, width] = [padded(rows), padded(columns)];
  for (let first = 0; first < slices; first += options.batch) {
    options.signal?.throwIfAborted();
    const count = Math.min(options.batch, slices - first);
    const patch = new Float32Array(count * height * width * options.channels);
    fillPatches(patch, values, size, first, count, options.channels, height, width);
    const output = tf.tidy(() => {
      const input = tf.tensor4d(patch, [count, height, width, options.channels]);
      const predicted = network.predict(input) as tf.Tensor4D;
      return tf.slice(predicted, [0, 0, 0, 0], [count, rows, columns, classes]);
    });
    try {
      probabilities.set(await output.data(), first * rows * columns * classes);
    } finally {
      output.dispose();
    }
    options.onProgress?.((first + count) / slices);
    await nextTask();
  }
  options.signal?.throwIfAborted();
  return { probabilities, classes };
}

function fillPatches(
  patch: Float32Array,
  values: Float32Array,
  [columns, rows, slices]: readonly [number, number, number],
  first: number,
  count: number,
  channels: number,
  height: number,
  width: number
): void {
  const reach = (channels - 1) / 2;
  for (let n = 0; n < count; n++) {
    for (let channel = 0; channel < channels; channel++) {
      const slice = Math.min(Math.max(first + n + channel - reach, 0), slices - 1);
      for (let j = 0; j < rows; j++) {
        const from = columns * (j + rows * slice);
        let to = width * (j + height * n) * channels + channel;
        for (let i = 0; i < columns; i++, to += channels) patch[to] = values[from + i];
      }
    }
  }
}

/** Lets messages in (a cancel, for one) before the next batch. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
