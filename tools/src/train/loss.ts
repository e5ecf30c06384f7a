import * as tf from '@tensorflow/tfjs-core';

/**
 * Cross-entropy averaged over pixels plus (1 − soft Dice) averaged over the foreground classes, the
 * Dice taken over the whole batch so that an organ missing on one slice does not count as a fault.
 * @param scores [n, rows, columns, classes], before the softmax
 * @param target one-hot, the same shape
 */
export function segmentationLoss(scores: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  return tf.tidy(() => {
    const logarithms = tf.logSoftmax(scores);
    const crossEntropy = tf.neg(tf.mean(tf.sum(tf.mul(target, logarithms), 3)));
    const dice = softDice(tf.exp(logarithms), target);
    const foreground = tf.slice(dice, [1], [scores.shape[3] - 1]);
    return tf.add<tf.Scalar>(tf.mul(crossEntropy, 2), tf.sub(1, tf.mean(foreground)));
  });
}

/**
 * The same where some structures were not annotated: a pixel without a label is background or one of
 * those, so that its cross-entropy is −log of the sum of their probabilities, and the Dice of a class
 * is taken over the patches on which it was annotated. This is the marginal loss of Shi, Xiao, Chen and Zhou
 * (Medical Image Analysis 2021;70:101979, partially supervised segmentation). To ignore such pixels instead would
 * forget what is known of them: that they are no part of an organ that was annotated.
 * @param target one-hot of the labels, [n, rows, columns, classes]
 * @param known 1 where a patch's class was annotated, [n, classes]; background is always 1
 */
export function partialLoss(
  scores: tf.Tensor4D,
  target: tf.Tensor4D,
  known: tf.Tensor2D
): tf.Scalar {
  return tf.tidy(() => {
    const [n, , , classes] = scores.shape;
    const logarithms = tf.logSoftmax(scores);
    const given = tf.reshape(known, [n, 1, 1, classes]);
    const unlabelled = tf.slice(target, [0, 0, 0, 0], [-1, -1, -1, 1]);
    const allowed = tf.maximum(target, tf.mul(unlabelled, tf.sub(1, given)));
    const excluded = tf.mul(tf.sub(allowed, 1), 1e9);
    const crossEntropy = tf.neg(tf.mean(tf.logSumExp(tf.add(logarithms, excluded), 3)));
    const dice = softDice(
      tf.mul<tf.Tensor4D>(tf.exp(logarithms), given),
      tf.mul<tf.Tensor4D>(target, given)
    );
    const counted = tf.slice(tf.max<tf.Tensor1D>(known, 0), [1], [classes - 1]);
    const foreground = tf.mul(tf.slice(dice, [1], [classes - 1]), counted);
    const mean = tf.div(tf.sum(foreground), tf.maximum(tf.sum(counted), 1));
    return tf.add<tf.Scalar>(tf.mul(crossEntropy, 2), tf.sub(1, mean));
  });
}

function softDice(probabilities: tf.Tensor4D, target: tf.Tensor4D): tf.Tensor1D {
  const classes = probabilities.shape[3];
  const rows = tf.reshape(probabilities, [-1, classes]);
  const truth = tf.reshape(target, [-1, classes]);
  const overlap = tf.sum(tf.mul(rows, truth), 0);
  const total = tf.add(tf.sum(rows, 0), tf.sum(truth, 0));
  return tf.div(tf.add(tf.mul(overlap, 2), 1), tf.add(total, 1));
}
