import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { itemAt, type Series } from '@inner-ear-hydrops/core';
import { niftiBytes } from '../../test/labelBytes';
import {
  A_MODEL,
  BOTH_EARS,
  drawBalls,
  writeSegmentation,
  writeStudy,
  type SiteStudy,
} from '../../test/testSite';
import { checkStudy } from '../train/checkStudy';
import { coverageOf } from './coverage';
import { indexDirectories } from './dicomIndex';
import { findLabelledStudies } from './labelledStudies';
import { readPairing, type PairingArguments } from './pairingOptions';

let site: string;
beforeEach(async () => {
  site = await mkdtemp(path.join(tmpdir(), 'hydrops-label-pairing-'));
});
afterEach(() => rm(site, { recursive: true, force: true }));

const ALL = drawBalls(BOTH_EARS);
const at = (...names: string[]) => path.join(site, ...names);
const study = (folder = 'a', patient = 'P1') => writeStudy(at('data', folder), patient, BOTH_EARS);

async function put(file: string, bytes: Buffer | string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}

const labels = ({ mrc }: SiteStudy, data: Uint8Array = ALL) => niftiBytes(mrc, data);

const find = async (given: PairingArguments = {}) =>
  findLabelledStudies(await indexDirectories([at('data')]), await readPairing(given));

const VALUES = ['1=left cochlea', '2=left vestibule', '3=right cochlea', '4=right vestibule'];

/** The one study that is paired, and its labels on MRC's grid. */
async function load(given: PairingArguments = { names: VALUES }) {
  const found = await find(given);
  expect(found.problems).toEqual([]);
  const loaded = await itemAt(found.studies, 0).load([]);
  const number = [0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4];
  const drawn = loaded.anatomy.map((code) => itemAt(number, code));
  return { found, loaded, isSame: Buffer.compare(drawn, ALL) === 0 };
}

const codes = async (given: PairingArguments = { names: VALUES }) =>
  (await find(given)).problems.map(({ code }) => code);

