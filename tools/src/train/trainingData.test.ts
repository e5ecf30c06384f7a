import { firstItems, type Geometry } from '@inner-ear-hydrops/core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deriveUid, encodeSegmentation } from '@inner-ear-hydrops/core/dicom';
import {
  BOTH_EARS,
  drawBalls,
  labelsOn,
  writeSegmentation,
  writeStructureSet,
  writeStudy,
  loadedStudy,
} from '../../test/testSite';
import { mediumOf } from '../../test/testInstances';
import { coverageOf } from '../dataset/coverage';
import type { LoadedStudy } from '../dataset/labelledStudy';
import { COCHLEA_BIT, VESTIBULE_BIT } from './annotationSets';
import { checkPlane, checkStudy } from './checkStudy';
import { LOCATOR_BITS, LOCATOR_PLAN, SEGMENTATION_PLAN } from './plans';
import { makePlan } from './presets';
import { runTraining } from './runTraining';
import { loadTrainingData } from './trainingData';

let site: string;

beforeEach(async () => {
  site = await mkdtemp(path.join(tmpdir(), 'hydrops-site-'));
});
afterEach(() => rm(site, { recursive: true, force: true }));

const load = (annotations: 'auto' | 'volume' | 'slices' = 'auto') =>
  loadTrainingData([site], SEGMENTATION_PLAN, { annotations });

const codes = async () => (await load()).problems.map((problem) => problem.code);

/** What a run that is refused prints. */
async function refused(changes: { folds: number; leaveOutBad: boolean }): Promise<string> {
  const lines: string[] = [];
  const request = {
    data: [site],
    out: path.join(site, 'run'),
    plan: makePlan({ task: 'segmentation', preset: 'default', fromWeights: false }),
    fold: null,
    processes: null,
    annotations: 'auto' as const,
    from: null,
    other: 'none',
    name: 'test',
    version: '0.0.1',
    authors: null,
    license: null,
    dataStatement: null,
    resume: false,
    checkOnly: false,
    backend: 'wasm' as const,
    signal: new AbortController().signal,
    say: (line: string) => lines.push(line),
    ...changes,
  };
  await expect(runTraining(request)).rejects.toMatchObject({ exitCode: 2 });
  return lines.join('\n');
}

const checked = (study: LoadedStudy) => checkStudy('a', study, coverageOf(study, 'auto'));

/** Voxels of a class in millimetres cubed. */
function volumeOf(classes: Uint8Array, code: number, spacing: number): number {
  return classes.reduce((sum, value) => sum + (value === code ? spacing : 0), 0);
}

