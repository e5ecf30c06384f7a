/** Benchmark: each network in tfjs and in ONNX Runtime, in Node and Chromium, and both ears from volume to labels */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESEARCH_NOTICE, itemAt } from '@inner-ear-hydrops/core';
import { setUpBackend } from '@inner-ear-hydrops/core/segmentation';
import { wasmFolder } from '../tools/src/model/modelFiles';
import { projectRoot } from '../tools/src/projectRoot';
import { hasBrowser } from '../test/support/browser';
import { runInBrowser, startBenchServer, type BenchServer } from './inference/browserJob';
import type { Job } from './inference/job';
import { answerJob, runInNode, type Measured } from './inference/nodeJob';
import { ONNX_VERSION, onnxFolder } from './inference/onnxRuntime';
import { PATCHES, prepareFiles, type PreparedNetwork } from './inference/prepareFiles';
import { reportTable } from './table';

/** A software rasteriser takes a second a patch. */
const WEBGL_PATCHES = 2;
/** `--quick`: one run each, to see whether all outputs are equal. */
const RUNS = process.argv.includes('--quick') ? 1 : 5;
const MAX_DIFFERENCE = 1e-3;

interface Setting {
  place: 'Node' | 'Chromium';
  engine: Job['engine'];
  backend: Job['backend'];
  threads: number;
}

const COLUMNS = [
  'what',
  'where',
  'engine',
  'threads',
  'first call ms',
  'one patch ms',
  'all ms',
  'processor ms',
  'patches',
  'network MB',
  'runtime MB',
  'peak MiB',
  'tensors leaked',
  'difference',
];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-inference-'));
  let server: BenchServer | null = null;
  try {
    await setUpBackend({ backend: 'wasm', wasmPath: wasmFolder() });
    const networks = await prepareFiles(folder);
    if (hasBrowser()) {
      const worker = join(projectRoot(), 'bench/dist/inference-worker.js');
      server = await startBenchServer(folder, worker);
    }
    const rows: (string | number)[][] = [];
    const renderers = new Set<string>();
    const measure = async (setting: Setting, job: Pick<Job, 'kind' | 'networks' | 'runs'>) => {
      const { place, engine, backend, threads } = setting;
      const whole: Job = { ...job, engine, backend, threads };
      console.error(
        `${place} ${engine} ${backend} ${threads}: ${job.kind} ${job.networks[0]?.name ?? ''}`
      );
      const found =
        place === 'Node'
          ? runInNode(whole, folder)
          : await runInBrowser(whole, server as BenchServer);
      if (backend === 'webgl') renderers.add(found.backend);
      return found;
    };
    for (const network of networks) {
      for (const setting of settings(server !== null)) {
        const patches = setting.backend === 'webgl' ? WEBGL_PATCHES : PATCHES;
        const { name, shape, classes } = network;
        const found = await measure(setting, {
          kind: 'network',
          networks: [{ name, shape, patches, classes }],
          runs: setting.backend === 'webgl' ? 1 : RUNS,
        });
        const difference = greatestDifference(found.output, network.expected);
        rows.push(row(network.title, setting, found, patches, network, difference));
      }
    }
    rows.push(...(await wholeCase(networks, server !== null, measure)));
    reportTable('inference', { columns: COLUMNS, rows }, notes(renderers));
    const wrong = rows.filter((cells) => !(Number(cells.at(-1)) < MAX_DIFFERENCE));
    for (const cells of wrong)
      console.error(`Not equal: ${cells.slice(0, 4).join(', ')}: ${cells.at(-1)}`);
    const leaks = rows.filter((cells) => Number(cells.at(-2)) > 0);
    for (const cells of leaks) console.error(`Leaks tensors: ${cells.slice(0, 4).join(', ')}`);
    if (wrong.length + leaks.length > 0) process.exitCode = 1;
  } finally {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Measure = (
  setting: Setting,
  job: Pick<Job, 'kind' | 'networks' | 'runs'>
) => Promise<Measured>;

/** Volume to labels, and the networks' part of it in both libraries on the patches of that case. */
async function wholeCase(
  networks: PreparedNetwork[],
  withBrowser: boolean,
  measure: Measure
): Promise<(string | number)[][]> {
  const model = networks.slice(0, 2);
  const all = settings(withBrowser).filter(({ backend }) => backend === 'wasm');
  const rows: (string | number)[][] = [];
  const patches = model.reduce((sum, network) => sum + network.casePatches, 0);
  let labels: number[] | null = null;
  for (const setting of all) {
    const found = await measure(setting, { kind: 'stack', networks: [], runs: RUNS });
    // The first is tfjs on one thread.
    labels ??= found.output;
    // Labels are equal or not; the number is the share of unequal labels.
    const difference = shareOfDifferentLabels(found.output, labels);
    rows.push(row('both ears, volume to labels', setting, found, patches, null, difference));
  }
  for (const setting of all) {
    const found = await measure(setting, {
      kind: 'parts',
      networks: model.map(({ name, shape, classes, casePatches }) => ({
        name,
        shape,
        classes,
        patches: casePatches,
      })),
      runs: RUNS,
    });
    const difference = greatestDifference(found.output, itemAt(model, 0).expected);
    rows.push(row('both ears, the networks alone', setting, found, patches, null, difference));
  }
  return rows;
}

function settings(withBrowser: boolean): Setting[] {
  const wasm = (['Node', 'Chromium'] as const).flatMap((place) =>
    (['tfjs', 'onnxruntime'] as const).flatMap((engine) =>
      [1, 2].map((threads): Setting => ({ place, engine, backend: 'wasm', threads }))
    )
  );
  const webgl: Setting = { place: 'Chromium', engine: 'tfjs', backend: 'webgl', threads: 1 };
  return withBrowser ? [...wasm, webgl] : wasm.filter(({ place }) => place === 'Node');
}

function row(
  what: string,
  setting: Setting,
  found: Measured,
  patches: number,
  network: PreparedNetwork | null,
  difference: number
): (string | number)[] {
  const { place, engine, backend, threads } = setting;
  const isOnnx = engine === 'onnxruntime';
  const megabytes = (bytes: number) => Number((bytes / 1e6).toFixed(2));
  return [
    what,
    place,
    isOnnx ? 'onnxruntime-web' : `tfjs ${backend}`,
    threads,
    Math.round(found.first),
    found.onePatch === null ? '–' : Number(found.onePatch.toFixed(1)),
    Math.round(found.all),
    found.processor === null ? '–' : Math.round(found.processor),
    patches,
    network ? megabytes(network.bytes[isOnnx ? 'onnx' : 'tfjs']) : '–',
    megabytes(runtimeBytes(setting)),
    Number.isNaN(found.peakMiB) ? '–' : Math.round(found.peakMiB),
    isOnnx ? '–' : found.leaked,
    Number(difference.toPrecision(2)),
  ];
}

/** Scripts and WASM binary that a browser loads, not compressed. */
function runtimeBytes({ engine, backend, threads }: Setting): number {
  const extension = join(projectRoot(), 'extension/dist');
  const files =
    engine === 'onnxruntime'
      ? ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'].map(
          (name) => join(onnxFolder(), name)
        )
      : [
          join(extension, 'worker.js'),
          ...(backend === 'wasm'
            ? [join(extension, `tfjs-backend-wasm-${threads > 1 ? 'threaded-simd' : 'simd'}.wasm`)]
            : []),
        ];
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

/** Infinite where the lengths differ or a value is not a number. */
function greatestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let greatest = 0;
  for (let n = 0; n < found.length; n++) {
    const difference = Math.abs(found[n]! - expected[n]!);
    if (!(difference <= greatest)) greatest = Number.isNaN(difference) ? Infinity : difference;
  }
  return greatest;
}

