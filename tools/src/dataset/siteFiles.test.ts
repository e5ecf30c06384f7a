import type { DicomDataset } from 'dcmjs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { itemAt } from '@inner-ear-hydrops/core';
import {
  asOtherSoftware,
  BOTH_EARS,
  drawBalls,
  segmentsOf,
  writeSegmentation,
  writeStructureSet,
  writeStudy,
} from '../../test/testSite';
import { indexDirectories } from './dicomIndex';
import { findLabelledStudies } from './labelledStudies';
import { readPairing, type PairingArguments } from './pairingOptions';

let site: string;
beforeEach(async () => {
  site = await mkdtemp(path.join(tmpdir(), 'hydrops-files-'));
});
afterEach(() => rm(site, { recursive: true, force: true }));

const find = async (given: PairingArguments = {}) =>
  findLabelledStudies(await indexDirectories([site]), await readPairing(given));
const load = async () => itemAt((await find()).studies, 0).load([]);

const ALL = drawBalls(BOTH_EARS);
const COCHLEAE = drawBalls({ 1: BOTH_EARS[1], 3: BOTH_EARS[3] });
const study = () => writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
const day = (n: number) => new Date(2026, 0, n);
const withElement = (tag: string, vr: string, value: string) => (elements: DicomDataset) => {
  elements[tag] = { vr, Value: [value] };
};

describe('what the files of a site say of each other', () => {
  it('is a question where an annotation is of another patient than the images', async () => {
    const own = await study();
    const other = withElement('00100020', 'LO', 'OTHER');
    await writeSegmentation(own, ALL, 'x.dcm', day(2), {}, other);
    const { studies, problems } = await find();
    expect(studies).toEqual([]);
    expect(problems[0]).toMatchObject({
      code: 'patient-differs',
      message: expect.stringMatching(/"P1" in .*"OTHER" in .*x\.dcm.*--groups/),
    });
    const groups = path.join(site, 'patients.csv');
    await writeFile(groups, `${own.mrc.header.studyInstanceUid},Kim\n`);
    expect((await find({ groups })).studies.map(({ patient }) => patient)).toEqual(['Kim']);
  });

  it('is told where an annotation names another study than its series', async () => {
    const other = withElement('0020000D', 'UI', '1.2');
    await writeSegmentation(await study(), ALL, 'x.dcm', day(2), {}, other);
    const { leftOut, given } = await find();
    expect([given, leftOut.map(({ code }) => code).sort()]).toEqual([
      2,
      ['annotation-without-images', 'no-annotation'],
    ]);
    expect(leftOut.map(({ message }) => message).join()).toMatch(
      /The series is in .*a, of study .*study 1\.2/
    );
  });

  it('is one annotation where it lies there twice, and none where the two differ', async () => {
    const own = await study();
    const sameUid = withElement('00080018', 'UI', '1.2.3');
    await writeSegmentation(own, ALL, 'x.dcm', day(2), {}, sameUid);
    await cp(path.join(own.folder, 'x.dcm'), path.join(own.folder, 'copy.dcm'));
    expect((await find()).notes).toEqual([]);
    await writeSegmentation(own, COCHLEAE, 'y.dcm', day(3), {}, sameUid);
    expect((await find()).problems.map(({ code }) => code)).toEqual(['annotation-differs']);
  });

  it('names the organs that are lost with an older annotation, and readers that are mixed', async () => {
    const kim = await study();
    await writeSegmentation(kim, ALL, 'old.dcm', day(2), { reader: 'Kim' });
    await writeSegmentation(kim, COCHLEAE, 'new.dcm', day(3), { reader: 'Kim' });
    const lee = await writeStudy(path.join(site, 'b'), 'P2', BOTH_EARS);
    await writeSegmentation(lee, ALL, 'lee.dcm', day(3), { reader: 'Lee' });
    const said = (await find({ names: ['Vst_L=left vestibule'] })).notes.join('\n');
    expect(said).toMatch(/old.dcm, older \(it alone has the left vestibule, right vestibule\)/);
    expect(said).toMatch(/of several readers: 1 by "Kim", 1 by "Lee"/);
    expect(said).toMatch(/--names speaks of "vst_l", and no segment has that name/);
  });

  it('names an organ whose segment holds no voxel', async () => {
    const empty = (elements: DicomDataset): void => {
      asOtherSoftware({ 'Left cochlea': 'LC' })(elements);
      const added = structuredClone(itemAt(segmentsOf(elements), 0));
      added['00620004'] = { vr: 'US', Value: [9] };
      added['00620005'] = { vr: 'LO', Value: ['Left vestibule'] };
      segmentsOf(elements).push(added);
    };
    await writeSegmentation(await study(), COCHLEAE, 'x.dcm', day(2), {}, empty);
    const { missing, notes } = await load();
    expect(missing[0]).toEqual({
      ...{ ear: 'left', organ: 'vestibule', code: 'segment-empty' },
      message: 'The segment "Left vestibule" holds no voxel.',
    });
    expect(notes.join()).toMatch(/segment "Left vestibule" holds no voxel/);
  });

  it('names an annotation that names no series', async () => {
    await writeSegmentation(await study(), ALL, 'x.dcm', day(2), {}, (elements) => {
      delete elements['00081115'];
    });
    expect((await load()).notes.join()).toMatch(/does not name the series that it was drawn on/);
  });

  it('names voxels that two contours share', async () => {
    const square: [number, number][] = [
      [187, 13],
      [193, 13],
      [193, 19],
      [187, 19],
    ];
    await writeStructureSet(
      await study(),
      ['Left cochlea', 'Left vestibule'].map((name) => ({ name, slice: 4, corners: square }))
    );
    expect((await load()).notes.join()).toMatch(/36 voxels belong to two regions/);
  });
});
