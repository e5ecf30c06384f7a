import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BOTH_EARS, drawBalls, writeSegmentation, writeStudy } from '../../test/testSite';
import { indexDirectories } from './dicomIndex';
import { findLabelledStudies } from './labelledStudies';
import { readPairing, type PairingArguments } from './pairingOptions';

let site: string;
beforeEach(async () => {
  site = await mkdtemp(path.join(tmpdir(), 'hydrops-patients-'));
});
afterEach(() => rm(site, { recursive: true, force: true }));

const find = async (given: PairingArguments = {}) =>
  findLabelledStudies(await indexDirectories([site]), await readPairing(given));

const ALL = drawBalls(BOTH_EARS);

describe('patients', () => {
  const write = async (name: string, patient: string, more: Record<string, unknown> = {}) =>
    writeSegmentation(await writeStudy(path.join(site, name), patient, BOTH_EARS, more), ALL);
  const questions = async (given: PairingArguments = {}) =>
    (await find(given)).questions.map(({ code }) => code);
  const groups = async (...lines: string[]) => {
    const file = path.join(site, 'patients.csv');
    await writeFile(file, ['study,patient', ...lines, ''].join('\n'));
    return { groups: file };
  };

  it('without a Patient ID are asked about; a file says that baseline and follow-up are one', async () => {
    await write('baseline', '');
    await write('follow-up', '');
    expect(await questions()).toEqual(['patient-unknown', 'patient-unknown']);
    const given = await groups(
      `${path.join(site, 'baseline')},Kim`,
      `${path.join(site, 'follow-up')},Kim`
    );
    expect(await questions(given)).toEqual([]);
    expect((await find(given)).studies.map(({ patient }) => patient)).toEqual(['Kim', 'Kim']);
  });

  it('of one ID are one patient, unless birth dates or sexes say that they are several', async () => {
    await write('baseline', 'A', { PatientBirthDate: '19700101' });
    await write('follow-up', 'A', { PatientBirthDate: '19700101' });
    expect(await questions()).toEqual([]);
    await write('other', 'A', { PatientBirthDate: '19820101' });
    expect(await questions()).toEqual(['patient-id-shared']);
  });

  it('of two IDs and one name and birth date are asked about', async () => {
    const person = { PatientName: 'Doe^Jo', PatientBirthDate: '19700101', PatientSex: 'F' };
    await write('baseline', 'A', person);
    await write('follow-up', 'B', person);
    expect(await questions()).toEqual(['patient-of-two-ids']);
    expect(await questions(await groups('A,1', 'B,1'))).toEqual([]);
  });

  it('that the file names and no study has are a problem: a slip would part two studies', async () => {
    await write('baseline', 'A');
    const { problems } = await find(await groups('B,1'));
    expect(problems.map(({ code, where }) => [code, where])).toEqual([['group-unknown', 'B']]);
  });
});
