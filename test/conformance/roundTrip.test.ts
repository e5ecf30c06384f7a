import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import {
  decodeMeasurementReport,
  decodeSegmentation,
  encodeDerivedSeries,
  encodeMeasurementReport,
  encodeSegmentation,
  encodeSummaryImage,
  type EncodedObject,
} from '@inner-ear-hydrops/core/dicom';
import { isSameObject } from '@inner-ear-hydrops/core/dicom/stored';
import {
  TEST_CASES,
  testEndolymph,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../core/test/testSeries';
import { archiveRoutes, InstanceStore } from '../../tools/src/archive';
import { hasOrthanc, startOrthanc, storeFiles } from '../support';
import { hasTools, PYTHON, runTool } from '../support/tools';

/**
 * Every kind of object that we store, through an archive and back: what the next workstation fetches
 * is what was sent.
 */
const created = new Date('2026-03-04T05:06:07Z');
const volume = testVolume((i, j, k) => 10 * i + 3 * j + k);
const [mrc, ppi, pei] = (['MRC', 'PPI', 'PEI'] as const).map((name) =>
  testSeries(name, volume)
) as [ReturnType<typeof testSeries>, ReturnType<typeof testSeries>, ReturnType<typeof testSeries>];
const labels = testLabels();
const hydrops = testVolume((i, j) => (i - j) * 1e-3);
const measurement = testMeasurement(mrc);
const endolymph = testEndolymph();
TEST_CASES['a region that was edited and one that was drawn'](measurement);
const common = { mrc, labels, endolymph, model: measurement.model, measurement, created };
const segmentation = encodeSegmentation({
  ...common,
  reader: 'Reader^Test',
  state: { impression: 'C:\\a "ü" 幻' },
});
const labelmap = encodeSegmentation({ ...common, type: 'labelmap' });
const report = encodeMeasurementReport({
  ...{ mrc, ppi, pei, measurement, segmentation, created },
  reader: 'Reader^Test',
  readerFields: { Impression: 'two lines\nand a \\ backslash' },
});
const objects: EncodedObject[] = [
  ...encodeDerivedSeries({
    kind: 'hydrops',
    method: 'hydrops-mi2',
    volume: hydrops,
    mrc,
    ppi,
    pei,
    created,
  }),
  ...encodeDerivedSeries({
    kind: 'hydrops-mi2',
    method: 'hydrops-mi2',
    volume: hydrops,
    mrc,
    ppi,
    pei,
    created,
  }),
  segmentation,
  labelmap,
  report,
  encodeSummaryImage({ mrc, labels, endolymph, measurement, created }),
];

interface RunningArchive {
  url: string;
  stop(): Promise<void>;
}

async function startEmbedded(): Promise<RunningArchive> {
  const directory = mkdtempSync(join(tmpdir(), 'hydrops-round-trip-'));
  const app = Fastify();
  await app.register(archiveRoutes(await InstanceStore.open(directory)), { prefix: '/dicomweb' });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const stop = async () => {
    await app.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { url: `${address}/dicomweb`, stop };
}

async function fetched(archive: string, object: EncodedObject): Promise<ArrayBuffer> {
  const { seriesInstanceUid, sopInstanceUid } = object;
  const study = mrc.header.studyInstanceUid;
  const url = `${archive}/studies/${study}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
  const headers = { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
  const response = await fetch(url, { headers });
  expect(response.status).toBe(200);
  const body = Buffer.from(await response.arrayBuffer());
  const start = body.indexOf('\r\n\r\n') + 4;
  const end = body.lastIndexOf('\r\n--');
  const file = body.subarray(start, end);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
}

const archives: [string, boolean, () => Promise<RunningArchive>][] = [
  ['the embedded archive', true, startEmbedded],
  ['Orthanc', hasOrthanc(), startOrthanc],
];

for (const [name, possible, start] of archives) {
  const needs = possible ? '' : ' [needs orthanc and orthanc-dicomweb]';
  (possible ? describe : describe.skip)(`through ${name} and back${needs}`, () => {
    let archive: RunningArchive;
    const held = new Map<EncodedObject, ArrayBuffer>();
    beforeAll(async () => {
      archive = await start();
      await storeFiles(
        archive.url,
        objects.map(({ file }) => new Uint8Array(file))
      );
      // Twice: a retry doubles nothing and is no error.
      await storeFiles(
        archive.url,
        objects.map(({ file }) => new Uint8Array(file))
      );
      for (const object of objects) held.set(object, await fetched(archive.url, object));
    }, 60_000);
    afterAll(() => archive?.stop());

    test('each object is the object that was sent', () => {
      const different = objects.filter(
        (object) => !isSameObject(object.file, held.get(object) as ArrayBuffer)
      );
      expect(different.map(({ description }) => description)).toEqual([]);
    });

    test('labels, state, numbers and texts come back exactly', () => {
      for (const object of [segmentation, labelmap]) {
        const decoded = decodeSegmentation(held.get(object) as ArrayBuffer, mrc);
        expect(decoded.labels.data).toEqual(labels.data);
        expect(decoded.state).toEqual(decodeSegmentation(object.file, mrc).state);
      }
      expect(decodeMeasurementReport(held.get(report) as ArrayBuffer)).toEqual(
        decodeMeasurementReport(report.file)
      );
    });

    test('the archive holds each object once', async () => {
      const response = await fetch(
        `${archive.url}/studies/${mrc.header.studyInstanceUid}/instances`,
        { headers: { accept: 'application/dicom+json' } }
      );
      const found = (await response.json()) as Record<string, { Value?: string[] }>[];
      expect(found.map((item) => item['00080018']?.Value?.[0]).sort()).toEqual(
        objects.map(({ sopInstanceUid }) => sopInstanceUid).sort()
      );
    });

    (hasTools('pydicom') ? test : test.skip)(
      'pydicom finds the same bytes of pixel data [needs pydicom]',
      () => {
        const folder = mkdtempSync(join(tmpdir(), 'hydrops-pixels-'));
        for (const side of ['sent', 'held']) mkdirSync(join(folder, side));
        objects.forEach((object, index) => {
          const file = held.get(object) as ArrayBuffer;
          writeFileSync(join(folder, 'sent', `${index}.dcm`), new Uint8Array(object.file));
          writeFileSync(join(folder, 'held', `${index}.dcm`), new Uint8Array(file));
        });
        const script = `
import sys, os, pydicom
compared = 0
for name in sorted(os.listdir(sys.argv[1] + '/sent')):
    a, b = (pydicom.dcmread(f'{sys.argv[1]}/{side}/{name}') for side in ('sent', 'held'))
    assert a.SOPInstanceUID == b.SOPInstanceUID
    if 'PixelData' in a:
        assert a.PixelData == b.PixelData, name
        compared += 1
print(compared)`;
        const { output } = runTool(PYTHON, ['-W', 'ignore', '-c', script, folder]);
        rmSync(folder, { recursive: true, force: true });
        // All but the report have pixels.
        expect(output.trim()).toBe(String(objects.length - 1));
      }
    );
  });
}
