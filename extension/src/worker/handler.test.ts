import {
  AUTOMATIC_CHOICES,
  RefusedInputError,
  type EarSegmentation,
  type Measurement,
  type StudyResult,
  type Volume,
  firstItems,
} from '@inner-ear-hydrops/core';
import type { PixelCodecs } from '@inner-ear-hydrops/core/dicom';
import { createHandler, type HandlerParts, type LoadedSegmenter } from './handler';
import {
  errorOf,
  PROTOCOL,
  type AnswerOf,
  type CallName,
  type ComputedStudy,
  type PageMessage,
  type RequestOf,
  type WorkerMessage,
} from './protocol';

// The handler runs here without a worker, a network or tfjs: `parts` stands for the three. What is
// tested is what it promises about order, cancelling, reuse and the way from WebGL to WASM.

const volume = (value: number): Volume => ({
  data: new Float32Array(8).fill(value),
  size: [2, 2, 2],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});

function studyResult(backend: string): StudyResult {
  const measurement: Measurement = {
    schema: 'inner-ear-hydrops/measurement@2',
    notice: '',
    study: { studyInstanceUid: '1', mrc: '2', ppi: '3', pei: null },
    model: null,
    method: 'hydrops2-mi2',
    ears: { left: null, right: null },
    absentEars: { left: 'no-region', right: 'no-region' },
    choices: AUTOMATIC_CHOICES,
    warnings: [],
    alignment: null,
    timings: {},
  };
  const mrc = volume(1);
  const segmentation: EarSegmentation = {
    anatomy: new Uint8Array(8),
    labels: { ...volume(0), data: new Uint8Array(8), segments: [] },
    ears: [],
    absent: [],
  };
  return {
    prepared: {
      header: measurement.study,
      mrc,
      ppi: volume(2),
      pei: null,
      hydrops: volume(3),
      hydropsMi2: volume(4),
      method: 'hydrops2-mi2',
      mrcScale: null,
      alignment: {
        ppi: {
          treatment: 'identical',
          translation: [0, 0, 0],
          rotation: [0, 0, 0],
          displacement: 0,
          interpolation: 'none',
        },
        pei: null,
      },
      faults: [],
      warnings: [],
      images: [],
      endolymph: new Uint8Array(8),
    },
    segmentation,
    measurement,
    backend,
  };
}

function segmenter(backend: string, disposed: string[] = []): LoadedSegmenter {
  return {
    identity: { name: 'test', version: '1.0.0', sha256: '' },
    cropSize: [50, 50, 26],
    trainedOn: 'Balls in boxes; no patient data.',
    backend,
    segment: () => Promise.reject(new Error('not used: analyze is replaced too')),
    dispose: () => void disposed.push(backend),
  };
}

function setUp(replace: Partial<HandlerParts> = {}) {
  const posted: { response: WorkerMessage; transfer: Transferable[] }[] = [];
  const loads: string[] = [];
  const handle = createHandler({
    post: (response, transfer) => posted.push({ response, transfer }),
    check: () => undefined,
    loadSegmenter: async (url, backend) => {
      loads.push(`${backend} ${url}`);
      return segmenter(backend === 'auto' ? 'webgl (test)' : backend);
    },
    codecs: {} as PixelCodecs,
    analyze: async (_series, { backend }) => studyResult(backend),
    contextLost: () => false,
    ...replace,
  });
  return { handle, posted, loads };
}

const ask = <Name extends CallName>(kind: Name, id: number, request: RequestOf<Name>) =>
  ({ protocol: PROTOCOL, kind, id, request }) as PageMessage;
const run = (id: number, backend: 'auto' | 'wasm' = 'wasm') =>
  ask('compute', id, {
    series: {},
    modelUrl: 'model',
    backend,
    method: 'hydrops2-mi2',
    choices: AUTOMATIC_CHOICES,
    warnings: [],
  });
const warmUp = (id: number) => ask('warmUp', id, { modelUrl: 'model', backend: 'wasm' });
const cancel = (id: number) => ({ protocol: PROTOCOL, kind: 'cancel', id }) as PageMessage;
const answerOf = <Name extends CallName>(message: WorkerMessage): AnswerOf<Name> => {
  if (message.kind !== 'answer') throw new Error(`got ${message.kind}`);
  return message.answer;
};

it('answers a run with what the page shows, in copies that it can give away', async () => {
  const kept = studyResult('wasm');
  const { handle, posted } = setUp({ analyze: async () => kept });
  await handle(run(7));
  const [{ response, transfer }] = firstItems(posted, 1);
  expect(response).toMatchObject({ kind: 'answer', id: 7 });
  const { images, study } = answerOf<'compute'>(response);
  // hydrops, hydropsMi2, endolymph, anatomy, labels
  expect(new Set(transfer).size).toBe(5);
  expect(transfer).toContain(images.hydrops.data.buffer);
  structuredClone(response, { transfer });
  // What the worker keeps is still there.
  expect(kept.prepared.hydrops.data).toHaveLength(8);
  expect(kept.prepared.mrc.data).toHaveLength(8);
  expect(study).toBe(1);
});

it('loads a model once for all runs and warm-ups that use it', async () => {
  const { handle, loads, posted } = setUp();
  await handle(warmUp(1));
  await handle(run(2));
  await handle(run(3));
  expect(loads).toEqual(['wasm model']);
  expect(posted[0]!.response).toMatchObject({
    kind: 'answer',
    answer: { model: { version: '1.0.0' } },
  });
});

