import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildNetwork } from '@inner-ear-hydrops/core/segmentation';
import { openModelAt } from '../model/modelFiles';
import { projectRoot } from '../projectRoot';
import { exportRun } from './exportRun';
import { LOCATOR_PLAN, SEGMENTATION_PLAN, type TrainingPlan } from './plans';
import { setUpTrainingBackend } from './trainingBackend';

let folder: string;
beforeAll(async () => {
  await setUpTrainingBackend('wasm');
  folder = await mkdtemp(path.join(tmpdir(), 'hydrops-export-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes untrained weights beside the other network of the shipped model, and reads the folder back. */
async function exported(plan: TrainingPlan) {
  const network = buildNetwork(plan.network, plan.seed);
  const weights = network.getWeights().map((tensor) => Float32Array.from(tensor.dataSync()));
  network.dispose();
  const other = await openModelAt(path.join(projectRoot(), 'models/inner-ear-unet'));
  const confidence_thresholds = { cochlea: 0.81, vestibule: 0.72 };
  const out = path.join(folder, plan.name);
  await exportRun(out, {
    plan,
    weights,
    data: {
      directories: [],
      patients: 1,
      studies: { 'case files': 0, phantoms: 0, segmentations: 1, 'structure sets': 0 },
      ears: { volume: 2, full: 0, selective: 0 },
      sliceSpacing: null,
      sha256: '',
    },
    last: null,
    validation: '',
    other: { ...other, manifest: { ...other.manifest, confidence_thresholds } },
    name: 'site',
    version: '1.0.0',
  });
  return (await openModelAt(out)).manifest;
}

it('a new locator keeps the confidence thresholds of the segmentation network that it is put beside', async () => {
  const manifest = await exported(LOCATOR_PLAN);
  expect(manifest.confidence_thresholds).toEqual({ cochlea: 0.81, vestibule: 0.72 });
});

it('a new segmentation network is not judged by the thresholds of another network', async () => {
  const manifest = await exported(SEGMENTATION_PLAN);
  expect(manifest.confidence_thresholds).toBeUndefined();
});