describe('a file of labels', () => {
  it('beside the images is taken to the voxel, also where it is packed', async () => {
    await put(at('data', 'a', 'labels.nii.gz'), gzipSync(labels(await study())));
    const { isSame, loaded, found } = await load();
    expect(isSame).toBe(true);
    expect(loaded.known).toEqual({ left: 0b111, right: 0b111 });
    expect(found.studies).toMatchObject([{ kind: 'label-file', patient: 'P1' }]);
  });

  test.each([
    ['study’s folder', 'a.nii'],
    ['Patient ID', 'P1.nii'],
    ['a folder that is called so', 'P1/segmentation.nii'],
  ])('of --labels is found by the %s', async (_, name) => {
    const first = await study();
    await study('b', 'P2');
    await put(at('labels', name), labels(first));
    const { isSame, found } = await load({ names: VALUES, labels: [at('labels')] });
    expect(isSame).toBe(true);
    expect(found.leftOut).toMatchObject([{ code: 'no-annotation', where: at('data', 'b') }]);
  });

  it('is found by a table, which may name the reader', async () => {
    const first = await study();
    await put(at('masks', '17.nii'), labels(first));
    const table = await put(at('labels.csv'), 'study,file,reader\nP1,masks/17.nii,Kim\n');
    const given = { names: VALUES, labels: [table] };
    expect((await load(given)).isSame).toBe(true);
    expect((await load({ ...given, reader: ['kim'] })).isSame).toBe(true);
    const other = await find({ ...given, reader: ['Lee'] });
    expect(other.leftOut).toMatchObject([{ code: 'reader-not-asked' }]);
  });

  it('of no study, or of a patient with two, is refused and named', async () => {
    const first = await study();
    await study('b', 'P1');
    await put(at('labels', 'P1.nii'), labels(first));
    await put(at('labels', 'P7.nii'), labels(first));
    const found = await find({ names: VALUES, labels: [at('labels')] });
    expect(found.problems).toMatchObject([
      { code: 'labels-of-several-studies', where: at('labels', 'P1.nii') },
      { code: 'labels-without-study', where: at('labels', 'P7.nii') },
    ]);
    expect(found.studies).toEqual([]);
  });

  it('among the data and of no study is noted, of several refused, unless it is an image', async () => {
    const first = await study();
    await study('b', 'P2');
    const image = ALL.map((_, n) => n % 251);
    await put(at('data', 'nnunet', 'imagesTr', 'a_0000.nii'), labels(first, image));
    await put(at('data', 'template.nii'), labels(first, image));
    const found = await find({ names: VALUES });
    expect(found.problems).toEqual([]);
    expect(found.notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/a_0000.nii: It is called after no study/),
        expect.stringMatching(/template.nii: an image/),
      ])
    );
    await put(at('data', 'drawn.nii'), labels(first));
    expect(await codes()).toEqual(['labels-of-several-studies']);
  });

  it('beside another, or beside a drawn segmentation, is asked about', async () => {
    const first = await study();
    await put(at('data', 'a', 'one.nii'), labels(first));
    await put(at('data', 'a', 'copy.nii'), labels(first));
    expect(await codes()).toEqual([]);
    await put(at('data', 'a', 'two.nii'), labels(first, drawBalls({ 1: BOTH_EARS[1] })));
    expect(await codes()).toEqual(['labels-ambiguous']);
    await rm(at('data', 'a', 'two.nii'));
    await writeSegmentation(first, ALL);
    expect(await codes()).toEqual(['labels-ambiguous']);
    const named = await find({ names: VALUES, labels: [at('data', 'a', 'one.nii')] });
    expect(named.studies).toMatchObject([{ kind: 'label-file' }]);
    expect(named.notes.join()).toContain('--labels names its annotation; passed over: seg.dcm');
  });

  it('comes before a result that a program found', async () => {
    const first = await study();
    await put(at('data', 'a', 'one.nii'), labels(first));
    await writeSegmentation(first, ALL, 'seg.dcm', new Date(2026, 5, 1), {
      model: A_MODEL,
      mask: 'automatic',
    });
    expect((await load()).found.studies).toMatchObject([{ kind: 'label-file' }]);
  });

  it('whose values nobody names is refused, and one value without a name is no background', async () => {
    await put(at('data', 'a', 'one.nii'), labels(await study()));
    const unnamed = await find();
    const [first] = unnamed.studies;
    await expect(first?.load([])).rejects.toMatchObject({
      code: 'labels-without-organs',
      message: expect.stringContaining('--names "1=ORGAN"') as string,
    });
    const { loaded } = await load({ names: VALUES.slice(0, 3) });
    expect(loaded.known).toEqual({ left: 0b111, right: 0b011 });
    expect(loaded.notes.join()).toContain('label "4" is not the name of a known organ');
  });

  it('is named by dataset.json, or by label descriptions of ITK-SNAP', async () => {
    const first = await study();
    const organs = { background: 0, left_cochlea: 1, left_vestibule: 2, 'right cochlea': 3, RV: 4 };
    await put(at('nnunet', 'dataset.json'), JSON.stringify({ labels: organs }));
    await put(at('nnunet', 'labelsTr', 'P1.nii'), labels(first));
    expect((await load({ labels: [at('nnunet', 'labelsTr')] })).isSame).toBe(true);
    const lines = ['Left cochlea', 'Left vestibule', 'Right cochlea', 'Right vestibule'].map(
      (name, n) => `    ${n + 1}   255    0    0        1  1  1    "${name}"`
    );
    const described = await put(
      at('names.label'),
      `################################################\n# ITK-SnAP Label Description File\n${lines.join('\n')}\n`
    );
    await put(at('other', 'P1.nii'), labels(first));
    const given = { labels: [at('other')], labelNames: described };
    expect((await load(given)).isSame).toBe(true);
  });

  it('with voxels that nobody annotated is refused', async () => {
    const first = await study();
    const drawn = ALL.map((value, n) => (n < 50 ? 9 : value));
    await put(at('nnunet', 'dataset.json'), JSON.stringify({ labels: { ...NNUNET, ignore: 9 } }));
    await put(at('nnunet', 'labelsTr', 'P1.nii'), labels(first, drawn));
    const found = await find({ labels: [at('nnunet', 'labelsTr')] });
    expect(found.problems).toMatchObject([
      { code: 'annotation-unreadable', message: expect.stringContaining('50 voxels') as string },
    ]);
  });

  it('that is an image is passed over beside a study, and refused where it is named', async () => {
    const first = await study();
    const image = ALL.map((_, n) => n % 251);
    const file = await put(at('data', 'a', 'mrc.nii'), labels(first, image));
    const found = await find({ names: VALUES });
    expect(found.leftOut).toMatchObject([{ code: 'no-annotation' }]);
    expect(found.notes.join()).toContain('taken for an image');
    expect(await codes({ names: VALUES, labels: [file] })).toEqual(['annotation-unreadable']);
  });

  it('with left for right is refused by the patient’s sides', async () => {
    const first = await study();
    const mirrored: Series = {
      ...first.mrc,
      volume: {
        ...first.mrc.volume,
        origin: [-first.mrc.volume.origin[0], -12, 5],
        direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1],
      },
    };
    await put(at('data', 'a', 'one.nii'), niftiBytes(mirrored, ALL));
    const { loaded } = await load();
    const problems = checkStudy('a', loaded, coverageOf(loaded, 'auto'));
    expect(problems.map(({ code }) => code)).toContain('laterality-wrong');
  });
});

const NNUNET = { background: 0, 'left cochlea': 1, 'left vestibule': 2, 'right cochlea': 3 };
