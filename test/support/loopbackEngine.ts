import {
  AUTOMATIC_CHOICES,
  DEFAULT_METHOD,
  analyzeStudy,
  wishFor,
  type Role,
  type Segmenter,
  AXIAL,
  type Geometry,
  perOrgan,
} from '@inner-ear-hydrops/core';
import { encodeMrSeries, headerFromDataset, type PixelCodecs } from '@inner-ear-hydrops/core/dicom';
import { testVolume } from '../../core/test/testSeries';
import { Engine } from '../../extension/src/study/Engine';
import { readSeries, type ImageSource } from '../../extension/src/study/readSeries';
import { WorkerClient } from '../../extension/src/worker/client';
import { createHandler } from '../../extension/src/worker/handler';
import type { PageMessage, WorkerMessage } from '../../extension/src/worker/protocol';
import type { WorkerLike } from '../../extension/src/worker/startWorker';
import type { DisplaySet, HostInstance } from '../../extension/src/host/types';

// The page's side of the engine before the real handler, reader and encoders; between them, as between threads, only
// clones pass and buffers move. The network is a segmenter that marks two boxes, the archive a map of files.

export const GRID: Geometry = {
  size: [40, 32, 8],
  spacing: [0.5, 0.5, 1],
  origin: [-10, -8, 0],
  direction: AXIAL,
};
const blob = (i: number, j: number, k: number, x: number) =>
  Math.exp(-((i - x) ** 2 + (j - 16) ** 2 + 4 * (k - 4) ** 2) / 40);
const both = (i: number, j: number, k: number) => blob(i, j, k, 10) + blob(i, j, k, 30);
export const VOLUMES = {
  mrc: testVolume((i, j, k) => 40 + 2000 * both(i, j, k), GRID),
  ppi: testVolume((i, j, k) => 30 + 900 * both(i, j, k) + 7 * i, GRID),
  pei: testVolume((i, j, k) => 30 + 850 * both(i, j, k) + 9 * j, GRID),
};
export const ROLES = ['mrc', 'ppi', 'pei'] as const;
export const files = new Map<string, ArrayBuffer>();
export const datasets: object[] = [];
export const displaySets = new Map<string, DisplaySet>();
for (const [index, role] of ROLES.entries()) {
  const objects = encodeMrSeries({
    kind: 'original',
    template: {
      StudyInstanceUID: '2.25.11',
      FrameOfReferenceUID: '2.25.12',
      PatientName: 'Phantom^Engine',
      PatientID: 'ENGINE',
    },
    volume: VOLUMES[role],
    description: role.toUpperCase(),
    seriesNumber: index + 1,
    imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
    scaling: { kind: 'unsigned-12-bit' },
    acquisition: { scanningSequence: ['SE'], sequenceVariant: ['SK'], repetitionTime: 9000 },
    window: { center: 400, width: 1000 },
    created: new Date(2026, 0, 15),
  });
  const instances = objects.map(({ dataset, file, sopInstanceUid }): HostInstance => {
    files.set(sopInstanceUid, file);
    datasets.push(dataset);
    return { ...dataset, imageId: `wadors:${sopInstanceUid}` } as unknown as HostInstance;
  });
  displaySets.set(role, {
    displaySetInstanceUID: role,
    StudyInstanceUID: '2.25.11',
    SeriesInstanceUID: objects[0]!.seriesInstanceUid,
    instances,
  });
}

/** Marks a box in each ear. */
export const segmenter: Segmenter & { dispose(): void } = {
  identity: { name: 'boxes', version: '1.0.0', sha256: 'ab'.repeat(32) },
  cropSize: [50, 50, 26],
  trainedOn: 'Balls in boxes; no patient data.',
  backend: 'test',
  segment: async (mrc) => {
    const inBox = testVolume((i, j, k) => {
      if (k < 2 || k > 5 || j < 12 || j > 20) return 0;
      return i > 25 && i < 35 ? 1 : i > 5 && i < 15 ? 3 : 0;
    }, mrc);
    const labels = Uint8Array.from(inBox.data);
    const { size, spacing, origin, direction } = mrc;
    const confidence = perOrgan(() => 0.9);
    return {
      anatomy: labels.map((label) => (label === 1 ? 1 : label === 3 ? 11 : 0)),
      labels: { size, spacing, origin, direction, data: labels, segments: [] },
      ears: [
        { side: 'left' as const, center: [5, 0, 4], confidence },
        { side: 'right' as const, center: [-5, 0, 4], confidence },
      ],
      absent: [],
    };
  },
  dispose: () => undefined,
};

/** Stands for the browser's Worker: clones both ways and moves what is transferred. */
class LoopbackWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  private isGone = false;
  private readonly handle = createHandler({
    codecs: {} as PixelCodecs,
    check: () => undefined,
    loadSegmenter: async () => segmenter,
    analyze: analyzeStudy,
    contextLost: () => false,
    post: (message: WorkerMessage, transfer: Transferable[]) => {
      const data = structuredClone(message, { transfer });
      if (this.isGone) return;
      this.onmessage?.(new MessageEvent('message', { data }));
    },
  });
  terminate(): void {
    this.isGone = true;
  }
  postMessage(message: PageMessage, transfer?: Transferable[] | StructuredSerializeOptions): void {
    const received = structuredClone(message, {
      transfer: Array.isArray(transfer) ? transfer : [],
    });
    void Promise.resolve().then(() => this.handle(received));
  }
  /** As a worker that runs out of memory. */
  die(): void {
    const event = Object.assign(new Event('error'), { message: 'out of memory' });
    this.onerror?.call(this as unknown as Worker, event as ErrorEvent);
  }
}

export function setUp(source: Partial<ImageSource> = {}) {
  const workers: LoopbackWorker[] = [];
  const client = new WorkerClient(() => {
    const worker = new LoopbackWorker();
    workers.push(worker);
    return worker;
  }, null);
  clients.push(client);
  const asked: string[] = [];
  const archive: ImageSource = {
    dataSource: null,
    client: () => ({
      retrieveInstance: async ({ sopInstanceUID }) => {
        asked.push(sopInstanceUID);
        return (files.get(sopInstanceUID) as ArrayBuffer).slice(0);
      },
    }),
    headers: () => ({}),
    load: () => Promise.reject(new Error('not used')),
    forget: () => undefined,
    ...source,
  };
  const engine = new Engine({
    client,
    read: ({ key, displaySet: uid, wish }, signal, onShare) => {
      const displaySet = displaySets.get(uid) as DisplaySet;
      const header = headerFromDataset(displaySet.instances?.[0] as HostInstance, 8);
      return readSeries(displaySet, header, {
        key,
        wish,
        engine: client,
        source: archive,
        signal,
        onShare,
        timeout: 1000,
      });
    },
  });
  const readAll = async () =>
    Object.fromEntries(
      await Promise.all(
        ROLES.map(
          async (role) =>
            [role, await engine.readSeries(role, wishFor(role, DEFAULT_METHOD))] as const
        )
      )
    ) as Record<Role, Awaited<ReturnType<Engine['readSeries']>>>;
  const compute = async () =>
    engine.compute({
      read: await readAll(),
      modelUrl: 'm',
      backend: 'wasm',
      method: 'hydrops-mi2',
      choices: AUTOMATIC_CHOICES,
      warnings: [],
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
  return { engine, client, workers, asked, readAll, compute };
}
const clients: WorkerClient[] = [];

export function disposeClients(): void {
  clients.splice(0).forEach((client) => client.dispose());
}
