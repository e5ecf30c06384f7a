import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measurementSchema, type Measurement } from '@inner-ear-hydrops/core';
import { createCase, simulateStudy, type PhantomStudy } from '@inner-ear-hydrops/phantom';
import { labelsFromAnatomy } from '../../tools/src/dataset/anatomyLabels';
import { readNiftiVolume } from '../../tools/src/labelFiles/readNifti';
import { niftiFile } from '../../tools/src/labelFiles/writeNifti';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import { buildTools, hydrops } from '../support/hydrops';

jest.setTimeout(300_000);

/** The commands as a user starts them, on a phantom study whose annotation is a NIfTI file. */
const folder = mkdtempSync(join(tmpdir(), 'hydrops-label-commands-'));
const at = (...path: string[]): string => join(folder, ...path);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let simulated: PhantomStudy;
let truth: Uint8Array;
const NAMES = ['1=left cochlea', '2=left vestibule', '3=right cochlea', '4=right vestibule'];

beforeAll(() => {
  buildTools();
  simulated = simulateStudy(
    createCase(302, {
      grid: { size: [220, 150, 26] },
      tilt: [3, 0, 0],
      position: [0, 0, 0],
      noise: 0.01,
      gadolinium: 0.08,
      hydrops: { left: 0.6, right: 0.1 },
    })
  );
  mkdirSync(at('data', 'one'), { recursive: true });
  encodePhantomStudy(simulated, {
    ...{ key: 'labels', givenName: 'Labels', patientId: 'LABELS', studyDescription: 'phantom' },
  }).forEach((object, n) =>
    writeFileSync(at('data', 'one', `${n}.dcm`), new Uint8Array(object.file))
  );
  truth = labelsFromAnatomy(simulated.mrc, simulated.truth.anatomy).data;
  writeFileSync(at('data', 'one', 'drawn.nii.gz'), niftiFile(simulated.mrc, truth));
});

const voxelsOf = (number: number) =>
  truth.reduce((sum, value) => sum + Number(value === number), 0);
const measurementIn = (name: string): Measurement =>
  measurementSchema.parse(
    JSON.parse(readFileSync(at(name, 'measurement.json'), 'utf8'))
  ) as Measurement;

it('compute measures in the regions of a NIfTI file, and in its own result of them', () => {
  const drawn = ['--labels', at('data', 'one', 'drawn.nii.gz'), '--names', ...NAMES];
  const first = hydrops('compute', at('data'), '--out', at('result'), ...drawn);
  expect(first).toMatchObject({ status: 0 });
  const { ears, model, warnings } = measurementIn('result');
  expect(model).toBeNull();
  expect(ears.left?.cochlea).toMatchObject({ mask: 'drawn', volume: { totalVoxels: voxelsOf(1) } });
  expect(ears.left?.vestibule?.volume.totalVoxels).toBe(voxelsOf(2));
  expect(ears.right?.cochlea?.volume.totalVoxels).toBe(voxelsOf(3));
  expect(ears.right?.vestibule?.volume.totalVoxels).toBe(voxelsOf(4));
  expect(ears.left!.vestibule!.volume.ratio).toBeGreaterThan(
    ears.right!.vestibule!.volume.ratio + 0.2
  );
  expect(warnings.map(({ code }) => code)).toContain('roi-of-other-software');
  const stored = ['--labels', at('result', 'segmentation.dcm')];
  const again = hydrops('compute', at('data'), '--out', at('again'), ...stored);
  expect(again).toMatchObject({ status: 0 });
  const { ears: same } = measurementIn('again');
  expect(same.left?.cochlea?.volume).toEqual(ears.left?.cochlea?.volume);
  expect(same.right?.vestibule?.volume).toEqual(ears.right?.vestibule?.volume);
});

it('compute refuses labels that lie with left for right, and names what to do', () => {
  const exchanged = [3, 4, 1, 2].map((number, n) => NAMES[n]!.replace(/^\d/, String(number)));
  const file = ['--labels', at('data', 'one', 'drawn.nii.gz'), '--names', ...exchanged];
  const refused = hydrops('compute', at('data'), '--json', ...file);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain('contradict the patient');
  expect(refused.stderr).toContain('--names');
});

it('evaluate compares with them, and writes the masks of annotation and model', () => {
  const out = ['--out', at('evaluation'), '--masks', '--names', ...NAMES];
  const outcome = hydrops('evaluate', '--data', at('data'), ...out);
  expect(outcome).toMatchObject({ status: 0 });
  expect(readdirSync(at('evaluation', 'masks', 'one')).sort()).toEqual([
    'annotation.nii.gz',
    'found-1.nii.gz',
  ]);
  const mask = (name: string) => readNiftiVolume(at('evaluation', 'masks', 'one', name)).data;
  expect(Buffer.from(Uint8Array.from(mask('annotation.nii.gz'))).equals(Buffer.from(truth))).toBe(
    true
  );
  const found = mask('found-1.nii.gz');
  const both = truth.reduce((sum, value, n) => sum + Number(value === 1 && found[n] === 1), 0);
  const either = truth.reduce((sum, value, n) => sum + Number(value === 1 || found[n] === 1), 0);
  const { models } = JSON.parse(readFileSync(at('evaluation', 'evaluation.json'), 'utf8')) as {
    models: { results: { organs: { ear: string; organ: string; iou: number }[] }[] }[];
  };
  const organs = models[0]!.results[0]!.organs;
  const cochlea = organs.find(({ ear, organ }) => ear === 'left' && organ === 'cochlea');
  expect(both / either).toBeCloseTo(cochlea!.iou, 9);
  expect(cochlea!.iou).toBeGreaterThan(0.5);
});

it('convert writes them for other programs, and train reads them back', () => {
  const names = ['--names', ...NAMES];
  const slicer = ['--to', 'nrrd', '--out', at('slicer')];
  expect(hydrops('convert', '--data', at('data'), ...names, ...slicer)).toMatchObject({
    status: 0,
  });
  expect(readdirSync(at('slicer')).sort()).toEqual(['cases.csv', 'one.seg.nrrd']);
  const check = ['--out', at('run'), '--check-only', '--labels', at('slicer')];
  const outcome = hydrops('train', '--data', at('data'), ...check);
  // One patient cannot be split into folds, and nothing else is wrong.
  const codes = outcome.stderr.match(/\[[a-z-]+\]/g);
  expect(new Set(codes)).toEqual(new Set(['[too-few-patients]', '[organ-not-annotated]']));
  expect(outcome.stderr).toContain('1 label files; ears annotated as: 2 volume');
  expect(outcome.stderr).toContain('passed over: drawn.nii.gz');
});
