import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { itemAt } from '@inner-ear-hydrops/core';
import {
  A_MODEL,
  BOTH_EARS,
  drawBalls,
  writeSegmentation,
  writeStructureSet,
  writeStudy,
} from '../../test/testSite';
import { indexDirectories } from '../dataset/dicomIndex';
import { labelsFromAnatomy } from '../dataset/anatomyLabels';
import { findLabelledStudies } from '../dataset/labelledStudies';
import { readPairing, type PairingArguments } from '../dataset/pairingOptions';
import { dealFolds } from '../train/folds';
import { convertStudies } from './convertStudies';
import type { Format } from './formats';

let site: string;
beforeEach(async () => {
  site = await mkdtemp(path.join(tmpdir(), 'hydrops-convert-'));
});
afterEach(() => rm(site, { recursive: true, force: true }));

const at = (...names: string[]) => path.join(site, ...names);
const ALL = drawBalls(BOTH_EARS);
const LEFT = drawBalls({ 1: BOTH_EARS[1], 2: BOTH_EARS[2] });
const study = (folder = 'a', patient = 'P1') => writeStudy(at('data', folder), patient, BOTH_EARS);

async function convert(format: Format, out: string, given: PairingArguments = {}) {
  const said: string[] = [];
  const count = await convertStudies({
    ...{ data: [at('data')], out: at(out), format, annotations: 'volume' },
    ...{ pairing: await readPairing(given), folds: 2, seed: 11 },
    say: (line) => said.push(line),
  });
  return { count, said: said.join('\n') };
}

/** Labels of the first study, as training would take them. */
async function labels(given: PairingArguments = {}) {
  const found = await findLabelledStudies(
    await indexDirectories([at('data')]),
    await readPairing(given)
  );
  expect(found.problems).toEqual([]);
  const first = itemAt(found.studies, 0);
  const { mrc, anatomy, isDrawn } = await first.load([]);
  const { data } = labelsFromAnatomy(mrc.volume, anatomy);
  return {
    kind: first.kind,
    reader: first.reader,
    isDrawn,
    data: Buffer.from(data).toString('hex'),
  };
}

const DRAWN = Buffer.from(ALL).toString('hex');

describe('hydrops convert', () => {
  test.each<[Format, string]>([
    ['nifti', 'a.nii.gz'],
    ['nrrd', 'a.seg.nrrd'],
    ['nnunet', 'labelsTr/a.nii.gz'],
  ])('takes a segmentation to %s and back, equal to the voxel', async (format, file) => {
    await writeSegmentation(await study(), ALL, 'seg.dcm', undefined, { reader: 'Kim^Minsu' });
    // nnU-Net's data set has two folds, which want two patients.
    await writeSegmentation(await study('b', 'P2'), ALL, 'seg.dcm', undefined, {
      reader: 'Kim^Minsu',
    });
    expect((await convert(format, 'Dataset501_Ear')).count).toBe(2);
    await rm(at('data', 'a', 'seg.dcm'));
    const given = { labels: [at('Dataset501_Ear', 'cases.csv')] };
    const names = format === 'nifti' ? { labelNames: at('Dataset501_Ear', 'labels.txt') } : {};
    expect(await readdir(path.dirname(at('Dataset501_Ear', file)))).toContain(path.basename(file));
    const own = await labels({ ...given, ...names });
    expect(own).toEqual({ kind: 'label-file', reader: 'Kim^Minsu', isDrawn: true, data: DRAWN });
    await convert('seg', 'back', { ...given, ...names });
    await rename(at('back', 'a.dcm'), at('data', 'a', 'back.dcm'));
    const back = await labels();
    expect(back).toEqual({ kind: 'segmentation', reader: 'Kim^Minsu', isDrawn: true, data: DRAWN });
  });

  it('makes a segmentation of a structure set', async () => {
    const [i, j, k] = BOTH_EARS[1]!;
    const corners = [-1, 1].flatMap((x): [number, number][] =>
      [x, -x].map((y) => [i + 3.5 * x, j + 3.5 * y])
    );
    await writeStructureSet(await study(), [{ name: 'Left cochlea', slice: k, corners }]);
    const before = await labels();
    expect(before.data.match(/01/g)).toHaveLength(49);
    await convert('seg', 'out');
    await rm(at('data', 'a', 'rtstruct.dcm'));
    await rename(at('out', 'a.dcm'), at('data', 'a', 'seg.dcm'));
    expect(await labels()).toEqual({ ...before, kind: 'segmentation' });
  });

  it('leaves out what is a segmentation already, and what a program had a part in', async () => {
    await writeSegmentation(await study(), ALL);
    await expect(convert('seg', 'out')).rejects.toThrow('No study could be converted.');
    await rm(at('data', 'a', 'seg.dcm'));
    await writeSegmentation(await study(), ALL, 'auto.dcm', undefined, {
      model: A_MODEL,
      mask: 'automatic',
    });
    await expect(convert('nifti', 'other')).rejects.toThrow('No study could be converted.');
    expect((await convert('nifti', 'third', { acceptAutomatic: true })).count).toBe(1);
  });

  it('splits patients into the folds of training, and has a label for what nobody annotated', async () => {
    for (const [folder, patient] of [
      ['a', 'P1'],
      ['b', 'P2'],
      ['c', 'P1'],
      ['d', 'P3'],
    ] as const)
      await writeSegmentation(await study(folder, patient), folder === 'd' ? LEFT : ALL);
    await convert('nnunet', 'Dataset502_Ear');
    const json = async (name: string) =>
      JSON.parse(await readFile(at('Dataset502_Ear', name), 'utf8')) as unknown;
    const caseOf = { P1: ['a', 'c'], P2: ['b'], P3: ['d'] };
    const folds = dealFolds(['P1', 'P2', 'P3'], 2, 11).map((held) =>
      held.flatMap((patient) => caseOf[patient as keyof typeof caseOf]).sort()
    );
    const splits = (await json('splits_final.json')) as { train: string[]; val: string[] }[];
    expect(splits.map(({ val }) => val)).toEqual(folds);
    expect(splits.map(({ train, val }) => [...train, ...val].sort())).toEqual([
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'c', 'd'],
    ]);
    expect(await json('dataset.json')).toEqual({
      channel_names: { 0: 'MRC' },
      labels: {
        ...{ background: 0, 'left cochlea': 1, 'left vestibule': 2 },
        ...{ 'right cochlea': 3, 'right vestibule': 4, ignore: 5 },
      },
      numTraining: 4,
      file_ending: '.nii.gz',
    });
    expect((await readdir(at('Dataset502_Ear', 'imagesTr'))).sort()).toEqual(
      ['a', 'b', 'c', 'd'].map((name) => `${name}_0000.nii.gz`)
    );
  });

  it('refuses a folder that holds something, and one that nnU-Net would not find', async () => {
    await writeSegmentation(await study(), ALL);
    await expect(convert('nifti', 'data')).rejects.toThrow('is not empty');
    await expect(convert('nnunet', 'out')).rejects.toThrow('Dataset501_InnerEar');
  });

  it('says what is left out, and writes nothing where left and right are exchanged', async () => {
    await writeSegmentation(
      await study(),
      ALL.map((n) => [0, 3, 4, 1, 2][n] ?? 0)
    );
    await writeSegmentation(await study('b', 'P2'), ALL);
    const { count, said } = await convert('nifti', 'out');
    expect(count).toBe(1);
    expect(said).toMatch(/left out: .*a: .*\[laterality-wrong\]/);
    expect((await readdir(at('out'))).sort()).toEqual(['b.nii.gz', 'cases.csv', 'labels.txt']);
  });
});
