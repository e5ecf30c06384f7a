import type * as tfl from '@tensorflow/tfjs-layers';

/** Name of the layer whose output goes into the softmax. */
export const SCORE_LAYER = 'scores';

export function apply(
  layer: tfl.layers.Layer,
  input: tfl.SymbolicTensor | tfl.SymbolicTensor[]
): tfl.SymbolicTensor {
  return layer.apply(input) as tfl.SymbolicTensor;
}
