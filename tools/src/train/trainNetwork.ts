import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { SCORE_LAYER } from '@inner-ear-hydrops/core/segmentation';
import { adamStep, type OptimizerState } from './adam';
import { segmentationLoss } from './loss';

export interface Batch {
  /** [n, rows, columns, slices] */
  images: Float32Array;
  /** Class of each pixel, [n, rows, columns] */
  classes: Uint8Array;
  shape: [number, number, number, number];
}

/** The same layers and weights up to the class scores. */
export function scoreModel(network: LayersModel): LayersModel {
  return tfl.model({
    inputs: network.inputs,
    outputs: network.getLayer(SCORE_LAYER).output,
  });
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
  classCount: number,
  learningRate: number
): Promise<number> {
  setWeights(network, state.weights);
  const [n, rows, columns] = batch.shape;
  const images = tf.tensor4d(batch.images, batch.shape);
  const target = tf.tidy(() =>
    tf.reshape(tf.oneHot(tf.tensor1d(Int32Array.from(batch.classes), 'int32'), classCount), [
      n,
      rows,
      columns,
      classCount,
    ])
  );
  const { value, grads } = tf.variableGrads(() =>
    segmentationLoss(
      network.apply(images, { training: true }) as tf.Tensor4D,
      tf.cast(target, 'float32') as tf.Tensor4D
    )
  );
  const gradients: Float32Array[] = [];
  for (const weight of network.trainableWeights) {
    gradients.push((await grads[weight.name].data()) as Float32Array);
  }
  const loss = (await value.data())[0];
  tf.dispose([images, target, value, grads]);
  adamStep(state, gradients, { learningRate });
  return loss;
}

/** Copies plain arrays into the network's variables, in the order of `trainableWeights`. */
export function setWeights(network: LayersModel, weights: Float32Array[]): void {
  tf.tidy(() => {
    network.trainableWeights.forEach((weight, index) => {
      const variable = weight.read() as tf.Variable;
      variable.assign(tf.tensor(weights[index], variable.shape));
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
