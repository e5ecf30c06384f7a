import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wasTrainedOn } from '../model/trainedPatients';
import { SEGMENTATION_PLAN } from './plans';
import { keepPlan, type StoredPlan } from './storedPlan';
import type { TrainingData } from './trainingData';

const DATA: TrainingData = {
  ...{ ears: [], heads: [], problems: [], notes: [] },
  patients: ['ID-77', 'ID-78', 'case 3001'],
  namesOfPatients: new Map([
    ['ID-77', ['ID-77', '1.2.77']],
    ['ID-78', ['ID-78', '1.2.78']],
  ]),
  description: {
    directories: ['/data'],
    patients: 3,
    studies: { 'case files': 1, phantoms: 0, segmentations: 2, 'structure sets': 0 },
    ears: { volume: 4, mixed: 0, full: 0, selective: 0 },
    sliceSpacing: [1, 1],
    sha256: 'ab'.repeat(32),
  },
};
const FOLDS = [['ID-77', 'case 3001'], ['ID-78']];

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hydrops-plan-'));
  file = path.join(folder, 'plan.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keep = (folds: string[][], resume: boolean) =>
  keepPlan(file, folds, DATA, { plan: SEGMENTATION_PLAN, annotations: 'auto', from: null, resume });
const read = async () => JSON.parse(await readFile(file, 'utf8')) as StoredPlan;

it('a plan names no patient, and knows those of each fold', async () => {
  await keep(FOLDS, false);
  expect(await readFile(file, 'utf8')).not.toMatch(/ID-7|1\.2\.7|case 3001/);
  const runs = (await read()).folds.map(({ validation }) => validation);
  const holds = (name: string) =>
    runs.map((run) => !Array.isArray(run) && wasTrainedOn([run], [name]));
  expect(['ID-77', '1.2.77', 'case 3001', 'ID-78', '1.2.78', 'ID-79'].map(holds)).toEqual([
    [true, false],
    [true, false],
    [true, false],
    [false, true],
    [false, true],
    [false, false],
  ]);
});

it('is resumed with the same patients in each fold only', async () => {
  await keep(FOLDS, false);
  const before = await readFile(file, 'utf8');
  await keep(FOLDS, true);
  expect(await readFile(file, 'utf8')).toBe(before);
  await expect(keep([['ID-78'], ['ID-77', 'case 3001']], true)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/folds\.0\.validation/),
  });
});

it('of an earlier version, with names, is resumed and loses them', async () => {
  await keep(FOLDS, false);
  const now = await read();
  const { mixed: _, ...ears } = now.data.ears;
  const named = FOLDS.map((validation, n) => ({ fold: n + 1, validation }));
  const earlier = { ...now, data: { ...now.data, ears }, folds: named, version: '0.1.0' };
  const write = () => writeFile(file, JSON.stringify(earlier));
  await write();
  await expect(keep([['ID-77'], ['ID-78', 'case 3001']], true)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/fold 1 was validated on other patients/),
  });
  await write();
  await keep(FOLDS, true);
  expect(await read()).toEqual({ ...now, version: '0.1.0' });
});
