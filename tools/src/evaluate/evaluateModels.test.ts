import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { hashedPatients } from '../model/trainedPatients';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { LabelledStudy } from '../dataset/labelledStudy';
import path from 'node:path';
import { projectRoot } from '../projectRoot';
import { evaluateModels } from './evaluateModels';

/** A study that cannot be read, so that a test need not wait for a network. */
const unreadable: LabelledStudy = {
  name: 'studies/a',
  patient: 'P1',
  patientNames: ['P1'],
  studyInstanceUid: '1.2.3',
  kind: 'segmentation',
  reader: null,
  file: null,
  load: () =>
    Promise.reject(new RefusedInputError('annotation-series-differs', 'It was drawn on PPI.', '')),
};
const SHIPPED = path.join(projectRoot(), 'models/inner-ear-unet');

async function leftOutBy(
  models: string[],
  studies: LabelledStudy[],
  { signal } = new AbortController()
) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  return {
    lines,
    ...(await evaluateModels(models, studies, { annotations: 'auto', signal, say })),
  };
}

it('says on the terminal which study is left out and why, while the others go on', async () => {
  const studies = [unreadable, { ...unreadable, name: 'studies/b' }];
  const { leftOut, models, lines } = await leftOutBy([SHIPPED], studies);
  expect(leftOut.map(({ where }) => where)).toEqual(['studies/a', 'studies/b']);
  expect(models[0]!.studies).toEqual([]);
  expect(lines).toEqual([
    'left out: studies/a: It was drawn on PPI. [annotation-series-differs]',
    'left out: studies/b: It was drawn on PPI. [annotation-series-differs]',
  ]);
});

it('refuses to judge a model on patients that it was trained on', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'hydrops-leak-'));
  try {
    await cp(SHIPPED, folder, { recursive: true });
    const file = path.join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as object;
    const training_patients = [hashedPatients(['P1', '1.2.3'], 'aa')];
    const split = { fold: 1, folds: 5, training_patients: 4, validation_patients: 1 };
    const rest = { parent: null, data_sha256: '', seed: 1, split, data_statement: null };
    const provenance = { ...rest, training_patients };
    await writeFile(file, JSON.stringify({ ...manifest, provenance }));
    const studies = [
      unreadable,
      // The Patient ID was changed since; the study is the same.
      { ...unreadable, name: 'studies/b', patientNames: ['X', '1.2.3'] },
      { ...unreadable, name: 'studies/c', patientNames: ['P2'] },
    ];
    const { leftOut, lines } = await leftOutBy([SHIPPED, folder], studies);
    expect(leftOut.map(({ code }) => code)).toEqual([
      'patient-was-trained-on',
      'patient-was-trained-on',
      'annotation-series-differs',
    ]);
    expect(lines[0]).toBe(
      `left out: studies/a: ${folder} was trained on this patient, as its manifest says: what it finds here proves nothing. [patient-was-trained-on]`
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('names the studies that it did not come to when it was stopped', async () => {
  const stop = new AbortController();
  stop.abort();
  const studies = [unreadable, { ...unreadable, name: 'studies/b' }];
  const { leftOut } = await leftOutBy([SHIPPED], studies, stop);
  expect(leftOut.map(({ code, where }) => [code, where])).toEqual([
    ['stopped', 'studies/a'],
    ['stopped', 'studies/b'],
  ]);
});