it('hands refused input over with code, remedy and values', async () => {
  const { handle, posted } = setUp({
    analyze: () => Promise.reject(new RefusedInputError('no-overlap', 'a', 'b', { mm: 3 })),
  });
  await handle(run(1));
  const { response } = posted[0]!;
  if (response.kind !== 'failure') throw new Error(`got ${response.kind}`);
  const error = errorOf(structuredClone(response.failure));
  expect(error).toBeInstanceOf(RefusedInputError);
  expect(error).toMatchObject({ code: 'no-overlap', message: 'a', remedy: 'b', values: { mm: 3 } });
});

it('ends a cancelled run as an abort and still answers the next', async () => {
  const { handle, posted } = setUp({
    analyze: (_series, { backend }, { signal }) =>
      new Promise((resolve, reject) => {
        if (posted.length > 0) resolve(studyResult(backend));
        signal?.addEventListener('abort', () => reject(new Error('stopped somewhere inside')));
      }),
  });
  const first = handle(run(1));
  const second = handle(run(2));
  await new Promise((resolve) => setTimeout(resolve, 0));
  await handle(cancel(1));
  await Promise.all([first, second]);
  expect(posted.map(({ response }) => response)).toMatchObject([
    { kind: 'failure', id: 1, failure: { name: 'AbortError' } },
    { kind: 'answer', id: 2 },
  ]);
});

it('ends a run that is cancelled while it waits for another', async () => {
  let release: () => void = () => undefined;
  let analysed = 0;
  const { handle, posted } = setUp({
    analyze: async (_series, { backend }) => {
      analysed++;
      await new Promise<void>((resolve) => (release = resolve));
      return studyResult(backend);
    },
  });
  const first = handle(run(1));
  const second = handle(run(2));
  await new Promise((resolve) => setTimeout(resolve, 0));
  await handle(cancel(2));
  release();
  await Promise.all([first, second]);
  expect(analysed).toBe(1);
  expect(posted.map(({ response }) => response.kind)).toEqual(['answer', 'failure']);
});

it('repeats a run on WASM, once and for good, when WebGL fails', async () => {
  const { handle, posted, loads } = setUp({
    analyze: async (_series, { backend }) => {
      if (backend.startsWith('webgl')) throw new Error('out of texture memory');
      return studyResult(backend);
    },
  });
  await handle(run(1, 'auto'));
  await handle(run(2, 'auto'));
  expect(loads).toEqual(['auto model', 'wasm model']);
  const results: ComputedStudy[] = posted
    .slice(0, 2)
    .map(({ response }) => answerOf<'compute'>(response));
  expect(results[0]!.backend).toBe('wasm');
  expect(results[0]!.measurement.warnings.map(({ code }) => code)).toEqual(['webgl-failed']);
  expect(results[1]!.measurement.warnings).toEqual([]);
});

it('does not believe a result or a refusal that comes from a lost WebGL context', async () => {
  for (const outcome of ['result', 'refusal']) {
    let lost = false;
    const { handle, posted } = setUp({
      contextLost: () => lost,
      analyze: async (_series, { backend }) => {
        lost = backend.startsWith('webgl');
        if (lost && outcome === 'refusal') throw new RefusedInputError('no-ear-found', '', '');
        return studyResult(backend);
      },
    });
    await handle(run(1, 'auto'));
    expect(posted[0]!.response).toMatchObject({ kind: 'answer', answer: { backend: 'wasm' } });
  }
});

it('lets refused input on WebGL stand: another backend would refuse it too', async () => {
  const { handle, posted, loads } = setUp({
    analyze: () => Promise.reject(new RefusedInputError('no-ear-found', '', '')),
  });
  await handle(run(1, 'auto'));
  expect(loads).toEqual(['auto model']);
  expect(posted[0]!.response).toMatchObject({ kind: 'failure', failure: { code: 'no-ear-found' } });
});

it('refuses input before it downloads a model', async () => {
  const { handle, posted, loads } = setUp({
    check: () => {
      throw new RefusedInputError('not-magnitude', '', '');
    },
  });
  await handle(run(1));
  expect(loads).toEqual([]);
  expect(posted[0]!.response).toMatchObject({
    kind: 'failure',
    failure: { code: 'not-magnitude' },
  });
});

it('refuses a page of another build with a word, and does nothing that it asks', async () => {
  const { handle, posted, loads } = setUp();
  await handle({ ...run(4), protocol: 'of yesterday' });
  await handle({ ...cancel(4), protocol: 'of yesterday' });
  expect(loads).toEqual([]);
  expect(posted).toMatchObject([
    {
      response: {
        kind: 'failure',
        id: 4,
        failure: { code: 'worker-outdated', remedy: expect.stringContaining('Reload') },
      },
    },
  ]);
});

it('says that it lives, and that it holds the lock by which the page notices its end', async () => {
  const asked: string[] = [];
  const { handle, posted } = setUp({
    hold: async (lock) => {
      asked.push(lock);
      return asked.length === 1;
    },
  });
  await handle({ protocol: PROTOCOL, kind: 'ping' });
  await handle({ protocol: PROTOCOL, kind: 'hold', lock: 'a' });
  // A browser without locks.
  await handle({ protocol: PROTOCOL, kind: 'hold', lock: 'b' });
  expect(asked).toEqual(['a', 'b']);
  expect(posted.map(({ response }) => response.kind)).toEqual(['pong', 'held']);
});

it('does not let what needs no network wait for a computation', async () => {
  let release: () => void = () => undefined;
  const { handle, posted } = setUp({
    analyze: async (_series, { backend }) => {
      await new Promise<void>((resolve) => (release = resolve));
      return studyResult(backend);
    },
  });
  const running = handle(run(1));
  await new Promise((resolve) => setTimeout(resolve, 0));
  await handle(ask('dropStudy', 2, { study: 9 }));
  expect(posted).toMatchObject([{ response: { kind: 'answer', id: 2 } }]);
  release();
  await running;
  expect(posted[1]!.response).toMatchObject({ kind: 'answer', id: 1 });
});
