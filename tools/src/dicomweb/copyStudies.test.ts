import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readDicomFile } from '@inner-ear-hydrops/core/dicom';
import { BOTH_EARS, writeStudy } from '../../test/testSite';
import { ArchiveClient } from './archiveClient';
import { copyStudies, readPatients } from './copyStudies';

let folder: string;
let server: Server;
let url: string;
/** Paths with their queries, in the order of the requests. */
let asked: string[];
let answers: (path: string, search: URLSearchParams) => Buffer | object[] | number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hydrops-copy-'));
  asked = [];
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    asked.push(request.url ?? '');
    const answer = answers(pathname, searchParams);
    if (typeof answer === 'number') response.writeHead(answer).end();
    else if (Buffer.isBuffer(answer))
      response.writeHead(200, { 'content-type': 'application/dicom' }).end(answer);
    else
      response
        .writeHead(200, { 'content-type': 'application/dicom+json' })
        .end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const said: string[] = [];
const copy = (patients: string[] = [], filters: Record<string, string> = {}) =>
  copyStudies(
    new ArchiveClient(url, undefined),
    { patients, filters },
    path.join(folder, 'copy'),
    (line) => said.push(line)
  );
const studyOf = (uid: string, patient: string) => ({
  '0020000D': { vr: 'UI', Value: [uid] },
  '00100020': { vr: 'LO', Value: [patient] },
});

/** An archive with one study, whose series are an MRC and a report. */
async function oneStudy(): Promise<{ uid: string; files: Map<string, Buffer> }> {
  const { mrc } = await writeStudy(path.join(folder, 'source'), 'P1', BOTH_EARS);
  const byUid = new Map<string, Buffer>();
  for (const name of await readdir(path.join(folder, 'source'))) {
    const content = await readFile(path.join(folder, 'source', name));
    const bytes = content.buffer.slice(content.byteOffset, content.byteOffset + content.length);
    byUid.set(readDicomFile(bytes, name).sopInstanceUid, content);
  }
  const uid = mrc.header.studyInstanceUid;
  answers = (pathname) => {
    if (pathname === '/studies') return [studyOf(uid, 'P1')];
    if (pathname.endsWith('/series'))
      return [
        { '0020000E': { Value: ['1.2.3'] }, '00080060': { Value: ['MR'] } },
        { '0020000E': { Value: ['1.2.4'] }, '00080060': { Value: ['SR'] } },
      ];
    if (pathname.endsWith('/series/1.2.3/instances'))
      return [...byUid.keys()].map((sop) => ({ '00080018': { Value: [sop] } }));
    return byUid.get(path.basename(pathname)) ?? 404;
  };
  return { uid, files: byUid };
}

describe('studies of an archive', () => {
  it('are copied once, each file as it is stored, for this account alone', async () => {
    const { uid, files } = await oneStudy();
    const [own] = await copy(['P1']);
    expect(own).toBe(path.join(folder, 'copy', uid));
    for (const [sop, content] of files) {
      const file = path.join(own!, '1.2.3', `${sop}.dcm`);
      expect((await readFile(file)).equals(content)).toBe(true);
      expect((await stat(file)).mode & 0o77).toBe(0);
    }
    expect(said.at(-1)).toContain('10 files, 10 of them fetched; passed over: series of SR');
    const before = asked.length;
    await copy(['P1']);
    expect(asked.length - before).toBe(3);
    expect(said.at(-1)).toContain('0 of them fetched');
  });

  it('that the archive has no longer are refused', async () => {
    await oneStudy();
    const [own] = await copy(['P1']);
    await writeFile(path.join(own!, '1.2.3', '1.2.99.dcm'), 'stale');
    await expect(copy(['P1'])).rejects.toThrow('1 files that the archive has no longer');
  });

  it('of another patient are passed over, and a patient without any is named', async () => {
    const { uid } = await oneStudy();
    const whole = answers;
    answers = (pathname, search) =>
      pathname === '/studies'
        ? [studyOf(uid, 'P1'), studyOf('1.2.9', 'P12')]
        : whole(pathname, search);
    expect(await copy(['P1'])).toHaveLength(1);
    expect(said.join()).toContain('studies of other patients');
    await expect(copy(['P1', 'P7'])).rejects.toThrow('no such study of P7');
  });

  it('are asked for page by page, also where the archive knows no pages', async () => {
    await oneStudy();
    const whole = answers;
    const many = Array.from({ length: 450 }, (_, n) => studyOf(`1.2.${n}`, 'P1'));
    answers = (pathname, search) => {
      const [limit, offset] = [Number(search.get('limit')), Number(search.get('offset'))];
      return pathname === '/studies' ? many.slice(offset, offset + limit) : whole(pathname, search);
    };
    const client = new ArchiveClient(url, undefined);
    expect(await client.studies({ StudyDate: '20260101' })).toHaveLength(450);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toContain('StudyDate=20260101');
    answers = () => many;
    expect(await client.studies({})).toHaveLength(450);
    expect(asked).toHaveLength(5);
  });

  it.each<[string, (path: string) => Buffer | object[] | number, string]>([
    ['asks for a password', () => 401, '--dicomweb-user'],
    ['is another server', () => 404, 'DICOMweb root'],
    ['answers in something else', () => Buffer.from('<html>'), 'DICOM JSON'],
    ['names a path for a UID', () => [studyOf('../../etc', 'P1')], 'is no UID'],
    ['has nothing', () => [], 'no study that was asked for'],
  ])('are refused with what to do where the archive %s', async (_, answer, message) => {
    answers = answer;
    await expect(copy()).rejects.toThrow(message);
  });

  it('are refused where the archive sends another instance than it was asked for', async () => {
    const { files } = await oneStudy();
    const whole = answers;
    const [first] = files.values();
    answers = (pathname, search) => {
      const answer = whole(pathname, search);
      return Buffer.isBuffer(answer) ? first! : answer;
    };
    await expect(copy(['P1'])).rejects.toThrow(/was asked for .* and sent/);
  });
});

it('reads patients from files, each once', async () => {
  const list = path.join(folder, 'patients.txt');
  await writeFile(list, '# cohort\nP1\n\nP2\n');
  expect(await readPatients(['P2', list])).toEqual(['P2', 'P1']);
});

test('one question tells what is wrong with an archive before anybody opens the viewer', async () => {
  const fault = () => new ArchiveClient(url, undefined).fault();
  answers = () => [studyOf('1.2.3', 'P1')];
  expect(await fault()).toBeNull();
  answers = () => 204;
  expect(await fault()).toBeNull();
  answers = () => 401;
  expect(await fault()).toMatch(/status 401.*--dicomweb-user and --dicomweb-password/);
  answers = () => Buffer.from('<html>');
  expect(await fault()).toMatch(/did not answer in DICOM JSON/);
  asked.length = 0;
  answers = () => 503;
  expect(await fault()).toMatch(/status 503/);
  expect(asked).toHaveLength(1);
  server.close();
  server.closeAllConnections();
  expect(await fault()).toMatch(/does not answer/);
});
