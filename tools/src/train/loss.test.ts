import * as tf from '@tensorflow/tfjs-core';
import { partialLoss, segmentationLoss } from './loss';
import { setUpTrainingBackend } from './trainingBackend';

beforeAll(async () => {
  await setUpTrainingBackend('wasm');
});

/** One patch of 2 × 2 pixels: background, cochlea, background, background. */
const target = () => tf.tensor4d([1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0], [1, 2, 2, 3]);
const value = (loss: tf.Scalar) => loss.dataSync()[0]!;
const scores = (...rows: number[][]) => tf.tensor4d(rows.flat(), [1, 2, 2, 3]);

describe('the loss of partly annotated slices', () => {
  it('is the ordinary loss if everything was annotated', () => {
    const given = scores([1, 0, -1], [0, 2, 0], [0.3, 0.1, 0], [2, -1, 1]);
    const known = tf.tensor2d([[1, 1, 1]]);
    expect(value(partialLoss(given, target(), known))).toBeCloseTo(
      value(segmentationLoss(given, target())),
      5
    );
  });

  it('does not mind an organ that was not annotated being found in the background', () => {
    const known = tf.tensor2d([[1, 1, 0]]);
    const background = scores([9, 0, 0], [0, 9, 0], [9, 0, 0], [9, 0, 0]);
    const found = scores([9, 0, 0], [0, 9, 0], [0, 0, 9], [0, 0, 9]);
    const ofBackground = value(partialLoss(background, target(), known));
    expect(value(partialLoss(found, target(), known))).toBeCloseTo(ofBackground, 5);
    // Fully annotated, the same finding is wrong.
    expect(value(segmentationLoss(found, target()))).toBeGreaterThan(ofBackground + 1);
  });

  it('still punishes an annotated organ that is missed or taken for the other organ', () => {
    const known = tf.tensor2d([[1, 1, 0]]);
    const right = scores([9, 0, 0], [0, 9, 0], [9, 0, 0], [9, 0, 0]);
    const missed = scores([9, 0, 0], [9, 0, 0], [9, 0, 0], [9, 0, 0]);
    const exchanged = scores([9, 0, 0], [0, 0, 9], [9, 0, 0], [9, 0, 0]);
    const best = value(partialLoss(right, target(), known));
    expect(value(partialLoss(missed, target(), known))).toBeGreaterThan(best + 1);
    expect(value(partialLoss(exchanged, target(), known))).toBeGreaterThan(best + 1);
  });

  it('falls along its gradient as finite differences say', async () => {
    const known = tf.tensor2d([[1, 1, 0]]);
    const at = [1.2, -0.4, 0.3, -0.2, 0.9, 0.1, 0.5, 0.6, -1.1, 0.2, -0.7, 0.8];
    const loss = (values: number[]) =>
      value(partialLoss(tf.tensor4d(values, [1, 2, 2, 3]), target(), known));
    const gradient = await tf
      .grad((x) => partialLoss(x as tf.Tensor4D, target(), known))(tf.tensor4d(at, [1, 2, 2, 3]))
      .data();
    const step = 1e-2;
    at.forEach((_, n) => {
      const moved = (by: number) => loss(at.map((score, m) => (m === n ? score + by : score)));
      expect((moved(step) - moved(-step)) / (2 * step)).toBeCloseTo(gradient[n]!, 3);
    });
    // A pixel without a label is pushed from the annotated organ to background and to the open class alike.
    const [background, cochlea, open] = [gradient[0]!, gradient[1]!, gradient[2]!];
    expect(Math.sign(background)).toBe(-Math.sign(cochlea));
    expect(Math.sign(open)).toBe(Math.sign(background));
  });

  it('has finite gradients, none for what is not known of the background', async () => {
    const known = tf.tensor2d([[1, 1, 0]]);
    const given = scores([3, -2, 1], [0, 1, 0], [1, 1, 2], [0, 0, 0]);
    const gradient = tf.grad((x) => partialLoss(x as tf.Tensor4D, target(), known))(given);
    const values = await gradient.data();
    expect(Array.from(values).every(Number.isFinite)).toBe(true);
    // Background and the open class of a background pixel are pushed the same way, in proportion.
    const odds = (pixel: number) => values[3 * pixel]! / values[3 * pixel + 2]!;
    expect(odds(0)).toBeGreaterThan(0);
  });
});
