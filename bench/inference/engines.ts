import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { createNetworkRunner } from '@inner-ear-hydrops/core/segmentation';
import { INPUT, OUTPUT } from '../onnx/exportOnnx';

/** A network in a library that can run it. */
export interface Engine {
  /** Turns patches [n, rows, columns, channels] into the order that `run` takes. */
  prepare(patches: Float32Array, shape: PatchShape): Float32Array;
  run(patches: Float32Array, count: number, shape: PatchShape): Promise<Float32Array>;
  /** An output of `run` in the order [n, rows, columns, classes]. */
  ordered(output: Float32Array, shape: PatchShape): Float32Array;
  /** Tensors that the library holds; 0 where it does not say. */
  tensors(): number;
  dispose(): Promise<void>;
}

/** Rows, columns, channels. */
export type PatchShape = [number, number, number];

/** Reads a file of the benchmark's folder. */
export type ReadFile = (name: string) => Promise<ArrayBuffer>;

/** A network as `prepareFiles` wrote it, on the tfjs backend in use and as the product runs it. */
export async function tfjsEngine(read: ReadFile, network: string): Promise<Engine> {
  const text = new TextDecoder().decode(await read(`${network}.json`));
  const artifacts = JSON.parse(text) as tf.io.ModelArtifacts;
  const weightData = await read(`${network}.weights`);
  const layersModel = await loadLayersModel(tf.io.fromMemory({ ...artifacts, weightData }));
  const runner = createNetworkRunner(layersModel);
  return {
    prepare: (patches) => patches,
    ordered: (output) => output,
    async run(patches, count, shape) {
      const output = tf.tidy(() => runner.run(tf.tensor4d(patches, [count, ...shape])));
      const values = (await output.data()) as Float32Array;
      output.dispose();
      return values;
    },
    tensors: () => tf.memory().numTensors,
    async dispose() {
      runner.dispose();
      layersModel.dispose();
    },
  };
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

export async function onnxEngine(
  read: ReadFile,
  network: string,
  runtime: OnnxRuntime
): Promise<Engine> {
  const file = new Uint8Array(await read(`${network}.onnx`));
  const session = await runtime.InferenceSession.create(file, { executionProviders: ['wasm'] });
  let classes = 0;
  return {
    prepare: (patches, [rows, columns, channels]) =>
      swapAxes(patches, rows * columns, channels, false),
    ordered: (output, [rows, columns]) => swapAxes(output, rows * columns, classes, true),
    async run(patches, count, [rows, columns, channels]) {
      const input = new runtime.Tensor('float32', patches, [count, channels, rows, columns]);
      const output = (await session.run({ [INPUT]: input }))[OUTPUT];
      classes = output.dims[1];
      return output.data as Float32Array;
    },
    tensors: () => 0,
    dispose: () => session.release(),
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
        if (toLast) swapped[last] = values[first];
        else swapped[first] = values[last];
      }
    }
  }
  return swapped;
}
