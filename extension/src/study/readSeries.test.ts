import { RefusedInputError } from '@inner-ear-hydrops/core';
import { headerFromDataset } from '@inner-ear-hydrops/core/dicom';
import type { HostInstance } from '../host/types';
import type { WorkerClient } from '../worker';
import { readSeries, type ImageSource } from './readSeries';

// `engine` stands for the worker: it notes what it is asked and refuses what a test tells it to.

const instance = (k: number, slope: number) =>
  ({
    StudyInstanceUID: '1',
    SeriesInstanceUID: '2',
    SOPInstanceUID: `3.${k}`,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    SeriesNumber: 4,
    SeriesDescription: 'PPI',
    Rows: 1,
    Columns: 2,
    BitsStored: 12,
    PixelRepresentation: 0,
    RescaleSlope: slope,
    RescaleIntercept: 0,
    ImagePositionPatient: [0, 0, k],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [1, 1],
    imageId: `wadors:3.${k}`,
  }) as unknown as HostInstance;

function setUp(slope: number, answer: () => void = () => undefined) {
  const instances = Array.from({ length: 20 }, (_, k) => instance(k, slope));
  const sources = instances.map(({ SOPInstanceUID: sopInstanceUid }) => ({ sopInstanceUid }));
  const asked: string[] = [];
  const call = async (kind: string) => {
    asked.push(kind);
    if (kind === 'addFile') {
      throw new RefusedInputError('transfer-syntax-unsupported', 'HTJ2K', '');
    }
    return { summary: { sources }, warnings: [] };
  };
  let running = 0;
  const atOnce: number[] = [];
  const source: ImageSource = {
    dataSource: null,
    client: () => ({
      retrieveInstance: async () => {
        atOnce.push(++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        answer();
        return new ArrayBuffer(8);
      },
    }),
    headers: () => ({}),
    load: async () => ({
      slope: 1,
      intercept: 0,
      preScale: { scaled: true },
      getPixelData: () => Uint16Array.of(1, 2),
    }),
    forget: () => undefined,
  };
  const shares: number[] = [];
  const read = () =>
    readSeries(
      {
        displaySetInstanceUID: 'a',
        StudyInstanceUID: '1',
        SeriesInstanceUID: '2',
        instances,
      },
      headerFromDataset(instances[0] as HostInstance, instances.length),
      {
        key: 'a',
        wish: { role: 'ppi', signed: false },
        engine: { call } as unknown as Pick<WorkerClient, 'call'>,
        source,
        timeout: 1000,
        onShare: (share) => shares.push(share),
      }
    );
  return { read, asked, atOnce, shares };
}

it('asks for six instances at a time and says how far it is', async () => {
  const { read, atOnce, shares } = setUp(1);
  await read();
  expect(atOnce).toHaveLength(20);
  expect(Math.max(...atOnce)).toBe(6);
  expect(shares[shares.length - 1]).toBeCloseTo(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
});

it("takes the host's pixels of a stream that only the host can decode, where they are certain", async () => {
  const { read, asked } = setUp(1);
  await read();
  expect(asked.filter((kind) => kind === 'addSlices')).toHaveLength(20);
});

it('names the format that cannot be decoded where they are not', async () => {
  const { read } = setUp(0.1);
  await expect(read()).rejects.toMatchObject({ code: 'transfer-syntax-unsupported' });
});

it('an archive that fails stops the reading, with status and series in its words', async () => {
  const { read, atOnce } = setUp(1, () => {
    throw Object.assign(new Error('request failed'), { status: 500 });
  });
  await expect(read()).rejects.toMatchObject({
    code: 'archive-error',
    message: expect.stringContaining('series 4 "PPI"'),
    values: { status: 500 },
  });
  expect(atOnce.length).toBeLessThan(20);
});
