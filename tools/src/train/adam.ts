import { itemAt } from '@inner-ear-hydrops/core';

/** State of Adam (Kingma and Ba, 2015) over a list of weight arrays, and their running average. */
export interface OptimizerState {
  step: number;
  weights: Float32Array[];
  firstMoments: Float32Array[];
  secondMoments: Float32Array[];
  /** Exponential running average of the weights: what is validated and shipped. */
  averages: Float32Array[];
}

export interface AdamOptions {
  learningRate: number;
  beta1?: number;
  beta2?: number;
  /** Gradients are scaled down to this norm over all weights. */
  clipNorm?: number;
  averageDecay?: number;
}

export function startOptimizer(weights: Float32Array[]): OptimizerState {
  const zeros = () => weights.map((values) => new Float32Array(values.length));
  return {
    step: 0,
    weights: weights.map((values) => values.slice()),
    firstMoments: zeros(),
    secondMoments: zeros(),
    averages: weights.map((values) => values.slice()),
  };
}

/** One step, in place. A gradient that is not finite leaves everything unchanged and returns false. */
export function adamStep(
  state: OptimizerState,
  gradients: Float32Array[],
  options: AdamOptions
): boolean {
  const { beta1 = 0.9, beta2 = 0.999, clipNorm = 5, averageDecay = 0.995 } = options;
  let squares = 0;
  for (const gradient of gradients) for (const value of gradient) squares += value * value;
  if (!Number.isFinite(squares)) return false;
  const scale = Math.min(1, clipNorm / (Math.sqrt(squares) + 1e-12));
  state.step++;
  const rate =
    (options.learningRate * Math.sqrt(1 - beta2 ** state.step)) / (1 - beta1 ** state.step);
  // The average follows quickly at first, so that early checkpoints are not the random start.
  const decay = Math.min(averageDecay, (1 + state.step) / (10 + state.step));
  gradients.forEach((gradient, index) => {
    const weights = itemAt(state.weights, index);
    const first = itemAt(state.firstMoments, index);
    const second = itemAt(state.secondMoments, index);
    const average = itemAt(state.averages, index);
    for (let n = 0; n < gradient.length; n++) {
      const value = gradient[n]! * scale;
      first[n] = beta1 * first[n]! + (1 - beta1) * value;
      second[n] = beta2 * second[n]! + (1 - beta2) * value * value;
      weights[n]! -= (rate * first[n]!) / (Math.sqrt(second[n]!) + 1e-7);
      average[n] = decay * average[n]! + (1 - decay) * weights[n]!;
    }
  });
  return true;
}
