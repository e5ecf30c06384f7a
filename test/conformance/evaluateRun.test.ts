import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstItems, itemAt, type ModelManifest } from '@inner-ear-hydrops/core';
import { BOTH_EARS, drawBalls, writeSegmentation, writeStudy } from '../../tools/test/testSite';
import type { Accounting } from '../../tools/src/evaluate/accounting';
import type { StudyResultOfModel } from '../../tools/src/evaluate/evaluateStudy';
import type { ModelSummary } from '../../tools/src/evaluate/summarise';
import { wasTrainedOn } from '../../tools/src/model/trainedPatients';
import { buildTools, hydrops } from '../support/hydrops';
import { temporaryFolder } from '../support/temporaryFolder';

jest.setTimeout(300_000);

/** `hydrops evaluate --run`: each fold of a small training run on the patients that it held back. */
const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);

const PATIENTS = ['P1', 'P2', 'P3', 'P4'];

interface Written {
  accounting: Accounting;
  models: (ModelSummary & { results: StudyResultOfModel[] })[];
}

function evaluateTo(out: string, run = 'run'): Written {
  const outcome = hydrops('evaluate', '--run', at(run), '--data', at('site'), '--out', at(out));
  expect(outcome).toMatchObject({ status: 0 });
  return JSON.parse(readFileSync(at(out, 'evaluation.json'), 'utf8')) as Written;
}

const manifestOf = (run: string, fold: number): ModelManifest =>
  JSON.parse(
    readFileSync(at(run, `fold-${fold}`, 'model', 'manifest.json'), 'utf8')
  ) as ModelManifest;
const patientsOf = (model: Written['models'][number]) =>
  model.results.map(({ patient }) => patient);

let whole: Written;
beforeAll(async () => {
  buildTools();
  for (const patient of PATIENTS) {
    const study = await writeStudy(at('site', patient), patient, BOTH_EARS);
    await writeSegmentation(study, drawBalls(BOTH_EARS));
  }
  const recipe = ['--folds', '2', '--steps', '5', '--batch', '1', '--width', '2', '--jobs', '1'];
  const trained = hydrops('train', '--data', at('site'), '--out', at('run'), ...recipe);
  expect(trained).toMatchObject({ status: 0 });
  // Came after the training.
  const late = await writeStudy(at('site', 'late'), 'P5', BOTH_EARS);
  await writeSegmentation(late, drawBalls(BOTH_EARS));
  whole = evaluateTo('out');
});

it('judges every patient once, by the network that has not seen them', () => {
  const [pooled, ...folds] = firstItems(whole.models, 3);
  expect(whole.models.map(({ model }) => model.name)).toEqual([
    'site-unet, 2 folds pooled',
    'site-unet, fold 1',
    'site-unet, fold 2',
  ]);
  expect(patientsOf(pooled).sort()).toEqual(PATIENTS);
  expect(folds.flatMap(patientsOf).sort()).toEqual(PATIENTS);
  folds.forEach((fold, n) => {
    const seen = manifestOf('run', n + 1).provenance!.training_patients;
    expect(patientsOf(fold)).toHaveLength(2);
    for (const patient of PATIENTS)
      expect(wasTrainedOn(seen, [patient])).toBe(!patientsOf(fold).includes(patient));
  });
  expect(pooled.all.organs).toBe(16);
  expect(folds.map(({ all }) => all.organs)).toEqual([8, 8]);
});

it('accounts for a patient of no fold, and writes page and table', () => {
  expect(whole.accounting.byReason).toEqual({
    'patient-of-no-fold': { studies: 1, ears: 2, organs: 4 },
  });
  expect([whole.accounting.given.studies, whole.accounting.used.studies]).toEqual([5, 4]);
  const lines = readFileSync(at('out', 'evaluation.csv'), 'utf8').trimEnd().split('\r\n');
  expect(lines).toHaveLength(1 + 16 + 16);
  const cells = lines.map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).length);
  expect(new Set(cells).size).toBe(1);
  const page = readFileSync(at('out', 'evaluation.html'), 'utf8');
  expect(page).toContain('<h2>site-unet, 2 folds pooled 0.1.0</h2>');
  expect(page).toContain('<code>patient-of-no-fold</code>');
});

it('refuses a model of another fold, and one that saw the patients that its fold holds back', () => {
  cpSync(at('run'), at('mixed'), { recursive: true });
  const model = (fold: number) => at('mixed', `fold-${fold}`, 'model');
  const own = manifestOf('mixed', 2);
  rmSync(model(2), { recursive: true });
  cpSync(model(1), model(2), { recursive: true });
  const args = ['--run', at('mixed'), '--data', at('site'), '--out', at('mixed-out')];
  const refused = hydrops('evaluate', ...args);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/fold-2\/model is not of this run: .*says fold 1 of 2/);
  // Even where the manifest says that it is of this fold.
  const copied = manifestOf('mixed', 2);
  const provenance = { ...copied.provenance, split: own.provenance!.split };
  writeFileSync(join(model(2), 'manifest.json'), JSON.stringify({ ...copied, provenance }));
  const leaking = evaluateTo('mixed-out', 'mixed');
  expect(leaking.accounting.byReason['patient-was-trained-on']?.studies).toBe(2);
  expect(leaking.models.map((entry) => entry.model.name)).toEqual([
    'site-unet, 1 fold pooled',
    'site-unet, fold 1',
  ]);
});

it('leaves out the patients of a fold that is not trained, and what is asked for twice', () => {
  renameSync(at('mixed', 'fold-2'), at('mixed', 'not-trained'));
  const { accounting } = evaluateTo('half-out', 'mixed');
  expect(accounting.byReason['fold-not-trained']?.studies).toBe(2);
  const both = ['--run', at('run'), '--model', at('run', 'fold-1', 'model')];
  const refused = hydrops('evaluate', ...both, '--data', at('site'), '--out', at('x'));
  expect(refused.status).not.toBe(0);
  expect(refused.stderr).toMatch(/leave out --model/);
  expect(
    hydrops('evaluate', '--run', at('site'), '--data', at('site'), '--out', at('x')).stderr
  ).toMatch(/plan.json cannot be read/);
  expect(itemAt(accounting.items, 0).message).toMatch(/fold|Fold/);
});