/** Of pairs of voxel and label. */
function shareOfDifferentLabels(found: number[], expected: number[]): number {
  const pairs = (list: number[]) =>
    new Set(list.flatMap((voxel, n) => (n % 2 ? [] : [`${voxel} ${list[n + 1]}`])));
  const [a, b] = [pairs(found), pairs(expected)];
  const common = [...a].filter((pair) => b.has(pair)).length;
  return 1 - common / Math.max(a.size, b.size, 1);
}

function notes(renderers: Set<string>): string[] {
  return [
    `Medians of ${RUNS} after the first call, patches four at a time in both libraries; onnxruntime-web ${ONNX_VERSION}; same weights and patches.`,
    'Difference: for probabilities, the greatest difference of two patches from LayersModel.predict on tfjs WASM; for labels, the share that differs.',
    'Processor: time of all threads for “all”, which other programs on the machine affect less. Runtime: scripts and WASM binary, not compressed (tfjs: the extension’s worker). Peak: resident memory of the process, in Chromium of the renderer.',
    'Two threads in Chromium on a cross-origin isolated page, one on a plain page.',
    ...[...renderers].map((name) => `WebGL was drawn by: ${name}.`),
    RESEARCH_NOTICE,
  ];
}

const run = process.argv[2] === 'job' ? answerJob(itemAt(process.argv, 3)) : main();
run.catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
