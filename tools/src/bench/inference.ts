import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { RESEARCH_NOTICE, type Volume } from '@inner-ear-hydrops/core';
import {
  buildNetwork,
  createSegmenter,
  describeNetwork,
  setUpBackend,
  type NetworkPlan,
} from '@inner-ear-hydrops/core/segmentation';
import { createCase, paperGrid, simulateMrc } from '@inner-ear-hydrops/phantom';
import { DEFAULT_MODEL, openModelAt, wasmFolder } from '../compute/modelFiles';

/** Patches of one case: two ears of some twenty slices. */
const CASE_PATCHES = 40;
const BATCH = 8;

interface Times {
  /** Milliseconds of wall clock and of processor time. */
  first: number;
  median: number;
  processor: number;
  /** Tensors left behind by all calls. */
  leaked: number;
}

export interface NetworkTimes extends Times {
  network: string;
  parameters: number;
  float16Megabytes: number;
}

export interface InferenceBenchmark {
  notice: string;
  machine: { node: string; processors: string; count: number };
  backend: string;
  /** One case of 40 patches of 100 × 100 pixels. */
  networks: NetworkTimes[];
  /** Shipped model, both ears, from a loaded volume to labels. */
  fullStack: Times & { model: string; volume: string; megabytes: number };
}

const VGG = { classes: 6, width: 8, dropout: 0.6 };
const NETWORKS: NetworkPlan[] = [
  { architecture: 'unet', slices: 3, classes: 6, width: 8, depth: 3 },
  { architecture: 'unet', slices: 3, classes: 6, width: 12, depth: 3 },
  { architecture: '3into3vgg', head: 64, ...VGG },
  { architecture: '3into3vgg', head: 64, decoder: 'unet', ...VGG },
  { architecture: 'concat3into1vgg', head: 64, ...VGG },
];

/**
 * Latency of every network on the same patches under tfjs WASM in Node, and of the whole segmentation.
 * Weights are random where none are shipped: they change no time.
 * @param repetitions after the first call, which is reported apart
 */
export async function benchmarkInference(
  repetitions: number,
  model = DEFAULT_MODEL
): Promise<InferenceBenchmark> {
  const backend = await setUpBackend({ backend: 'wasm', wasmPath: wasmFolder() });
  const networks: NetworkTimes[] = [];
  for (const plan of NETWORKS) {
    const network = buildNetwork(plan, 1);
    const side = plan.architecture === 'unet' ? 104 : 100;
    const patch = new Float32Array(BATCH * side * side * 3).map((_, n) => (n % 97) / 97);
    const times = await time(repetitions, async () => {
      for (let n = 0; n < CASE_PATCHES; n += BATCH) {
        const output = tf.tidy(
          () => network.predict(tf.tensor4d(patch, [BATCH, side, side, 3])) as tf.Tensor
        );
        await output.data();
        output.dispose();
      }
    });
    networks.push({
      network: describeNetwork(plan),
      parameters: network.countParams(),
      float16Megabytes: (2 * network.countParams()) / 1e6,
      ...times,
    });
    network.dispose();
  }
  const [cpu] = cpus();
  return {
    notice: RESEARCH_NOTICE,
    machine: { node: process.version, processors: cpu?.model ?? 'unknown', count: cpus().length },
    backend,
    networks,
    fullStack: await fullStack(repetitions, model),
  };
}

async function fullStack(
  repetitions: number,
  location: string
): Promise<InferenceBenchmark['fullStack']> {
  const files = await openModelAt(location);
  const segmenter = await createSegmenter(files, { backend: 'wasm', wasmPath: wasmFolder() });
  const mrc = caseVolume();
  const times = await time(repetitions, async () => {
    await segmenter.segment(mrc, {});
  });
  segmenter.dispose();
  const { name, version } = segmenter.identity;
  const bytes = files.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    model: `${name} ${version}`,
    volume: `${mrc.size.join(' × ')} voxels of ${mrc.spacing.join(' × ')} mm`,
    megabytes: bytes / 1e6,
    ...times,
  };
}

/** A whole head on the paper's grid. */
function caseVolume(): Volume {
  const phantom = createCase(1_000_000, { difficulty: 0.5, position: [0, 0, 0] });
  return simulateMrc(phantom, paperGrid(40)).mrc;
}

async function time(repetitions: number, action: () => Promise<void>): Promise<Times> {
  const tensors = tf.memory().numTensors;
  const run = async () => {
    const [started, used] = [performance.now(), process.cpuUsage()];
    await action();
    const { user, system } = process.cpuUsage(used);
    return { wall: performance.now() - started, processor: (user + system) / 1000 };
  };
  const first = await run();
  const others = [];
  for (let n = 0; n < repetitions; n++) others.push(await run());
  const median = (values: number[]) =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return {
    first: first.wall,
    median: median(others.map((entry) => entry.wall)),
    processor: median(others.map((entry) => entry.processor)),
    leaked: tf.memory().numTensors - tensors,
  };
}

/** Writes `inference.json` and `inference.md` and returns the table. */
export async function writeInferenceBenchmark(out: string, repetitions = 7): Promise<string> {
  const result = await benchmarkInference(repetitions);
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const row = (name: string, size: string, megabytes: number, times: Times) =>
    `| ${name} | ${size} | ${megabytes.toFixed(2)} MB | ${ms(times.first)} | ${ms(times.median)} | ${ms(times.processor)} | ${times.leaked} |`;
  const { fullStack: whole, machine } = result;
  const table = [
    `${machine.count} × ${machine.processors}, Node ${machine.node}, ${result.backend}. One case is ${CASE_PATCHES} patches; median of ${repetitions} after the first call.`,
    '',
    '| | parameters | float16 | first call | median | processor time | tensors leaked |',
    '|---|---|---|---|---|---|---|',
    ...result.networks.map((entry) =>
      row(entry.network, entry.parameters.toLocaleString('en'), entry.float16Megabytes, entry)
    ),
    row(
      `full stack, both ears, ${whole.model}, ${whole.volume}`,
      'both networks',
      whole.megabytes,
      whole
    ),
    '',
    RESEARCH_NOTICE,
    '',
  ].join('\n');
  await mkdir(out, { recursive: true });
  await writeFile(path.join(out, 'inference.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(path.join(out, 'inference.md'), table);
  return table;
}
