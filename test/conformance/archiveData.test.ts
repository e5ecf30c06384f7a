import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOTH_EARS, drawBalls, writeSegmentation, writeStudy } from '../../tools/test/testSite';
import { storeFiles } from '../support/dicomweb';
import { buildTools, hydrops } from '../support/hydrops';
import { hasOrthanc, startOrthanc, type RunningOrthanc } from '../support/orthanc';

jest.setTimeout(300_000);

/** `hydrops train`, `evaluate` and `convert` on studies that lie in Orthanc, behind a password. */
const folder = mkdtempSync(join(tmpdir(), 'hydrops-archive-data-'));
const at = (...path: string[]): string => join(folder, ...path);
const PATIENTS = ['P1', 'P2', 'P3'];
const LOGIN = { user: 'reader', password: 'secret' };
let orthanc: RunningOrthanc;

(hasOrthanc() ? describe : describe.skip)('studies in Orthanc', () => {
  beforeAll(async () => {
    buildTools();
    orthanc = await startOrthanc(LOGIN);
    const authorization = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`;
    for (const patient of [...PATIENTS, 'P9']) {
      await writeSegmentation(await writeStudy(at('source', patient), patient, BOTH_EARS), ALL);
      const files = readdirSync(at('source', patient)).map((name) =>
        readFileSync(at('source', patient, name))
      );
      await storeFiles(orthanc.url, files, { authorization });
    }
    writeFileSync(at('patients.txt'), `${PATIENTS.join('\n')}\n`);
  });
  afterAll(async () => {
    await orthanc.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ALL = drawBalls(BOTH_EARS);
  const archive = () => [
    ...['--dicomweb', orthanc.url, '--copy', at('copy'), '--dicomweb-user', LOGIN.user],
    ...['--dicomweb-password', LOGIN.password],
  ];

  it('are trained on by a list of patients in folds of their own processes, fetched once, and judged by the folds', () => {
    const data = [...archive(), '--patients', at('patients.txt'), '--annotations', 'volume'];
    const size = ['--folds', '3', '--jobs', '3', '--steps', '5', '--batch', '1', '--width', '2'];
    const trained = hydrops('train', ...data, ...size, '--out', at('run'));
    expect(trained.stderr).not.toMatch(/failed in fold/);
    expect(trained).toMatchObject({ status: 0 });
    expect(trained.stderr).toContain('3 patients; studies: 3 segmentations');
    expect(trained.stderr.match(/11 files, 11 of them fetched/g)).toHaveLength(3);
    expect(trained.stderr.match(/of them fetched/g)).toHaveLength(3);
    const judged = hydrops('evaluate', ...data, '--run', at('run'), '--out', at('folds'));
    expect(judged).toMatchObject({ status: 0 });
    expect(judged.stderr.match(/11 files, 0 of them fetched/g)).toHaveLength(3);
    expect(judged.stdout).toContain('In the figures: 3 studies, 6 ears, 12 organs');
  });

  it('are found by a query, and converted', () => {
    const query = ['--query', 'PatientID=P9', '--to', 'nifti', '--out', at('nifti')];
    expect(hydrops('convert', ...archive(), ...query)).toMatchObject({ status: 0 });
    expect(readdirSync(at('nifti'))).toHaveLength(3);
  });

  it('are evaluated on', () => {
    const outcome = hydrops(
      'evaluate',
      ...archive(),
      '--patients',
      'P1',
      '--out',
      at('evaluation')
    );
    expect(outcome).toMatchObject({ status: 0 });
    expect(outcome.stdout).toContain('In the figures: 1 study, 2 ears, 4 organs');
  });

  it('are asked for with words on what is missing', () => {
    const refusals: [string[], string][] = [
      [['--patients', 'P77', '--copy', at('copy')], 'no such study of P77'],
      [['--patients', 'P1'], '--dicomweb wants --copy'],
      [['--copy', at('copy')], '--dicomweb wants --patients or --query'],
    ];
    const login = archive().slice(4);
    for (const [args, message] of refusals) {
      const out = ['--out', at('other')];
      const outcome = hydrops('train', '--dicomweb', orthanc.url, ...login, ...args, ...out);
      expect(outcome.status).not.toBe(0);
      expect(outcome.stderr).toContain(message);
    }
    const nobody = ['--patients', 'P1', '--copy', at('copy'), '--out', at('other')];
    const outcome = hydrops('train', '--dicomweb', orthanc.url, ...nobody);
    expect(outcome).toMatchObject({ status: 2 });
    expect(outcome.stderr).toContain('--dicomweb-user');
  });
});
