import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from 'dicomweb-client';
import Fastify, { type FastifyInstance } from 'fastify';
import { archiveRoutes, InstanceStore, parseInstance } from '.';
import { findBulkData, type DicomJson } from './dicomJson';
import { instanceFile, MR_IMAGE } from '../../test/testInstances';
import { FetchRequest } from '../../test/testRequest';

Object.assign(globalThis, { XMLHttpRequest: FetchRequest });

/** What of dicomweb-client is used here; its own declarations demand options that it does not need. */
interface Client {
  storeInstances(options: { datasets: ArrayBuffer[] }): Promise<unknown>;
  searchForStudies(options: { queryParams: Record<string, string> }): Promise<DicomJson[]>;
  searchForSeries(options: { studyInstanceUID: string }): Promise<DicomJson[]>;
  retrieveSeries(options: Record<string, string>): Promise<ArrayBuffer[]>;
  retrieveInstance(options: Record<string, string>): Promise<ArrayBuffer>;
  retrieveInstanceMetadata(options: Record<string, string>): Promise<DicomJson | DicomJson[]>;
  retrieveInstanceFrames(options: Record<string, string | number[]>): Promise<ArrayBuffer[]>;
  retrieveBulkData(options: { BulkDataURI: string }): Promise<ArrayBuffer[]>;
}

const STUDY = '1.2.3';
let directory: string;
let store: InstanceStore;
let app: FastifyInstance;
let url: string;
let client: Client;

