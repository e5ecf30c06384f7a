import { itemAt } from '@inner-ear-hydrops/core';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  A_MODEL,
  asOtherSoftware,
  BOTH_EARS,
  drawBalls,
  segmentsOf,
  writePpi,
  writeSegmentation,
  writeStructureSet,
  writeStudy,
} from '../../test/testSite';
import { indexDirectories } from './dicomIndex';
import { findLabelledStudies } from './labelledStudies';
import { readPairing, type PairingArguments } from './pairingOptions';

let site: string;
beforeEach(async () => {
  site = await mkdtemp(path.join(tmpdir(), 'hydrops-pairing-'));
});
afterEach(() => rm(site, { recursive: true, force: true }));

const find = async (given: PairingArguments = {}) =>
  findLabelledStudies(await indexDirectories([site]), await readPairing(given));

const load = async (given: PairingArguments = {}) => {
  const found = await find(given);
  expect(found.problems).toEqual([]);
  return itemAt(found.studies, 0).load([]);
};

const ALL = drawBalls(BOTH_EARS);
const COCHLEAE = drawBalls({ 1: BOTH_EARS[1], 3: BOTH_EARS[3] });
const study = () => writeStudy(path.join(site, 'a'), 'P1', BOTH_EARS);
const day = (n: number) => new Date(2026, 0, n);
const square = ([i, j]: readonly number[]): [number, number][] =>
  [
    [-2.5, -2.5],
    [2.5, -2.5],
    [2.5, 2.5],
    [-2.5, 2.5],
  ].map(([x, y]) => [i! + x!, j! + y!]);

describe('what was not annotated', () => {
  it('is not known, by side and organ', async () => {
    await writeSegmentation(await study(), drawBalls({ 1: BOTH_EARS[1] }));
    const { known, notes } = await load();
    expect(known).toEqual({ left: 0b011, right: 0b001 });
    expect(notes).toEqual([
      'Not annotated, and neither taught nor judged: left vestibule, right cochlea, right vestibule.',
    ]);
  });

  const names = { 'Left vestibule': 'Vst_L', 'Right vestibule': 'Vst_R' };
  const saidOf = ['Vst_L=left vestibule', 'vst_r = Right vestibule'];

  it('may stand under a name that is not understood: printed, not taught as absent, and told by --names', async () => {
    await writeSegmentation(await study(), ALL, 'seg.dcm', day(2), {}, asOtherSoftware(names));
    const silent = await load();
    expect(silent.known).toEqual({ left: 0b011, right: 0b011 });
    expect(silent.notes.join('\n')).toMatch(
      /segment "Vst_L" is not the name of a known organ.*--names "Vst_L=/
    );
    const told = await load({ names: saidOf });
    expect(told.known).toEqual({ left: 0b111, right: 0b111 });
    expect(told.notes).toEqual([]);
    expect(told.anatomy).toContain(2);
    expect(told.anatomy).toContain(12);
  });

  it('is told by a file as well; a name can be said to be none', async () => {
    const segmentation = asOtherSoftware({ ...names, 'Right cochlea': 'Skull' });
    await writeSegmentation(await study(), ALL, 'seg.dcm', day(2), {}, segmentation);
    const file = path.join(site, 'names.txt');
    await writeFile(file, `# of our workstation\n${saidOf.join('\n')}\nSkull=none\n`);
    const { known, notes } = await load({ names: [file] });
    expect(known).toEqual({ left: 0b111, right: 0b101 });
    expect(notes.join()).not.toMatch(/Skull/);
  });

  it('is neither of a structure set', async () => {
    await writeStructureSet(await study(), [
      { name: 'Left cochlea', slice: 4, corners: square([190, 16]) },
      { name: 'Vst_L', slice: 5, corners: square([200, 24]) },
    ]);
    const silent = await load();
    expect(silent.known).toEqual({ left: 0b011, right: 0b001 });
    expect(silent.notes.join('\n')).toMatch(/region "Vst_L" is not the name of a known organ/);
    expect((await load({ names: saidOf })).known.left).toBe(0b111);
  });

  it('is refused with all names and the remedy where none of them is understood', async () => {
    const none = { 'Left cochlea': 'Coil_L', 'Right cochlea': 'Coil_R' };
    await writeSegmentation(await study(), COCHLEAE, 'a.dcm', day(2), {}, asOtherSoftware(none));
    await expect(load()).rejects.toMatchObject({
      code: 'segmentation-without-organs',
      message: expect.stringMatching(/"Coil_L", "Coil_R".*--names "Coil_L=ORGAN".*right vestibule/),
    });
  });

  it('is not told by --names against what another segment says of itself', async () => {
    const odd = asOtherSoftware({ 'Right vestibule': 'Vst-R' });
    await writeSegmentation(await study(), ALL, 'a.dcm', day(2), {}, odd);
    expect((await load()).notes.join()).toMatch(/--names "Vst-R=ORGAN"/);
    await expect(load({ names: ['Vst-R=left vestibule'] })).rejects.toMatchObject({
      code: 'names-collide',
      message: expect.stringMatching(
        /"Vst-R" is the left vestibule, but by its own name "Left vestibule" is/
      ),
    });
  });

  it.each([900, 3000])(
    'is not an older annotation in the place of a newer one that ends after %d bytes',
    async (bytes) => {
      const drawn = await study();
      await writeSegmentation(drawn, ALL, 'old.dcm', day(2));
      await writeSegmentation(drawn, COCHLEAE, 'new.dcm', day(3));
      const file = path.join(drawn.folder, 'new.dcm');
      await writeFile(file, (await readFile(file)).subarray(0, bytes));
      const { studies, problems } = await find();
      expect(studies).toEqual([]);
      expect(problems).toEqual([
        expect.objectContaining({
          code: 'annotation-unreadable',
          message: expect.stringContaining('new.dcm'),
        }),
      ]);
    }
  );

  it('is refused as --names if it is no organ', async () => {
    await expect(readPairing({ names: ['Vst_L=labyrinth'] })).rejects.toThrow(
      /"Vst_L=labyrinth" .*"left vestibule"/
    );
  });
});

