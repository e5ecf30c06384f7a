import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstanceStore } from '.';
import type { DicomJson } from './dicomJson';
import { storeInstances } from './storeInstances';
import { instanceFile } from '../../test/testInstances';

const STUDY = '1.2.3';
const BASE = 'http://localhost/dicomweb';
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'store-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const part = (attributes: Record<string, unknown>, type = 'application/dicom') => ({
  headers: { 'content-type': type },
  body: Buffer.from(instanceFile(attributes)),
});
function reasons(body: DicomJson): unknown[] {
  const items = ['00081198', '0008119A'].flatMap((tag) => body[tag]?.Value ?? []);
  return items.map((item) => (item as DicomJson)['00081197']?.Value?.[0]);
}

test.each([
  ['a part that is no DICOM', {}, 'text/plain', 0xc000, 'text/plain'],
  [
    'a media directory',
    { SOPClassUID: '1.2.840.10008.1.3.10' },
    undefined,
    0x0122,
    'not a class of stored objects',
  ],
  [
    'a query',
    { SOPClassUID: '1.2.840.10008.5.1.4.1.2.2.1' },
    undefined,
    0x0122,
    'not a class of stored objects',
  ],
  ['another study', { StudyInstanceUID: '1.2.9' }, undefined, 0x0110, 'not to 1.2.3'],
])('%s is refused by its reason', async (_, attributes, type, reason, words) => {
  const store = await InstanceStore.open(directory);
  const parts = [part({ SOPInstanceUID: '1.2.3.4.1', ...attributes }, type)];
  const answer = await storeInstances(store, parts, BASE, STUDY);
  expect([answer.status, reasons(answer.body)]).toEqual([409, [reason]]);
  expect(answer.failures).toEqual([expect.stringContaining(words)]);
  expect(store.size).toBe(0);
});

test.each([
  ['a segmentation', '1.2.840.10008.5.1.4.1.1.66.4'],
  ['a private class', '1.3.12.2.1107.5.9.1'],
])('%s is stored', async (_, SOPClassUID) => {
  const store = await InstanceStore.open(directory);
  const answer = await storeInstances(store, [part({ SOPClassUID })], BASE);
  expect([answer.status, store.size]).toEqual([200, 1]);
});

describe('a full disk', () => {
  const disk = smallDisk();
  afterAll(() => {
    if (!disk) return;
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  (disk ? it : it.skip)(
    'is told as such (A700H), keeps what was there and leaves nothing behind [needs the right to mount a small disk]',
    async () => {
      const store = await InstanceStore.open(join(disk!, 'store'));
      const small = { Rows: 4, Columns: 4, PixelData: [new Uint16Array(16).buffer] };
      const large = { Rows: 400, Columns: 400, PixelData: [new Uint16Array(160_000).buffer] };
      const parts = [
        part({ ...small, SOPInstanceUID: '1.2.3.4.1' }),
        part({ ...large, SOPInstanceUID: '1.2.3.4.2' }),
      ];
      const answer = await storeInstances(store, parts, BASE);
      expect([answer.status, reasons(answer.body)]).toEqual([202, [0xa700]]);
      expect(answer.failures).toEqual([expect.stringContaining('ENOSPC')]);
      const folder = join(disk!, 'store', STUDY, '1.2.3.4');
      expect(await readdir(folder)).toEqual(['1.2.3.4.1.dcm']);
    }
  );
});

/** A disk of 64 KiB; null where this account may not mount one. */
function smallDisk(): string | null {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]);
  if (mounted.status === 0) return path;
  rmSync(path, { recursive: true, force: true });
  return null;
}

describe('patient data are for the account of the server alone', () => {
  const mode = async (...path: string[]) => ((await stat(join(...path))).mode & 0o777).toString(8);
  // Whoever runs the tests may have a stricter mask.
  let mask: number;
  beforeEach(() => {
    mask = process.umask(0o002);
  });
  afterEach(() => void process.umask(mask));

  test('folders and files are made so', async () => {
    const root = join(directory, 'new', 'store');
    const store = await InstanceStore.open(root);
    await storeInstances(store, [part({ SOPInstanceUID: '1.2.3.4.1' })], BASE);
    expect([
      await mode(root),
      await mode(root, STUDY),
      await mode(root, STUDY, '1.2.3.4'),
      await mode(root, STUDY, '1.2.3.4', '1.2.3.4.1.dcm'),
    ]).toEqual(['700', '700', '700', '600']);
  });

  test('folders of studies that stood open are closed; what is not ours stays as it is', async () => {
    await mkdir(join(directory, STUDY));
    await mkdir(join(directory, 'notes'));
    await writeFile(join(directory, 'run.sh'), '');
    await chmod(join(directory, 'run.sh'), 0o755);
    await chmod(directory, 0o755);
    await InstanceStore.open(directory);
    expect([
      await mode(directory),
      await mode(directory, STUDY),
      await mode(directory, 'notes'),
      await mode(directory, 'run.sh'),
    ]).toEqual(['755', '700', '775', '755']);
  });
});