async function start(): Promise<void> {
  store = await InstanceStore.open(directory);
  app = Fastify({ forceCloseConnections: true });
  await app.register(archiveRoutes(store), { prefix: '/dicomweb' });
  url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/dicomweb`;
  client = new api.DICOMwebClient({ url, singlepart: false }) as unknown as Client;
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archive-test-'));
  await start();
});
afterEach(async () => {
  await app.close();
  await rm(directory, { recursive: true, force: true });
});

const slice = (number: number, extra: Record<string, unknown> = {}) =>
  instanceFile({
    SOPInstanceUID: `1.2.3.4.${number}`,
    InstanceNumber: number,
    PatientName: [{ Alphabetic: 'Phantom^Änne' }],
    PatientID: 'P1',
    StudyDate: '20260115',
    SeriesDescription: 'MRC',
    ...extra,
  });

/** What a client sends for several files; dicomweb-client sends one at a time for odd inputs. */
async function stow(parts: { type?: string; body: Uint8Array }[], path = '/studies') {
  const body = Buffer.concat([
    ...parts.flatMap((part) => [
      Buffer.from(`--x\r\nContent-Type: ${part.type ?? 'application/dicom'}\r\n\r\n`),
      Buffer.from(part.body),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--x--\r\n'),
  ]);
  const headers = { 'content-type': 'multipart/related; type="application/dicom"; boundary=x' };
  const response = await fetch(url + path, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as DicomJson };
}
const failureReasons = (body: DicomJson, tag = '00081198') =>
  (body[tag]?.Value ?? []).map((item) => (item as DicomJson)['00081197']?.Value?.[0]);

test('what dicomweb-client stores it gets back byte for byte', async () => {
  const files = [slice(1), slice(2)];
  await client.storeInstances({ datasets: files.map((file) => file.slice().buffer) });
  const back = await client.retrieveSeries({
    studyInstanceUID: STUDY,
    seriesInstanceUID: '1.2.3.4',
  });
  expect(back.map((buffer) => Buffer.from(buffer))).toEqual(files.map((file) => Buffer.from(file)));
  const instance = await client.retrieveInstance({
    studyInstanceUID: STUDY,
    seriesInstanceUID: '1.2.3.4',
    sopInstanceUID: '1.2.3.4.2',
  });
  expect(Buffer.from(instance)).toEqual(Buffer.from(files[1]!));
});

test('objects survive a restart, and a write that was interrupted leaves no object behind', async () => {
  await stow([{ body: slice(1) }]);
  const folder = join(directory, STUDY, '1.2.3.4');
  await writeFile(join(folder, '.incomplete-abc'), slice(2).subarray(0, 400));
  await writeFile(join(folder, 'half.dcm'), slice(3).subarray(0, 400));
  await app.close();
  await start();
  expect(store.list().map((instance) => instance.sopInstanceUid)).toEqual(['1.2.3.4.1']);
  expect(await readdir(folder)).not.toContain('.incomplete-abc');
});

describe('queries', () => {
  beforeEach(async () => {
    await stow([
      { body: slice(1) },
      { body: slice(2) },
      { body: slice(3, { SeriesInstanceUID: '1.2.3.5', Modality: 'SEG', SeriesNumber: 9 }) },
      {
        body: slice(4, {
          StudyInstanceUID: '1.2.9',
          SeriesInstanceUID: '1.2.9.1',
          PatientID: 'P2',
          StudyDate: '20250101',
        }),
      },
    ]);
  });
  const studies = async (query: string) =>
    ((await (await fetch(`${url}/studies?${query}`)).json()) as DicomJson[]).map(
      (study) => study['0020000D']?.Value?.[0]
    );

  test.each([
    ['PatientID=P2', ['1.2.9']],
    ['00100020=P1', [STUDY]],
    ['PatientName=phantom*', [STUDY, '1.2.9']],
    ['PatientName=phan', []],
    ['StudyDate=20260101-20261231', [STUDY]],
    ['StudyDate=-20251231', ['1.2.9']],
    ['StudyInstanceUID=1.2.9,1.2.3', [STUDY, '1.2.9']],
    ['ModalitiesInStudy=SEG', [STUDY]],
    ['limit=1', [STUDY]],
    ['limit=1&offset=1', ['1.2.9']],
  ])('%s', async (query, expected) => {
    expect(await studies(query)).toEqual(expected);
  });

  test('a study says how many series and instances it has, and of which modality', async () => {
    const [study] = await client.searchForStudies({
      queryParams: { PatientID: 'P1' },
    });
    expect(study?.['00201206']?.Value).toEqual([2]);
    expect(study?.['00201208']?.Value).toEqual([3]);
    expect(study?.['00080061']?.Value).toEqual(['MR', 'SEG']);
    expect(study?.['00100010']?.Value).toEqual([{ Alphabetic: 'Phantom^Änne' }]);
  });

  test('series within a study, and an attribute that was asked for', async () => {
    const series = await client.searchForSeries({ studyInstanceUID: STUDY });
    expect(series.map((entry) => entry['0020000E']?.Value?.[0])).toEqual(['1.2.3.4', '1.2.3.5']);
    const plain = (await (await fetch(`${url}/studies/${STUDY}/instances`)).json()) as DicomJson[];
    expect(plain[0]).not.toHaveProperty('00280030');
    const included = (await (
      await fetch(`${url}/studies/${STUDY}/instances?includefield=PixelSpacing`)
    ).json()) as DicomJson[];
    expect(included[0]?.['00280030']?.Value).toEqual([0.5, 0.5]);
  });

  // The last ones are names that every JavaScript object has.
  test.each(['PatientNmae', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'the keyword %s, which does not exist, is refused, not ignored',
    async (name) => {
      for (const query of [`${name}=x`, `includefield=${name}`, `${name}.PatientName=x`]) {
        const response = await fetch(`${url}/studies?${query}`);
        expect(response.status).toBe(400);
        expect(((await response.json()) as { message: string }).message).toMatch(
          new RegExp(`^"${name}[.\\w]*" is not a DICOM attribute.$`)
        );
      }
    }
  );

  test('wildcards over long texts are refused', async () => {
    const refused = async (query: string) => {
      const response = await fetch(`${url}/studies?${query}`);
      return [response.status, ((await response.json()) as { message: string }).message];
    };
    const pattern = [400, 'A query with wildcards has at most 1024 characters.'];
    expect(await refused(`PatientName=${'*a'.repeat(600)}`)).toEqual(pattern);
    const long = { SOPInstanceUID: '1.2.3.4.6', StudyInstanceUID: '1.2.7' };
    await stow([{ body: slice(6, { ...long, PatientComments: 'a'.repeat(20_000) }) }]);
    const value = [400, 'Values of more than 10240 characters are not searched with wildcards.'];
    expect(await refused('PatientComments=*b')).toEqual(value);
  });
});

describe('metadata and bulk data', () => {
  const long = new Uint8Array(5000).map((_, i) => i);
  beforeEach(async () => {
    await stow([
      {
        body: slice(1, {}),
      },
      {
        body: instanceFile(
          { SOPInstanceUID: '1.2.3.4.7' },
          {
            '00990010': { vr: 'LO', Value: ['INNER EAR HYDROPS 1'] },
            '00991001': { vr: 'OB', Value: [long.slice().buffer] },
            '00991002': { vr: 'OB', Value: [Uint8Array.of(1, 2, 3, 4).buffer] },
          }
        ),
      },
    ]);
  });
  const instance = (uid: string) => ({
    studyInstanceUID: STUDY,
    seriesInstanceUID: '1.2.3.4',
    sopInstanceUID: uid,
  });

  test('private elements stay; short binary is inline, long is fetched at its address', async () => {
    const metadata = await client.retrieveInstanceMetadata(instance('1.2.3.4.7'));
    const json = [metadata].flat()[0]!;
    expect(json['00990010']).toEqual({ vr: 'LO', Value: ['INNER EAR HYDROPS 1'] });
    expect(json['00991002']).toEqual({ vr: 'OB', InlineBinary: 'AQIDBA==' });
    const address = json['00991001']?.BulkDataURI ?? '';
    const direct = await fetch(address, { headers: { accept: 'application/octet-stream' } });
    expect(new Uint8Array(await direct.arrayBuffer())).toEqual(long);
    const [viaClient] = await client.retrieveBulkData({ BulkDataURI: address });
    expect(new Uint8Array(viaClient as ArrayBuffer)).toEqual(long);
  });

  test('frames come as stored', async () => {
    const [frame] = await client.retrieveInstanceFrames({
      ...instance('1.2.3.4.1'),
      frameNumbers: [1],
    });
    const expected = findBulkData(parseInstance(slice(1)).content, '7FE00010');
    expect(Buffer.from(frame as ArrayBuffer)).toEqual(expected);
    const missing = await fetch(
      `${url}/studies/${STUDY}/series/1.2.3.4/instances/1.2.3.4.1/frames/2`
    );
    expect(missing.status).toBe(404);
    expect(await missing.json()).toEqual({
      message: 'Frame 2 does not exist: the instance has 1.',
    });
  });

  test('what is not kept is 404 with its name; what is no UID is 400', async () => {
    const missing = await fetch(`${url}/studies/9.9.9/metadata`);
    expect([missing.status, await missing.json()]).toEqual([
      404,
      { message: 'Nothing is stored for studyInstanceUid 9.9.9.' },
    ]);
    const traversal = await fetch(`${url}/studies/${encodeURIComponent('../../etc')}/metadata`);
    expect(traversal.status).toBe(400);
  });

  test('a transfer syntax other than the stored syntax is refused', async () => {
    const headers = {
      accept:
        'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.4.90',
    };
    const address = `${url}/studies/${STUDY}/series/1.2.3.4/instances/1.2.3.4.1/frames/1`;
    expect((await fetch(address, { headers })).status).toBe(406);
  });
});

test('one-bit frames that end inside a byte start at a byte each', async () => {
  // Two 3 × 3 frames: all ones, then all zeros: 9 ones and 9 zeros in 18 bits.
  const file = instanceFile(
    {
      SOPInstanceUID: '1.2.3.4.8',
      Rows: 3,
      Columns: 3,
      BitsAllocated: 1,
      BitsStored: 1,
      HighBit: 0,
      NumberOfFrames: 2,
    },
    { '7FE00010': { vr: 'OB', Value: [Uint8Array.of(0xff, 0x01, 0, 0).buffer] } }
  );
  await stow([{ body: file }]);
  const frames = await client.retrieveInstanceFrames({
    studyInstanceUID: STUDY,
    seriesInstanceUID: '1.2.3.4',
    sopInstanceUID: '1.2.3.4.8',
    frameNumbers: [1, 2],
  });
  expect(frames.map((frame) => [...new Uint8Array(frame)])).toEqual([
    [0xff, 1],
    [0, 0],
  ]);
});

describe('storing', () => {
  test('the same bytes twice are kept once, and both times are a success', async () => {
    for (let i = 0; i < 2; i++) {
      const answer = await stow([{ body: slice(1) }]);
      expect(answer.status).toBe(200);
      expect(answer.body['00081199']?.Value).toHaveLength(1);
    }
    expect(store.size).toBe(1);
  });

  test('other content under a known UID is refused by name, and the first content stays', async () => {
    await stow([{ body: slice(1) }]);
    const answer = await stow([
      { body: slice(1, { SeriesDescription: 'other' }) },
      { body: slice(2) },
    ]);
    expect(answer.status).toBe(202);
    expect(failureReasons(answer.body)).toEqual([0x0111]);
    expect(Buffer.from(await store.file(store.list({ sopInstanceUid: '1.2.3.4.1' })[0]!))).toEqual(
      Buffer.from(slice(1))
    );
  });

  test('a part that is cut off fails alone', async () => {
    const whole = slice(2);
    const answer = await stow([{ body: slice(1) }, { body: whole.subarray(0, whole.length - 10) }]);
    expect(answer.status).toBe(202);
    expect(failureReasons(answer.body, '0008119A')).toEqual([0xc000]);
    expect(store.size).toBe(1);
  });

  test('an instance of another study is refused at a study address', async () => {
    const answer = await stow([{ body: slice(1) }], '/studies/1.2.99');
    expect(answer.status).toBe(409);
    expect(failureReasons(answer.body)).toEqual([0x0110]);
    expect(store.size).toBe(0);
  });

  test.each([
    ['no boundary', 'multipart/related; type="application/dicom"', '--x\r\n\r\n', 400],
    [
      'never closed',
      'multipart/related; boundary=x',
      '--x\r\nContent-Type: application/dicom\r\n\r\nabc',
      400,
    ],
    ['empty', 'multipart/related; boundary=x', '', 400],
    ['another type', 'application/json', '{}', 415],
  ])(
    'a body that is no store request (%s) is a client error',
    async (_name, type, body, status) => {
      const response = await fetch(`${url}/studies`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      expect(response.status).toBe(status);
      expect(((await response.json()) as { message: string }).message).not.toBe('');
    }
  );

  test('damaged files of many kinds never end the archive', async () => {
    const whole = Buffer.from(slice(1));
    // A fixed sequence of damage: cut at many places, and bytes overwritten at many places.
    let random = 12345;
    const next = (limit: number) => (random = (random * 1103515245 + 12345) % 2147483648) % limit;
    const damaged = Array.from({ length: 150 }, (_, i) => {
      const copy = Buffer.from(whole.subarray(0, i % 2 === 0 ? next(whole.length) : whole.length));
      for (let n = 0; n < 8 && copy.length > 0; n++) copy[next(copy.length)] = next(256);
      return { body: copy };
    });
    const answer = await stow(damaged);
    expect([200, 202, 409]).toContain(answer.status);
    expect((await fetch(`${url}/studies`)).status).toBe(200);
  });
});

test('a wildcard query of many asterisks is answered at once', async () => {
  await client.storeInstances({
    datasets: [Uint8Array.from(slice(1, { PatientName: [{ Alphabetic: 'a'.repeat(60) }] })).buffer],
  });
  const start = process.cpuUsage().user;
  const studies = await fetch(`${url}/studies?PatientName=${'*a'.repeat(20)}*b`);
  expect(await studies.json()).toEqual([]);
  const like = await fetch(`${url}/studies?PatientName=${'*A'.repeat(20)}?*`);
  expect(await like.json()).toHaveLength(1);
  expect(process.cpuUsage().user - start).toBeLessThan(1e6);
});

test('any number of frames may be stated: nothing is made for them', async () => {
  const file = instanceFile({ SOPInstanceUID: '1.2.3.4.1', Rows: 0, NumberOfFrames: 2000000000 });
  await client.storeInstances({ datasets: [Uint8Array.from(file).buffer] });
  const path = `studies/${STUDY}/series/1.2.3.4/instances/1.2.3.4.1/frames/7`;
  expect((await fetch(`${url}/${path}`)).status).toBe(404);
});

test('MR images that lack an identifier are refused by the name of what they lack', () => {
  const file = instanceFile({ SOPInstanceUID: '1.2.3.4.1', StudyInstanceUID: '' });
  expect(() => parseInstance(file)).toThrow('Study Instance UID (0020000D) is missing');
  expect(parseInstance(slice(1)).sopClassUid).toBe(MR_IMAGE);
});