describe('the machine’s own result', () => {
  const automatic = (name: string, created: Date) => async () =>
    writeSegmentation(await study(), COCHLEAE, name, created, { model: A_MODEL });

  it('does not replace the reader’s annotation that was stored before it', async () => {
    await writeSegmentation(await study(), ALL, 'drawn.dcm', day(3));
    await automatic('automatic.dcm', day(9))();
    const { notes } = await find({ acceptAutomatic: true });
    expect(notes.join()).toMatch(/drawn.dcm.* is used. Not used: automatic.dcm/);
    expect((await load()).known.left).toBe(0b111);
  });

  it('does not stand in for a drawing that --reader passes over', async () => {
    await writeSegmentation(await study(), ALL, 'lee.dcm', day(3), { reader: 'Lee^Jiwon' });
    await automatic('automatic.dcm', day(9))();
    const { studies, leftOut } = await find({ acceptAutomatic: true, reader: ['Nobody'] });
    expect(studies).toEqual([]);
    expect(leftOut.map(({ code }) => code)).toEqual(['reader-not-asked']);
    expect(leftOut[0]!.message).toMatch(/lee.dcm, by "Lee\^Jiwon" \(--reader\)/);
  });

  it('is an annotation only if that is asked for', async () => {
    await automatic('automatic.dcm', day(9))();
    const { studies, leftOut } = await find();
    expect(studies).toEqual([]);
    expect(leftOut[0]).toMatchObject({
      code: 'found-by-program',
      message: expect.stringMatching(/automatic.dcm, found by a program and not edited/),
    });
    expect((await load({ acceptAutomatic: true })).known.left).toBe(0b011);
  });

  it('is none of the organs that the reader left as they were', async () => {
    const mixed = (elements: Parameters<typeof segmentsOf>[0]) => {
      itemAt(segmentsOf(elements), 0)['00620008'] = { vr: 'CS', Value: ['SEMIAUTOMATIC'] };
    };
    await writeSegmentation(await study(), ALL, 'seg.dcm', day(2), { model: A_MODEL }, mixed);
    const strict = await load();
    expect(strict.known).toEqual({ left: 0b011, right: 0b001 });
    expect(new Set(strict.anatomy)).toEqual(new Set([0, 1]));
    expect(strict.notes.join()).toMatch(/"Left vestibule" was found by a program and not edited/);
    expect((await load({ acceptAutomatic: true })).known.right).toBe(0b111);
  });
});

