import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { encodePhantomStudy } from '../../tools/src/phantom/phantomDicom';
import { leaks, LOG_LINE } from '../support/debugLog';
import { simulateEars } from '../support';
import { buildTools, hydrops } from '../support/hydrops';
import { temporaryFolder } from '../support/temporaryFolder';

jest.setTimeout(300_000);

// `hydrops compute --verbose`: a log that can be sent with a report of a fault holds nothing of the patient.

const folder = temporaryFolder();
const study = join(folder, 'Lee^Minji');
let objects: EncodedObject[];
beforeAll(() => {
  buildTools();
  objects = encodePhantomStudy(simulateEars(303), {
    key: 'debug-log',
    givenName: 'Minji',
    patientId: 'P-4711-22',
    studyDescription: 'Meniere, left ear worse',
  });
  mkdirSync(study);
  objects.forEach(({ file }, n) => writeFileSync(join(study, `${n}.dcm`), new Uint8Array(file)));
});

const read = () => objects.map(({ dataset }) => dataset);
const logOf = (stderr: string) =>
  stderr.split('\n').filter((line) => line.startsWith('inner-ear-hydrops +'));

test('a run tells its steps with their durations, and nothing of the patient or the files', () => {
  const { status, stdout, stderr } = hydrops(
    ...['compute', study, '--json', '--verbose'],
    ...['--out', join(folder, 'result')]
  );
  expect(status).toBe(0);
  // Standard output stays what other programs read.
  expect(JSON.parse(stdout)).toHaveProperty('schema');
  const lines = stderr.trimEnd().split('\n');
  for (const step of ['read', 'open model', 'start network', 'encode', 'write']) {
    expect(lines.filter((line) => line.includes(` ${step}: done in `))).toHaveLength(1);
  }
  for (const stage of ['segment', 'align', 'measure']) {
    expect(lines.filter((line) => line.endsWith(` stage ${stage}: begun`))).toHaveLength(1);
  }
  expect(lines.filter((line) => !LOG_LINE.test(line))).toEqual([]);
  expect(leaks(stderr, [...read(), { folder, study }])).toEqual([]);
});

test('a refused run tells the code of the refusal only', () => {
  const { status, stderr } = hydrops('compute', study, '--json', '--verbose', '--roles', 'ppi=1.2');
  expect(status).toBe(2);
  const log = logOf(stderr);
  expect(log.at(-1)).toMatch(/read: failed \([a-z-]+\) after \d+ ms$/);
  expect(leaks(log.join('\n'), [...read(), { folder, study }])).toEqual([]);
});

test('without --verbose there is no log', () => {
  const { stderr } = hydrops('compute', study, '--json', '--roles', 'ppi=1.2');
  expect(logOf(stderr)).toEqual([]);
});
