import { RefusedInputError } from '@inner-ear-hydrops/core';
import { encodeDerivedSeries, type DerivedSeriesInput } from '@inner-ear-hydrops/core/dicom';
import { testSeries, testVolume } from '../../core/src/dicom/testSeries';
import { WorkerClient, type WorkerLike } from '../../extension/src/worker/client';
import { createHandler, type HandlerParts } from '../../extension/src/worker/handler';
import type { WorkerRequest, WorkerResponse } from '../../extension/src/worker/protocol';

// The client before the real handler and encoder; between them, as between threads, only clones pass.

/** Stands for the browser's Worker: clones both ways and moves what is transferred. */
class LoopbackWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  terminate = () => undefined;
  voxelsSent = 0;
  private readonly handle = createHandler({
    encode: encodeDerivedSeries,
    post: (response: WorkerResponse, transfer: Transferable[]) => {
      const data = structuredClone(response, { transfer });
      this.onmessage?.call(this as unknown as Worker, new MessageEvent('message', { data }));
    },
  } as HandlerParts);
  postMessage(message: WorkerRequest): void {
    const request = structuredClone(message);
    if (request.kind === 'encode') {
      const { volume, mrc, ppi, pei } = request.input;
      for (const grid of [volume, mrc.volume, ppi.volume, pei?.volume])
        this.voxelsSent += grid?.data.length ?? 0;
    }
    void Promise.resolve().then(() => this.handle(request));
  }
}

const volume = testVolume((i, j, k) => (i - 6) * (j + 1) + 3 * k);
const input: DerivedSeriesInput = {
  kind: 'hydrops-mi2',
  volume,
  mrc: testSeries('MRC', volume),
  ppi: testSeries('PPI', volume),
  pei: testSeries('PEI', volume),
  model: { name: 'm', version: '1.0.0', sha256: 'ab'.repeat(32) },
  created: new Date(2026, 0, 15, 9, 30),
};

it('a series encoded in the worker is the same to the last byte as one encoded on the page', async () => {
  const worker = new LoopbackWorker();
  const before = volume.data.slice();
  const found = await new WorkerClient(() => worker).encode(input);
  const expected = encodeDerivedSeries(input);
  expect(found).toHaveLength(expected.length);
  found.forEach((object, k) => {
    expect(Buffer.from(object.file).equals(Buffer.from(expected[k].file))).toBe(true);
    expect(object.dataset).toEqual(expected[k].dataset);
    expect(object.sopInstanceUid).toBe(expected[k].sopInstanceUid);
  });
  // The page keeps its volume, and sends no other voxels than those that are encoded.
  expect(volume.data).toEqual(before);
  expect(worker.voxelsSent).toBe(volume.data.length);
});

it('a refusal arrives with its code and remedy', async () => {
  const mrc = { ...input.mrc, header: { ...input.mrc.header, frameOfReferenceUid: null } };
  const encoding = new WorkerClient(() => new LoopbackWorker()).encode({ ...input, mrc });
  await expect(encoding).rejects.toBeInstanceOf(RefusedInputError);
  await expect(encoding).rejects.toMatchObject({ code: 'frame-of-reference-missing' });
});
