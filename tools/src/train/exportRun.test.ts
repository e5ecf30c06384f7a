import path from 'node:path';
import type { Provenance } from '@inner-ear-hydrops/core';
import { hashedPatients, wasTrainedOn } from '../model/trainedPatients';
import { buildNetwork } from '@inner-ear-hydrops/core/segmentation';
import { openModelAt } from '../model/modelFiles';
import { projectRoot } from '../projectRoot';
import { exportRun } from './exportRun';
import { LOCATOR_PLAN, SEGMENTATION_PLAN, type TrainingPlan } from './plans';
import { setUpTrainingBackend } from './trainingBackend';
import { temporaryFolder } from '../../../test/support/temporaryFolder';

const folder = temporaryFolder();
beforeAll(async () => {
  await setUpTrainingBackend('wasm');
});

const PROVENANCE: Provenance = {
  parent: { name: 'inner-ear-unet', version: '0.4.0', sha256: 'ab'.repeat(32) },
  data_sha256: 'cd'.repeat(32),
  seed: 11,
  split: { fold: 2, folds: 5, training_patients: 8, validation_patients: 2 },
  data_statement: 'Approved by the ethics committee of the site.',
  training_patients: [hashedPatients(['P1', '1.2.3'], 'aa')],
};
const OTHERS = { ...PROVENANCE, training_patients: [hashedPatients(['P9'], 'bb')] };

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
      ears: { volume: 2, mixed: 0, full: 0, selective: 0 },
      sliceSpacing: null,
      sha256: '',
    },
    last: null,
    validation: '',
    other: { ...other, manifest: { ...other.manifest, confidence_thresholds, provenance: OTHERS } },
    name: null,
    version: '1.0.0',
    authors: null,
    license: null,
    provenance: PROVENANCE,
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

it('a site’s network says where it comes from, and is not called the project’s', async () => {
  const { name, authors, copyright, license, provenance } = await exported(SEGMENTATION_PLAN);
  expect([name, authors, copyright, license]).toEqual([
    'site-unet',
    'not stated',
    'not stated',
    'not stated',
  ]);
  expect(provenance).toMatchObject({ ...PROVENANCE, training_patients: expect.any(Array) });
});

it('a network knows the patients that it and the network beside it were trained on, without naming them', async () => {
  const { provenance } = await exported(SEGMENTATION_PLAN);
  const runs = provenance?.training_patients ?? [];
  expect(['P1', '1.2.3', 'P9', 'P2'].map((patient) => wasTrainedOn(runs, [patient]))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(JSON.stringify(runs)).not.toContain('P1');
});
