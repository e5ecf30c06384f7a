import { itemAt } from '@inner-ear-hydrops/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { SCORE_LAYER } from '@inner-ear-hydrops/core/segmentation';
import { adamStep, type OptimizerState } from './adam';
import { partialLoss, segmentationLoss } from './loss';

export interface Batch {
  /** [n, rows, columns, slices] */
  images: Float32Array;
  /** Class of each pixel, [n, rows, columns] */
  classes: Uint8Array;
  /** Classes annotated on each patch, as bits. */
  known: Uint8Array;
  shape: [number, number, number, number];
}

/** The same layers and weights up to the class scores. */
export function scoreModel(network: LayersModel): LayersModel {
  return tfl.model({
    inputs: network.inputs,
    outputs: network.getLayer(SCORE_LAYER).output,
  });
}

export interface StepOptions {
  classCount: number;
  learningRate: number;
  averageDecay?: number;
  /** Of the step's dropout masks. */
  seed: number;
}

/**
 * One step of gradient descent on one batch.
 * @param network from `scoreModel`
 * @returns the loss before the step
 */
export async function trainStep(
  network: LayersModel,
  state: OptimizerState,
  batch: Batch,
  options: StepOptions
): Promise<number> {
  const { classCount } = options;
  setWeights(network, state.weights);
  setDropoutSeeds(network, options.seed);
  const [n, rows, columns] = batch.shape;
  const images = tf.tensor4d(batch.images, batch.shape);
  const target = tf.tidy(() =>
    tf.cast(
      tf.reshape<tf.Rank.R4>(
        tf.oneHot(tf.tensor1d(Int32Array.from(batch.classes), 'int32'), classCount),
        [n, rows, columns, classCount]
      ),
      'float32'
    )
  );
  const known = knownClasses(batch.known, classCount);
  const { value, grads } = tf.variableGrads(() => {
    const scores = network.apply(images, { training: true }) as tf.Tensor4D;
    return known ? partialLoss(scores, target, known) : segmentationLoss(scores, target);
  });
  const gradients: Float32Array[] = [];
  for (const weight of network.trainableWeights) {
    const gradient = grads[weight.name];
    if (!gradient) throw new Error(`The loss has no gradient for the weights ${weight.name}.`);
    gradients.push((await gradient.data()) as Float32Array);
  }
  const loss = itemAt(await value.data(), 0);
  tf.dispose([images, target, value, grads]);
  known?.dispose();
  adamStep(state, gradients, options);
  return loss;
}

/** [n, classes] of zeros and ones; null where everything was annotated. */
function knownClasses(known: Uint8Array, classCount: number): tf.Tensor2D | null {
  const everything = 2 ** classCount - 1;
  if (known.every((bits) => (bits & everything) === everything)) return null;
  return tf.tensor2d(
    Array.from(known, (bits) =>
      Array.from({ length: classCount }, (_, c) => (c === 0 || (bits >> c) & 1 ? 1 : 0))
    )
  );
}

/** A dropout layer draws from its seed alone, which must be another at every step and the same when resumed. */
function setDropoutSeeds(network: LayersModel, seed: number): void {
  network.layers.forEach((layer, index) => {
    if (layer.getClassName() === 'Dropout') {
      (layer as unknown as { seed: number }).seed = seed + 7919 * index;
    }
  });
}

/** Copies plain arrays into the network's variables, in the order of `trainableWeights`. */
export function setWeights(network: LayersModel, weights: Float32Array[]): void {
  tf.tidy(() => {
    network.trainableWeights.forEach((weight, index) => {
      const variable = weight.read() as tf.Variable;
      variable.assign(tf.tensor(itemAt(weights, index), variable.shape));
    });
  });
}

export async function getWeights(network: LayersModel): Promise<Float32Array[]> {
  const values: Float32Array[] = [];
  for (const weight of network.trainableWeights) {
    values.push(((await weight.read().data()) as Float32Array).slice());
  }
  return values;
}
