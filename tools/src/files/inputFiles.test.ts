import { firstItems } from '@inner-ear-hydrops/core';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { importDirectory } from '../archive';
import { InstanceStore } from '../archive/store';
import { instanceFile } from '../../test/testInstances';
import { listFiles, readBuffer } from './inputFiles';

let folder: string;
const at = (...path: string[]): string => join(folder, ...path);
const image = (number: number): Uint8Array =>
  instanceFile({ SOPInstanceUID: `1.2.3.4.${number}`, InstanceNumber: number });

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'input-files-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a study in a zip file is listed and read file by file', async () => {
  const files = { 'DICOM/a': image(1), 'DICOM/b.dcm': image(2), '__MACOSX/._a': new Uint8Array(9) };
  await writeFile(at('study.zip'), zipSync(files));
  const listed = await listFiles([folder]);
  expect(listed).toEqual([at('study.zip', 'DICOM/a'), at('study.zip', 'DICOM/b.dcm')]);
  expect(new Uint8Array(await readBuffer(listed[1]!))).toEqual(files['DICOM/b.dcm']);
  // Another file under the same name is read again.
  await writeFile(at('study.zip'), zipSync({ c: image(3) }));
  expect(await listFiles([at('study.zip')])).toEqual([at('study.zip', 'c')]);
});

test('gzip is unpacked; what is damaged is refused by name', async () => {
  await writeFile(at('a.gz'), gzipSync(image(1)));
  expect(new Uint8Array(await readBuffer(at('a.gz')))).toEqual(image(1));
  await writeFile(at('b.gz'), gzipSync(image(1)).subarray(0, 100));
  await expect(readBuffer(at('b.gz'))).rejects.toMatchObject({ code: 'gzip-unreadable' });
});

test('a zip file that is cut off, or that would grow beyond measure, is refused by name', async () => {
  const whole = zipSync({ a: image(1) });
  await writeFile(at('cut.zip'), whole.subarray(0, whole.length - 30));
  await expect(listFiles([at('cut.zip')])).rejects.toMatchObject({
    code: 'zip-unreadable',
    message: expect.stringContaining('cut.zip') as string,
  });
  await writeFile(at('bomb.zip'), zipSync({ zeros: new Uint8Array(80 << 20) }));
  const [zeros] = firstItems(await listFiles([at('bomb.zip')]), 1);
  await expect(readBuffer(zeros)).rejects.toMatchObject({
    code: 'zip-unreadable',
    message: expect.stringMatching(/bomb\.zip\/zeros.*more than/) as string,
  });
});

const reference = (number: number) => ({
  '00041500': { vr: 'CS', Value: ['DICOM', `IM${number}`] },
  '00041511': { vr: 'UI', Value: [`1.2.3.4.${number}`] },
});
const DIRECTORY = instanceFile(
  { SOPClassUID: '1.2.840.10008.1.3.10' },
  {
    '00041220': {
      vr: 'SQ',
      Value: [{ '00041430': { vr: 'CS', Value: ['PATIENT'] } }, reference(1), reference(2)],
    },
  }
);

test('a DICOMDIR among the files wants those that it refers to, in a directory and in a zip file', async () => {
  await mkdir(at('study', 'dicom'), { recursive: true });
  await writeFile(at('study', 'DICOMDIR'), DIRECTORY);
  await writeFile(at('study', 'dicom', 'im1'), image(1));
  const refusal = {
    code: 'dicomdir-incomplete',
    message: expect.stringMatching(/DICOMDIR refers to DICOM\/IM2, which is not there/) as string,
    remedy: expect.stringContaining('take DICOMDIR out') as string,
  };
  await expect(listFiles([at('study')])).rejects.toMatchObject(refusal);
  await expect(listFiles([folder])).rejects.toMatchObject(refusal);
  // A file that was renamed is there.
  await writeFile(at('study', 'two.dcm'), image(2));
  expect(await listFiles([at('study')])).toHaveLength(3);
  await writeFile(at('cut.zip'), zipSync({ DICOMDIR: DIRECTORY, 'DICOM/IM1': image(1) }));
  await expect(listFiles([at('cut.zip')])).rejects.toMatchObject(refusal);
  const whole = { DICOMDIR: DIRECTORY, 'DICOM/IM1': image(1), 'DICOM/IM2': image(2) };
  await writeFile(at('whole.zip'), zipSync(whole));
  expect(await listFiles([at('whole.zip')])).toHaveLength(3);
});

test('a DICOMDIR stands for the files that it refers to', async () => {
  await mkdir(at('dicom'));
  await writeFile(at('DICOMDIR'), DIRECTORY);
  await writeFile(at('dicom', 'im1'), image(1));
  await expect(listFiles([at('DICOMDIR')])).rejects.toMatchObject({
    code: 'dicomdir-incomplete',
    message: expect.stringContaining('DICOM/IM2') as string,
  });
  await writeFile(at('dicom', 'im2'), image(2));
  expect(await listFiles([at('DICOMDIR')])).toEqual([at('dicom', 'im1'), at('dicom', 'im2')]);
});

test('the archive takes what comes without preamble, in gzip and in a zip file', async () => {
  const withoutPreamble = image(1).subarray(132);
  // Group 0002 has a length of its own; the data set starts behind it.
  const metaLength = 12 + Buffer.from(withoutPreamble).readUInt32LE(8);
  await mkdir(at('data'));
  await writeFile(at('data', 'meta'), withoutPreamble);
  await writeFile(at('data', 'bare'), image(2).subarray(132 + metaLength));
  await writeFile(at('data', 'packed.gz'), gzipSync(image(3)));
  await writeFile(at('data', 'study.zip'), zipSync({ four: image(4) }));
  const store = await InstanceStore.open(at('store'));
  const report = await importDirectory(store, at('data'));
  expect(report).toMatchObject({ stored: 4, skipped: [] });
  for (const instance of store.list()) {
    // Part 10, so that any client can read it.
    expect((await readFile(instance.path)).toString('latin1', 128, 132)).toBe('DICM');
    expect(instance.transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
    expect(instance.attributes['00280010']).toEqual({ vr: 'US', Value: [4] });
  }
});
