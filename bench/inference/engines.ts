import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkDescription } from '@inner-ear-hydrops/core';
import {
  tfjsNetwork,
  type InferenceEngine,
  type LoadedNetwork,
} from '@inner-ear-hydrops/core/segmentation';
import { INPUT, OUTPUT } from '../onnx/exportOnnx';

/** Reads a file of the benchmark's folder. */
export type ReadFile = (name: string) => Promise<ArrayBuffer>;

/** A network as `prepareFiles` wrote it, on the tfjs backend in use and as the product runs it. */
export async function loadTfjs(read: ReadFile, network: string): Promise<LoadedNetwork> {
  const text = new TextDecoder().decode(await read(`${network}.json`));
  const artifacts = JSON.parse(text) as tf.io.ModelArtifacts;
  const weightData = await read(`${network}.weights`);
  return tfjsNetwork(await loadLayersModel(tf.io.fromMemory({ ...artifacts, weightData })));
}

/** The part of onnxruntime-web that is used. */
export interface OnnxRuntime {
  env: { wasm: { numThreads: number; wasmPaths?: string }; logLevel: string };
  Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => OnnxTensor;
  InferenceSession: {
    create(model: Uint8Array, options: { executionProviders: string[] }): Promise<OnnxSession>;
  };
}
interface OnnxTensor {
  data: unknown;
  dims: readonly number[];
  dispose(): void;
}
interface OnnxSession {
  run(feeds: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

/** ONNX Runtime for the segmenter, on the files that `prepareFiles` made of a model's networks. */
export function createOnnxEngine(read: ReadFile, runtime: OnnxRuntime): InferenceEngine {
  return {
    backend: `onnxruntime-web wasm (${runtime.env.wasm.numThreads})`,
    load: ({ manifest }, description) => {
      const part = description === manifest.networks.locator ? 'locator' : 'segmentation';
      return loadOnnx(read, `${manifest.name}-${part}`, classesOf(description), runtime);
    },
  };
}

function classesOf(description: NetworkDescription): number {
  return description.network_data_format.outputs.pred.num_channels;
}

/** A network as `prepareFiles` wrote it, in ONNX Runtime, which wants channels first. */
export async function loadOnnx(
  read: ReadFile,
  network: string,
  classes: number,
  runtime: OnnxRuntime
): Promise<LoadedNetwork> {
  const file = new Uint8Array(await read(`${network}.onnx`));
  const session = await runtime.InferenceSession.create(file, { executionProviders: ['wasm'] });
  return {
    classes,
    async run(patches, [count, rows, columns, channels]) {
      const values = swapAxes(patches, rows * columns, channels, false);
      const input = new runtime.Tensor('float32', values, [count, channels, rows, columns]);
      const output = (await session.run({ [INPUT]: input }))[OUTPUT];
      if (!output) throw new Error(`The network has no output ${OUTPUT}.`);
      return swapAxes(output.data as Float32Array, rows * columns, classes, true);
    },
    dispose: () => void session.release(),
  };
}

/** Channels last to channels first, or back, in blocks of `pixels · channels` values. */
function swapAxes(
  values: Float32Array,
  pixels: number,
  channels: number,
  toLast: boolean
): Float32Array {
  const swapped = new Float32Array(values.length);
  const block = pixels * channels;
  for (let start = 0; start < values.length; start += block) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        const last = start + pixel * channels + channel;
        const first = start + channel * pixels + pixel;
        if (toLast) swapped[last] = values[first]!;
        else swapped[first] = values[last]!;
      }
    }
  }
  return swapped;
}