describe('training data of a site', () => {
  it('are the saved segmentations, cut about each ear, right ears mirrored', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    await writeSegmentation(study, drawBalls(BOTH_EARS));
    const data = await load();
    expect(data.problems).toEqual([]);
    expect(data.patients).toEqual(['P1']);
    expect(data.ears.map((ear) => ear.kind)).toEqual(['volume', 'volume']);
    for (const ear of data.ears) {
      // Cochlea and vestibule lie apart as in the study, on the same side once mirrored.
      const center = (code: number) => {
        let [x, count] = [0, 0];
        ear.classes.forEach((value, n) => {
          if (value !== code) return;
          x += n % ear.size[0];
          count++;
        });
        return x / count;
      };
      expect(center(2) - center(1)).toBeCloseTo(10, 0);
      // The network's pixels are 0.5 × 0.5 mm: 74 mm³ of a ball of 2.6 mm.
      expect(volumeOf(ear.classes, 1, 0.25)).toBeGreaterThan(60);
      expect(volumeOf(ear.classes, 1, 0.25)).toBeLessThan(88);
      // Labels lie where the image is bright.
      expect(ear.classes.every((value, n) => value === 0 || ear.values[n]! > 0.2)).toBe(true);
      expect(ear.known).toBe(0b111);
    }
  });

  it('leave out a medium or zip file that is not all there, name it, and keep the other studies', async () => {
    for (const name of ['a', 'b']) {
      const study = await writeStudy(path.join(site, name, 'DICOM'), `P-${name}`, BOTH_EARS);
      await writeSegmentation(study, drawBalls(BOTH_EARS));
    }
    await writeFile(path.join(site, 'b', 'DICOMDIR'), mediumOf('LOST'));
    await writeFile(path.join(site, 'cut.zip'), 'PK\u0003\u0004 and no more');
    const data = await load();
    expect(data.patients).toEqual(['P-a']);
    expect(data.problems.map(({ code, where }) => [code, path.relative(site, where)])).toEqual([
      ['zip-unreadable', 'cut.zip'],
      ['dicomdir-incomplete', path.join('b', 'DICOMDIR')],
    ]);
  });

  it('take the reader’s correction, not the automatic result that it replaced', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const { 3: _, 4: __, ...left } = BOTH_EARS;
    await writeSegmentation(study, drawBalls(left), 'edited.dcm', new Date(2026, 0, 9));
    await writeSegmentation(study, drawBalls(BOTH_EARS), 'automatic.dcm', new Date(2026, 0, 8));
    const data = await load();
    expect(data.ears.length).toBe(1);
    expect(data.notes.join()).toContain('edited.dcm');
  });

  it('teach an ear what was drawn in it: the vestibule that is missing stays open', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const { 2: _, ...withoutLeftVestibule } = BOTH_EARS;
    await writeSegmentation(study, drawBalls(withoutLeftVestibule));
    const data = await load();
    expect(data.ears.map(({ known }) => known)).toEqual([0b011, 0b111]);
    expect(data.ears.map(({ chosen }) => chosen.map(({ main }) => main))).toEqual([
      [COCHLEA_BIT],
      [COCHLEA_BIT, VESTIBULE_BIT],
    ]);
    expect(data.notes.join()).toMatch(/neither taught nor judged: left vestibule/);
  });

  it('teach the locator no ear that was not wholly annotated, and do not call it background', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const { 2: _, ...rightWhole } = BOTH_EARS;
    await writeSegmentation(study, drawBalls(rightWhole));
    const locator = () => loadTrainingData([site], LOCATOR_PLAN, { annotations: 'auto' });
    const { heads } = await locator();
    const { left, right } = LOCATOR_BITS;
    expect(heads.map(({ known }) => known)).toEqual([1 | right, 1 | left]);
    expect(heads.map(({ classes }) => [...new Set(classes)].sort())).toEqual([
      [0, 2],
      [0, 1],
    ]);
    await writeSegmentation(study, drawBalls({ 1: BOTH_EARS[1], 3: BOTH_EARS[3] }));
    const none = await locator();
    expect([none.heads.length, none.patients.length]).toEqual([0, 0]);
    expect(none.notes.join()).toMatch(/cannot teach the locator/);
  });

  it('may be contours: pixels whose centres lie inside, on chosen slices of one organ each', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const square = (i: number, j: number): [number, number][] => [
      [i - 2.5, j - 2.5],
      [i + 2.5, j - 2.5],
      [i + 2.5, j + 2.5],
      [i - 2.5, j + 2.5],
    ];
    await writeStructureSet(study, [
      { name: 'Left cochlea', slice: 4, corners: square(190, 16) },
      { name: 'LV', slice: 6, corners: square(200, 24) },
      { name: 'Left cochlear nerve', slice: 6, corners: square(120, 24) },
    ]);
    const data = await load();
    expect(data.problems).toEqual([]);
    expect(data.ears.map((ear) => ear.kind)).toEqual(['selective']);
    const [ear] = firstItems(data.ears, 1);
    expect(ear.chosen.map((entry) => entry.known)).toEqual([0b011, 0b101]);
    // 5 × 5 pixels of 0.5 × 0.6 mm.
    expect(volumeOf(ear.classes, 1, 0.25)).toBeCloseTo(25 * 0.3, 0);
  });

  it('are refused where the sides are exchanged', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const { 1: a, 2: b, 3: c, 4: d } = BOTH_EARS;
    await writeSegmentation(study, drawBalls({ 1: c, 2: d, 3: a, 4: b }));
    expect(await codes()).toEqual(['laterality-wrong']);
  });

  it('are refused where cochlea and vestibule of an ear are exchanged', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const { 1: a, 2: b, 3: c, 4: d } = BOTH_EARS;
    await writeSegmentation(study, drawBalls({ 1: b, 2: a, 3: c, 4: d }));
    expect(await codes()).toEqual(['organs-exchanged']);
  });

  it('are refused where a lone ear lies on the other side of the head', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    await writeSegmentation(study, drawBalls({ 1: BOTH_EARS[3], 2: BOTH_EARS[4] }));
    expect(await codes()).toEqual(['laterality-wrong']);
  });

  it('are refused where the annotation lies on another grid, or its images are missing', async () => {
    const study = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const moved = structuredClone(study.mrc);
    moved.volume.origin[0] += 0.2;
    const object = encodeSegmentation({
      mrc: moved,
      labels: labelsOn(moved, drawBalls(BOTH_EARS)),
      model: null,
      created: new Date(2026, 0, 2),
    });
    await writeFile(path.join(study.folder, 'seg.dcm'), new Uint8Array(object.file));
    expect(await codes()).toEqual(['segmentation-grid-differs']);
    const other = structuredClone(study.mrc);
    other.header.seriesInstanceUid = deriveUid('test', 'elsewhere');
    const lost = encodeSegmentation({
      mrc: other,
      labels: labelsOn(other, drawBalls(BOTH_EARS)),
      model: null,
      created: new Date(2026, 0, 3),
    });
    await writeFile(path.join(study.folder, 'seg.dcm'), new Uint8Array(lost.file));
    expect(await codes()).toEqual(['annotation-without-images']);
  });

  it('are refused where a segmentation holds no organ', async () => {
    const { mrc } = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const anatomy = new Uint8Array(mrc.volume.data.length);
    const found = checked(loadedStudy(mrc, anatomy));
    expect(found.map((problem) => problem.code)).toEqual(['annotation-empty']);
  });

  it('are refused where an annotated ear lies on a blank image', async () => {
    const { mrc } = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const { data: anatomy, size } = labelsOn(mrc, drawBalls(BOTH_EARS));
    const check = () =>
      checked(loadedStudy(mrc, anatomy)).map(({ code, message }) => `${code}: ${message}`);
    expect(check()).toEqual([]);
    const plane = size[0] * size[1];
    const k = Math.floor(anatomy.indexOf(1) / plane) + 1;
    mrc.volume.data.fill(0, k * plane, (k + 1) * plane);
    expect(check().join()).toMatch(/^signal-missing: MRC \(.*image.* holds one single value/);
  });

  it('are refused where slices were chosen on a series that is not axial', async () => {
    const { mrc } = await writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
    const { data: anatomy, size } = labelsOn(mrc, drawBalls(BOTH_EARS));
    const plane = size[0] * size[1];
    const chosen = anatomy.map((code, n) => (Math.floor(n / plane) === 4 ? code : 0));
    const codesOf = (direction: Geometry['direction'], labels: Uint8Array) => {
      const turned = { ...mrc, volume: { ...mrc.volume, direction } };
      const study = loadedStudy(turned, labels);
      return checkPlane('a', study, coverageOf(study, 'auto')).map(({ code }) => code);
    };
    const coronal = [1, 0, 0, 0, 0, -1, 0, 1, 0] as const;
    expect(codesOf(coronal, chosen)).toEqual(['annotation-not-axial']);
    expect(codesOf(mrc.volume.direction, chosen)).toEqual([]);
    expect(codesOf(coronal, anatomy)).toEqual([]);
  });

  it('are refused where a fold would train without an organ, and where patients may be one', async () => {
    for (const patient of ['P1', 'P2', '']) {
      const study = await writeStudy(path.join(site, `of ${patient}`), patient, BOTH_EARS);
      await writeSegmentation(study, drawBalls({ 1: BOTH_EARS[1], 3: BOTH_EARS[3] }));
    }
    const lines = await refused({ folds: 3, leaveOutBad: true });
    expect(lines).toMatch(/fold 1 of 3: .* annotated vestibule.*\[organ-not-annotated\]/);
    expect(lines).toMatch(/Patient ID \(0010,0020\) is empty.*--groups.*\[patient-unknown\]/);
  });

  it('are all named before training starts, which then does not', async () => {
    const good = await writeStudy(path.join(site, 'good'), 'P1', BOTH_EARS);
    await writeSegmentation(good, drawBalls(BOTH_EARS));
    const bad = await writeStudy(path.join(site, 'bad'), 'P2', BOTH_EARS);
    const { 1: a, 2: b, 3: c, 4: d } = BOTH_EARS;
    await writeSegmentation(bad, drawBalls({ 1: c, 2: d, 3: a, 4: b }));
    const lines = await refused({ folds: 5, leaveOutBad: false });
    expect(lines).toMatch(/laterality-wrong/);
    expect(lines).toMatch(/too-few-patients/);
  });
});
