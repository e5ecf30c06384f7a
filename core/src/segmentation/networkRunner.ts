import { itemAt } from '../items';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { foldDeconvolution } from './foldDeconvolution';
import { foldUpsampling } from './foldUpsampling';
import type { FoldedConvolution } from './spreadPhases';

/** A tfjs network ready to run: the layers' own weights, which the network keeps and disposes of. */
export interface NetworkRunner {
  classes: number;
  /** [n, rows, columns, channels] → class probabilities [n, rows, columns, classes]; the caller disposes of them. */
  run(input: tf.Tensor4D): tf.Tensor4D;
  /** Frees what was prepared beside the network's weights. */
  dispose(): void;
}

type Layer = layers.Layer;

/** One layer, or several layers that are computed together. */
interface Step {
  inputs: SymbolicTensor[];
  output: SymbolicTensor;
  run(inputs: tf.Tensor[]): tf.Tensor;
}

/**
 * Prepares a network for the backend in use. On WASM, where arithmetic is dear, a convolution after an
 * upsampling is computed on the coarse grid (`foldUpsampling`) and joined with its skip connection in
 * one pass, and so are deconvolutions (`foldDeconvolution`); every other layer runs as it is. Elsewhere this is `network.predict`. The outputs are equal
 * up to rounding.
 */
export function createNetworkRunner(network: LayersModel): NetworkRunner {
  const classes = outputOf(network).shape.at(-1) ?? 0;
  const plan = tf.getBackend() === 'wasm' ? planSteps(network) : null;
  if (!plan) {
    const run = (input: tf.Tensor4D) => network.predict(input) as tf.Tensor4D;
    return { classes, run, dispose: () => undefined };
  }
  return {
    classes,
    run: (input) => runSteps(plan.steps, network, input),
    dispose: () => plan.folded.forEach((convolution) => convolution.dispose()),
  };
}

function outputOf(network: LayersModel): SymbolicTensor {
  return itemAt(network.outputs, 0);
}

/** Null where nothing can be gained, or where a layer is used in a way that steps do not cover. */
function planSteps(network: LayersModel): { steps: Step[]; folded: FoldedConvolution[] } | null {
  const consumers = new Map<number, Layer[]>();
  for (const layer of network.layers) {
    if (layer.inboundNodes.length !== 1 || Array.isArray(layer.output)) return null;
    if (isInput(layer)) continue;
    for (const { id } of inputsOf(layer)) {
      consumers.set(id, [...(consumers.get(id) ?? []), layer]);
    }
  }
  if (network.inputs.length !== 1 || network.outputs.length !== 1) return null;
  const onlyConsumer = (tensor: SymbolicTensor) => {
    const found = consumers.get(tensor.id) ?? [];
    return found.length === 1 && tensor.id !== outputOf(network).id ? itemAt(found, 0) : null;
  };
  const steps: Step[] = [];
  const folded: FoldedConvolution[] = [];
  const done = new Set<Layer>();
  for (const layer of network.layers) {
    if (isInput(layer) || done.has(layer)) continue;
    const output = layer.output as SymbolicTensor;
    const convolutionLayer = onlyConsumer(output);
    const convolution = convolutionLayer && foldUpsampling(layer, convolutionLayer);
    if (!convolutionLayer || !convolution) {
      const deconvolution = foldDeconvolution(layer);
      if (deconvolution) folded.push(deconvolution);
      const run = deconvolution
        ? ([coarse]: tf.Tensor[]) => deconvolution.apply(coarse as tf.Tensor4D, null, true)
        : (inputs: tf.Tensor[]) => callLayer(layer, inputs);
      steps.push({ inputs: inputsOf(layer), output, run });
      continue;
    }
    folded.push(convolution);
    done.add(convolutionLayer);
    const fine = convolutionLayer.output as SymbolicTensor;
    const join = onlyConsumer(fine);
    const joined = join && joinsTwo(join) ? inputsOf(join) : [fine];
    if (join && joined.length > 1) done.add(join);
    // The coarse map first; then what it is joined with, which comes before or after it.
    const skip = joined.find((tensor) => tensor.id !== fine.id);
    const source = itemAt(inputsOf(layer), 0);
    steps.push({
      inputs: skip ? [source, skip] : [source],
      output: skip && join ? (join.output as SymbolicTensor) : fine,
      run: ([coarse, other]) =>
        convolution.apply(
          coarse as tf.Tensor4D,
          (other ?? null) as tf.Tensor4D | null,
          joined[0]?.id === fine.id
        ),
    });
  }
  return folded.length > 0 ? { steps: inOrder(steps, network), folded } : null;
}

/** A joined step may need a skip that the layers' own order computes later than its first layer. */
function inOrder(steps: Step[], network: LayersModel): Step[] {
  const known = new Set([itemAt(network.inputs, 0).id]);
  const open = [...steps];
  const ordered: Step[] = [];
  while (open.length > 0) {
    const next = open.findIndex((step) => step.inputs.every(({ id }) => known.has(id)));
    const step = itemAt(open.splice(Math.max(next, 0), 1), 0);
    known.add(step.output.id);
    ordered.push(step);
  }
  return ordered;
}

function runSteps(steps: Step[], network: LayersModel, input: tf.Tensor4D): tf.Tensor4D {
  const uses = new Map<number, number>();
  for (const step of steps) {
    for (const { id } of step.inputs) uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  return tf.tidy(() => {
    const values = new Map<number, tf.Tensor>([[itemAt(network.inputs, 0).id, input]]);
    for (const step of steps) {
      values.set(
        step.output.id,
        step.run(step.inputs.map(({ id }) => values.get(id) as tf.Tensor))
      );
      for (const { id } of step.inputs) {
        const left = (uses.get(id) ?? 0) - 1;
        uses.set(id, left);
        // Features are large: each goes as soon as its last reader has run.
        if (left === 0 && id !== itemAt(network.inputs, 0).id) values.get(id)?.dispose();
      }
    }
    return values.get(outputOf(network).id) as tf.Tensor4D;
  });
}

function callLayer(layer: Layer, inputs: tf.Tensor[]): tf.Tensor {
  const result = layer.call(inputs, { training: false });
  const output = Array.isArray(result) ? itemAt(result, 0) : result;
  // Dropout hands its input on, which would then be disposed of twice.
  return inputs.includes(output) ? output.clone() : output;
}

function joinsTwo(layer: Layer): boolean {
  if (layer.getClassName() !== 'Concatenate' || inputsOf(layer).length !== 2) return false;
  const { axis } = layer.getConfig();
  return axis === -1 || axis === 3;
}

function isInput(layer: Layer): boolean {
  return layer.getClassName() === 'InputLayer';
}

function inputsOf(layer: Layer): SymbolicTensor[] {
  return Array.isArray(layer.input) ? layer.input : [layer.input];
}