describe('a reader without a name', () => {
  const asked = { reader: ['Kim^Minsu'] };

  it('is not the one that was asked for, and neither is a program', async () => {
    await writeSegmentation(await study(), ALL, 'nameless.dcm', day(3), { reader: '^' });
    const drawn = await find(asked);
    expect([drawn.studies.length, drawn.given]).toEqual([0, 1]);
    expect(drawn.leftOut[0]!.message).toMatch(
      /nameless.dcm, by a reader without a name \(--reader\)/
    );
    await rm(path.join(site, 'a', 'nameless.dcm'));
    await writeSegmentation(await study(), ALL, 'found.dcm', day(3), { model: A_MODEL });
    const found = await find({ ...asked, acceptAutomatic: true });
    expect(found.studies).toEqual([]);
    expect(found.leftOut[0]!.message).toMatch(
      /found.dcm, found by a program, by a reader without a name/
    );
  });

  it('is taken for one person where nobody is named, and it is said', async () => {
    await writeSegmentation(await study(), COCHLEAE, 'old.dcm', day(3));
    await writeSegmentation(await study(), ALL, 'new.dcm', day(4));
    const { notes } = await find();
    expect(notes.join()).toMatch(/new.dcm is used. Not used: old.dcm, older, and without the name/);
  });

  it('cannot be asked for', async () => {
    await expect(readPairing({ reader: [' '] })).rejects.toThrow(/--reader needs a name/);
  });
});

describe('several readers', () => {
  beforeEach(async () => {
    const own = await study();
    await writeSegmentation(own, ALL, 'kim.dcm', day(3), { reader: 'Kim^Minsu' });
    await writeSegmentation(own, COCHLEAE, 'lee.dcm', day(9), { reader: 'Lee^Jiwon' });
  });

  it('are not mixed and not ranked by date: the reader is asked for', async () => {
    const { studies, problems } = await find();
    expect(studies).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['several-readers']);
    expect(problems[0]!.message).toMatch(/"Kim\^Minsu", "Lee\^Jiwon".*--reader/);
  });

  it('are chosen by name, in turn, and the other is named', async () => {
    expect((await load({ reader: ['Minsu Kim'] })).known.left).toBe(0b111);
    expect((await load({ reader: ['Park', 'lee jiwon'] })).known.left).toBe(0b011);
    const { notes } = await find({ reader: ['Kim^Minsu'] });
    expect(notes.join()).toMatch(/kim.dcm.* is used. Not used: lee.dcm, by "Lee\^Jiwon"/);
    const none = await find({ reader: ['Park'] });
    expect(none.studies).toEqual([]);
    expect(none.leftOut[0]!.message).toMatch(/kim.dcm, by "Kim\^Minsu"/);
  });

  it('are several also where one of them has no name: unnamed is nobody, and not the named one', async () => {
    await rm(path.join(site, 'a', 'lee.dcm'));
    await writeSegmentation(await study(), COCHLEAE, 'nameless.dcm', day(9));
    const silent = await find();
    expect(silent.studies).toEqual([]);
    expect(silent.problems.map(({ code }) => code)).toEqual(['several-readers']);
    expect(silent.problems[0]!.message).toMatch(
      /"Kim\^Minsu" and by a reader without a name \(nameless.dcm\).*--reader/
    );
    expect((await load({ reader: ['Kim^Minsu'] })).known.left).toBe(0b111);
    const { notes } = await find({ reader: ['Kim^Minsu'] });
    expect(notes.join()).toMatch(/Not used: nameless.dcm, by a reader without a name \(--reader\)/);
  });
});

describe('the series that was drawn on', () => {
  it('may be a PPI on MRC’s grid: the annotation is carried to MRC and says so', async () => {
    const own = await study();
    const ppi = await writePpi(own);
    await writeSegmentation(own, ALL, 'seg.dcm', day(2), { mrc: ppi });
    const { mrc, notes, anatomy } = await load();
    expect(mrc.header.seriesInstanceUid).toBe(own.mrc.header.seriesInstanceUid);
    expect(notes.join()).toMatch(/drawn on PPI "PPI hT2w 3D FLAIR TI 2250" and carried to MRC/);
    expect(anatomy).toContain(1);
  });

  it('is refused if it is a PPI on another grid', async () => {
    const own = await study();
    const ppi = await writePpi(own, 0.25);
    await writeSegmentation(own, ALL, 'seg.dcm', day(2), { mrc: ppi });
    const { studies } = await find();
    await expect(itemAt(studies, 0).load([])).rejects.toMatchObject({
      code: 'annotation-series-differs',
    });
  });
});

it('knows the slices on which a stored result was measured', async () => {
  const slices = { left: { cochlea: 3 } };
  const state = { method: 'hydrops-mi2', ears: [], absent: [], slices, warnings: [] };
  await writeSegmentation(await study(), ALL, 'seg.dcm', day(2), { state });
  expect((await load()).slices).toMatchObject(slices);
});
