import * as tf from '@tensorflow/tfjs-core';

/**
 * Cross-entropy averaged over pixels plus (1 − soft Dice) averaged over the foreground classes, the
 * Dice taken over the whole batch so that an organ missing on one slice does not count as a fault.
 * @param scores [n, rows, columns, classes], before the softmax
 * @param target one-hot, the same shape
 */
export function segmentationLoss(scores: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  return tf.tidy(() => {
    const classes = scores.shape[3];
    const logarithms = tf.logSoftmax(scores);
    const crossEntropy = tf.neg(tf.mean(tf.sum(tf.mul(target, logarithms), 3)));
    const rows = tf.reshape(tf.exp(logarithms), [-1, classes]);
    const truth = tf.reshape(target, [-1, classes]);
    const overlap = tf.sum(tf.mul(rows, truth), 0);
    const total = tf.add(tf.sum(rows, 0), tf.sum(truth, 0));
    const dice = tf.div(tf.add(tf.mul(overlap, 2), 1), tf.add(total, 1));
    const foreground = tf.slice(dice as tf.Tensor1D, [1], [classes - 1]);
    return tf.add(tf.mul(crossEntropy, 2), tf.sub(1, tf.mean(foreground))) as tf.Scalar;
  });
}
