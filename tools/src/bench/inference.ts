/** Benchmark: each network under tfjs WASM in Node, and both ears from a loaded volume to labels */
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
import { median, reportTable } from './table';

/** Patches of one case: two ears of some twenty slices. */
const CASE_PATCHES = 40;
const BATCH = 8;
const RUNS = 7;

const VGG = { classes: 6, width: 8, head: 64, dropout: 0.6 };
/** With random weights: they change no time. */
const NETWORKS: NetworkPlan[] = [
  { architecture: 'unet', slices: 3, classes: 6, width: 8, depth: 3 },
  { architecture: 'unet', slices: 3, classes: 6, width: 12, depth: 3 },
  { architecture: '3into3vgg', ...VGG },
  { architecture: '3into3vgg', decoder: 'unet', ...VGG },
  { architecture: 'concat3into1vgg', ...VGG },
];

const COLUMNS = [
  'network',
  'parameters',
  'float16 MB',
  'first call ms',
  'median ms',
  'processor ms',
  'tensors leaked',
];

async function main(): Promise<void> {
  const backend = await setUpBackend({ backend: 'wasm', wasmPath: wasmFolder() });
  const rows: (string | number)[][] = [];
  for (const plan of NETWORKS) {
    const network = buildNetwork(plan, 1);
    const side = plan.architecture === 'unet' ? 104 : 100;
    const patch = new Float32Array(BATCH * side * side * 3).map((_, n) => (n % 97) / 97);
    const times = await time(async () => {
      for (let n = 0; n < CASE_PATCHES; n += BATCH) {
        const output = tf.tidy(
          () => network.predict(tf.tensor4d(patch, [BATCH, side, side, 3])) as tf.Tensor
        );
        await output.data();
        output.dispose();
      }
    });
    const parameters = network.countParams();
    rows.push([
      describeNetwork(plan),
      parameters,
      Number(((2 * parameters) / 1e6).toFixed(2)),
      ...times,
    ]);
    network.dispose();
  }
  rows.push(await fullStack());
  reportTable('inference', { columns: COLUMNS, rows }, [
    `${backend}; one case is ${CASE_PATCHES} patches of 100 × 100 pixels; median of ${RUNS} after the first call. ${RESEARCH_NOTICE}`,
  ]);
}

async function fullStack(): Promise<(string | number)[]> {
  const files = await openModelAt(DEFAULT_MODEL);
  const segmenter = await createSegmenter(files, { backend: 'wasm', wasmPath: wasmFolder() });
  const mrc = caseVolume();
  const times = await time(async () => {
    await segmenter.segment(mrc, {});
  });
  segmenter.dispose();
  const { name, version } = segmenter.identity;
  const bytes = files.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const { segmentation, locator } = files.manifest.networks;
  return [
    `both ears, ${name} ${version}, ${mrc.size.join(' × ')} voxels`,
    segmentation.parameters + (locator?.parameters ?? 0),
    Number((bytes / 1e6).toFixed(2)),
    ...times,
  ];
}

/** A whole head on the paper's grid. */
function caseVolume(): Volume {
  const phantom = createCase(1_000_000, { difficulty: 0.5, position: [0, 0, 0] });
  return simulateMrc(phantom, paperGrid(40)).mrc;
}

/** First call, median, median of processor time (ms), and tensors left behind by all calls. */
async function time(action: () => Promise<void>): Promise<[number, number, number, number]> {
  const tensors = tf.memory().numTensors;
  const run = async () => {
    const [started, used] = [performance.now(), process.cpuUsage()];
    await action();
    const { user, system } = process.cpuUsage(used);
    return { wall: performance.now() - started, processor: (user + system) / 1000 };
  };
  const first = await run();
  const others = [];
  for (let n = 0; n < RUNS; n++) others.push(await run());
  return [
    Math.round(first.wall),
    Math.round(median(others.map((entry) => entry.wall))),
    Math.round(median(others.map((entry) => entry.processor))),
    tf.memory().numTensors - tensors,
  ];
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
