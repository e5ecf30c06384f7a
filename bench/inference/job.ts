import * as tf from '@tensorflow/tfjs-core';
import { openModel, type Volume, itemAt } from '@inner-ear-hydrops/core';
import {
  createSegmenter,
  setUpBackend,
  type LoadedNetwork,
} from '@inner-ear-hydrops/core/segmentation';
import { median } from '../../core/src/statistics';
import { createOnnxEngine, loadOnnx, loadTfjs, type OnnxRuntime, type ReadFile } from './engines';

/** Rows, columns, channels. */
export type PatchRows = [number, number, number];

/** One row's measurement: what is run, by what. It runs in a process or a browser of its own. */
export interface Job {
  /** `network`: patches of one network; `parts`: the patches of one case; `stack`: volume to labels. */
  kind: 'network' | 'parts' | 'stack';
  engine: 'tfjs' | 'onnxruntime';
  backend: 'wasm' | 'webgl';
  threads: number;
  /** Networks by the names of their files. */
  networks: { name: string; shape: PatchRows; patches: number; classes: number }[];
  runs: number;
}

export interface JobResult {
  /** What the library says that it ran on. */
  backend: string;
  first: number;
  /** One patch; of `stack` none. */
  onePatch: number | null;
  /** All patches, or the whole stack. */
  all: number;
  /** Processor time of that, all threads together; null where it is not known. */
  processor: number | null;
  leaked: number;
  /** Probabilities of the compared patches of the first network, or pairs of voxel and label. */
  output: number[];
}

/** What differs between Node and a browser. */
export interface Surroundings {
  read: ReadFile;
  readModel: ReadFile;
  /** Readies tfjs's WASM threads round `start`. */
  withThreads<T>(threads: number, start: () => Promise<T>): Promise<T>;
  wasmPath: string;
  /** Milliseconds of processor time that the process has used, where it can tell. */
  processorTime?(): number;
  onnxRuntime(threads: number): Promise<OnnxRuntime>;
}

/** Patches of one call on WASM: what the product takes, for both libraries. */
const BATCH = 4;
/** Patches whose outputs are compared: from the middle of the case, where an ear is. */
export const COMPARED = 2;
export const middlePatch = (count: number) => Math.floor((count - COMPARED) / 2);

export async function runJob(job: Job, around: Surroundings): Promise<JobResult> {
  return job.kind === 'stack' ? runStack(job, around) : runNetworks(job, around);
}

async function runNetworks(job: Job, around: Surroundings): Promise<JobResult> {
  const { networks, backend } = await loadNetworks(job, around);
  const tasks = await Promise.all(
    job.networks.map(async ({ name, shape, patches }, n) => {
      const values = new Float32Array(await around.read(`${name}.patches`));
      const size = shape[0] * shape[1] * shape[2];
      return { network: itemAt(networks, n), shape, size, patches, values };
    })
  );
  type Task = (typeof tasks)[number];
  // On WebGL every size of batch has shaders of its own, which a software rasteriser is long to compile.
  const batch = job.backend === 'webgl' ? 1 : BATCH;
  const runPatches = async ({ network, values, size, shape }: Task, end: number, first = 0) => {
    const outputs: Float32Array[] = [];
    for (let from = first; from < end; from += batch) {
      const to = Math.min(from + batch, end);
      const patches = values.slice(from * size, to * size);
      outputs.push(await network.run(patches, [to - from, ...shape]));
    }
    return outputs;
  };
  const firstTask = itemAt(tasks, 0);
  const first = await time(() => runPatches(firstTask, 1));
  const before = heldTensors(job);
  const onePatch = await repeat(job.runs * 2, () => runPatches(firstTask, 1));
  const all = await repeat(
    job.runs,
    async () => {
      for (const task of tasks) await runPatches(task, task.patches);
    },
    around
  );
  const middle = middlePatch(firstTask.values.length / firstTask.size);
  const output = await runPatches(firstTask, middle + COMPARED, middle);
  const leaked = heldTensors(job) - before;
  const result = {
    backend,
    first,
    onePatch: onePatch.wall,
    all: all.wall,
    processor: all.processor,
    leaked,
    output: output.flatMap((values) => Array.from(values)),
  };
  for (const network of networks) network.dispose();
  return result;
}

async function loadNetworks(
  job: Job,
  around: Surroundings
): Promise<{ networks: LoadedNetwork[]; backend: string }> {
  const networks: LoadedNetwork[] = [];
  if (job.engine === 'onnxruntime') {
    const runtime = await around.onnxRuntime(job.threads);
    for (const { name, classes } of job.networks)
      networks.push(await loadOnnx(around.read, name, classes, runtime));
    return { networks, backend: `wasm (${runtime.env.wasm.numThreads})` };
  }
  const { backend } = await around.withThreads(job.threads, () =>
    setUpBackend({ backend: job.backend, wasmPath: around.wasmPath, wasmThreads: job.threads })
  );
  for (const { name } of job.networks) networks.push(await loadTfjs(around.read, name));
  return { networks, backend };
}

async function runStack(job: Job, around: Surroundings): Promise<JobResult> {
  const header = JSON.parse(new TextDecoder().decode(await around.read('volume.json'))) as Omit<
    Volume,
    'data'
  >;
  const mrc: Volume = { ...header, data: new Float32Array(await around.read('volume.data')) };
  const model = await openModel(around.readModel);
  const segmenter =
    job.engine === 'onnxruntime'
      ? await createSegmenter(
          model,
          createOnnxEngine(around.read, await around.onnxRuntime(job.threads))
        )
      : await around.withThreads(job.threads, () =>
          createSegmenter(model, {
            backend: job.backend,
            wasmPath: around.wasmPath,
            wasmThreads: job.threads,
          })
        );
  const before = heldTensors(job);
  const first = await time(() => segmenter.segment(mrc, {}));
  const all = await repeat(job.runs, () => segmenter.segment(mrc, {}), around);
  const { labels } = await segmenter.segment(mrc, {});
  const leaked = heldTensors(job) - before;
  const output: number[] = [];
  labels.data.forEach((label, voxel) => {
    if (label > 0) output.push(voxel, label);
  });
  segmenter.dispose();
  return {
    backend: segmenter.backend,
    first,
    onePatch: null,
    all: all.wall,
    processor: all.processor,
    leaked,
    output,
  };
}

/** Tensors that tfjs holds; it is not there to be asked where ONNX Runtime does the work. */
function heldTensors({ engine }: Job): number {
  return engine === 'tfjs' ? tf.memory().numTensors : 0;
}

async function time(action: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await action();
  return performance.now() - begun;
}

/** Medians. */
async function repeat(
  runs: number,
  action: () => Promise<unknown>,
  { processorTime }: Pick<Surroundings, 'processorTime'> = {}
): Promise<{ wall: number; processor: number | null }> {
  const wall: number[] = [];
  const processor: number[] = [];
  for (let n = 0; n < runs; n++) {
    const used = processorTime?.() ?? 0;
    wall.push(await time(action));
    if (processorTime) processor.push(processorTime() - used);
  }
  return { wall: median(wall), processor: processorTime ? median(processor) : null };
}
