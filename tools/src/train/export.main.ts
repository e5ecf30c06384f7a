import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildUNet, setUpBackend } from '@inner-ear-hydrops/core/segmentation';
import { loadCheckpoint } from './checkpoint';
import { exportNetwork, writeModel, type ExportedNetwork } from './exportModel';
import { INNER_EAR_UNET } from './modelText';
import { wasmFolder } from './nodeBackend';
import { LOCATOR_PLAN, SEGMENTATION_PLAN, type TrainingPlan } from './plans';
import { setWeights } from './trainNetwork';

/** `node export.mjs RUN MODEL`: writes the running averages of a run's checkpoints as a model. */
const [run, target] = process.argv.slice(2);
await setUpBackend({ backend: 'wasm', wasmPath: wasmFolder() });

async function exported(plan: TrainingPlan): Promise<ExportedNetwork> {
  const network = buildUNet(plan.network);
  const state = await loadCheckpoint(path.join(run, `${plan.name}.checkpoint`));
  setWeights(network, state.averages);
  console.log(`${plan.name}: step ${state.step}, ${network.countParams()} parameters`);
  return exportNetwork(network, plan, describeArchitecture(plan));
}

function describeArchitecture(plan: TrainingPlan): string {
  const { slices, width, depth } = plan.network;
  return `2.5D U-Net, ${slices} slices, ${width} base channels, ${depth} poolings`;
}

const metrics = path.join(run, 'metrics.json');
const text = existsSync(metrics)
  ? { ...INNER_EAR_UNET, eval_metrics: JSON.parse(await readFile(metrics, 'utf8')) }
  : INNER_EAR_UNET;
const manifest = await writeModel(path.resolve(target), text, {
  segmentation: await exported(SEGMENTATION_PLAN),
  locator: await exported(LOCATOR_PLAN),
});
const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
console.log(`${target}: ${(bytes / 1e6).toFixed(2)} MB`);
