import { firstItems, itemAt } from '@inner-ear-hydrops/core';
import * as tf from '@tensorflow/tfjs-core';
import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import {
  encodeOnnx,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type ProtobufLibrary,
} from './protobuf';

export const INPUT = 'input';
export const OUTPUT = 'output';

/** Where the axes rows, columns and channels of a channels-last tensor are in ONNX's channels-first tensor. */
const POSITION = [0, 2, 3, 1];

/**
 * The same network with the same weights as an ONNX file: channels first, `input` [n, channels, rows,
 * columns] → `output` [n, classes, rows, columns].
 * @throws Error for a layer that none of our networks has
 */
export function exportOnnx(network: LayersModel, protobuf: ProtobufLibrary): Uint8Array {
  const graph = new GraphWriter(itemAt(network.inputs, 0), itemAt(network.outputs, 0));
  for (const layer of network.layers) {
    if (layer.getClassName() !== 'InputLayer') addLayer(graph, layer);
  }
  return encodeOnnx(graph.finish(), protobuf);
}

class GraphWriter {
  private readonly node: OnnxNode[] = [];
  private readonly initializer: OnnxGraph['initializer'] = [];

  constructor(
    private readonly input: SymbolicTensor,
    private readonly result: SymbolicTensor
  ) {}

  nameOf(tensor: SymbolicTensor): string {
    if (tensor.id === this.input.id) return INPUT;
    return tensor.id === this.result.id ? OUTPUT : `t${tensor.id}`;
  }

  add(opType: string, input: string[], output: string, attribute: OnnxAttribute[] = []): void {
    this.node.push({ opType, input, output: [output], attribute });
  }

  floats(name: string, dims: number[], values: Float32Array): string {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.initializer.push({ name, dims, dataType: 1, rawData });
    return name;
  }

  integers(name: string, values: number[]): string {
    const rawData = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
    this.initializer.push({ name, dims: [values.length], dataType: 7, rawData });
    return name;
  }

  finish(): OnnxGraph {
    const channelsFirst = ({ shape }: SymbolicTensor) =>
      [0, 3, 1, 2].map((axis) => shape[axis] ?? itemAt(['n', 'rows', 'columns', 'channels'], axis));
    return {
      node: this.node,
      initializer: this.initializer,
      input: [{ name: INPUT, shape: channelsFirst(this.input) }],
      output: [{ name: OUTPUT, shape: channelsFirst(this.result) }],
    };
  }
}

function addLayer(graph: GraphWriter, layer: layers.Layer): void {
  const sources = Array.isArray(layer.input) ? layer.input : [layer.input];
  const input = sources.map((tensor) => graph.nameOf(tensor));
  const output = graph.nameOf(layer.output as SymbolicTensor);
  const config = layer.getConfig();
  const name = layer.name;
  switch (layer.getClassName()) {
    case 'Conv2D':
      return addConvolution(graph, layer, itemAt(input, 0), output);
    case 'Conv2DTranspose':
      return addTransposedConvolution(graph, layer, itemAt(input, 0), output);
    case 'MaxPooling2D':
      return graph.add('MaxPool', input, output, [
        integers('kernel_shape', config.poolSize as number[]),
        integers('strides', config.strides as number[]),
        text('auto_pad', config.padding === 'same' ? 'SAME_UPPER' : 'VALID'),
      ]);
    case 'UpSampling2D': {
      const [rows, columns] = firstItems(config.size as number[], 2);
      const scales = graph.floats(`${name}_scales`, [4], Float32Array.of(1, 1, rows, columns));
      return graph.add('Resize', [...input, '', scales], output, [
        text('mode', 'nearest'),
        text('coordinate_transformation_mode', 'asymmetric'),
        text('nearest_mode', 'floor'),
      ]);
    }
    case 'Concatenate':
      return graph.add('Concat', input, output, [integer('axis', 1)]);
    case 'Add':
      return graph.add('Sum', input, output);
    case 'Dropout':
      return graph.add('Identity', input, output);
    case 'Activation':
      if (config.activation !== 'softmax') break;
      return graph.add('Softmax', input, output, [integer('axis', 1)]);
    case 'Permute': {
      const dims = config.dims as number[];
      const order = [0, ...[2, 0, 1].map((n) => itemAt(POSITION, itemAt(dims, n)))];
      return graph.add('Transpose', input, output, [integers('perm', order)]);
    }
    case 'Cropping2D': {
      const cropping = config.cropping as [number, number][];
      const starts = cropping.map(([before]) => before);
      // Ends count from the end; the greatest integer leaves nothing out.
      const ends = cropping.map(([, after]) => (after > 0 ? -after : Number.MAX_SAFE_INTEGER));
      const bounds = [
        graph.integers(`${name}_starts`, starts),
        graph.integers(`${name}_ends`, ends),
        graph.integers(`${name}_axes`, [2, 3]),
      ];
      return graph.add('Slice', [...input, ...bounds], output);
    }
  }
  throw new Error(`The layer ${name} (${layer.getClassName()}) has no ONNX counterpart here.`);
}

function addConvolution(
  graph: GraphWriter,
  layer: layers.Layer,
  input: string,
  output: string
): void {
  const { activation, padding, strides } = layer.getConfig();
  const [kernel, bias] = firstItems(layer.getWeights(), 2);
  const [rows, columns] = firstItems(kernel.shape as number[], 2);
  const weights = [
    weight(graph, `${layer.name}_kernel`, kernel, [3, 2, 0, 1]),
    weight(graph, `${layer.name}_bias`, bias, [0]),
  ];
  const isRelu = activation === 'relu';
  if (!isRelu && activation !== 'linear')
    throw new Error(`The activation ${String(activation)} of ${layer.name} is not exported.`);
  const linear = isRelu ? `${output}_linear` : output;
  graph.add('Conv', [input, ...weights], linear, [
    integers('kernel_shape', [rows, columns]),
    integers('strides', strides as number[]),
    text('auto_pad', padding === 'same' ? 'SAME_UPPER' : 'VALID'),
  ]);
  if (isRelu) graph.add('Relu', [linear], output);
}

/** "Same" padding of a kernel of twice the stride: half the stride is cut from every side. */
function addTransposedConvolution(
  graph: GraphWriter,
  layer: layers.Layer,
  input: string,
  output: string
): void {
  const [kernel, bias] = firstItems(layer.getWeights(), 2);
  const { strides, activation } = layer.getConfig();
  const [rows, columns] = kernel.shape as number[];
  const [down, across] = firstItems(strides as number[], 2);
  if (rows !== 2 * down || columns !== 2 * across || activation !== 'linear')
    throw new Error(`The deconvolution ${layer.name} is not one of ours.`);
  const weights = [
    weight(graph, `${layer.name}_kernel`, kernel, [3, 2, 0, 1]),
    weight(graph, `${layer.name}_bias`, bias, [0]),
  ];
  graph.add('ConvTranspose', [input, ...weights], output, [
    integers('kernel_shape', [rows, columns]),
    integers('strides', [down, across]),
    integers('pads', [down / 2, across / 2, down / 2, across / 2]),
  ]);
}

function weight(graph: GraphWriter, name: string, tensor: tf.Tensor, order: number[]): string {
  const ordered = tensor.rank > 1 ? tf.transpose(tensor, order) : tensor.clone();
  const values = Float32Array.from(ordered.dataSync());
  graph.floats(name, ordered.shape, values);
  ordered.dispose();
  return name;
}

const integer = (name: string, i: number): OnnxAttribute => ({ name, type: 2, i });
const integers = (name: string, ints: number[]): OnnxAttribute => ({ name, type: 7, ints });
const text = (name: string, value: string): OnnxAttribute => ({
  name,
  type: 3,
  s: new TextEncoder().encode(value),
});
