import type { Series } from '@inner-ear-hydrops/core';
import { WorkerClient, type WorkerLike } from './client';
import type { WorkerRequest, WorkerResponse } from './protocol';

// `StubWorker` stands for the browser's Worker: it clones what it is sent, as a real one does, and
// answers what a test tells it to.
class StubWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  terminated = false;
  readonly received: WorkerRequest[] = [];
  postMessage(message: WorkerRequest): void {
    this.received.push(structuredClone(message));
  }
  terminate(): void {
    this.terminated = true;
  }
  answer(response: WorkerResponse): void {
    const event = new MessageEvent('message', { data: response });
    this.onmessage?.call(this as unknown as Worker, event);
  }
  fail(message: string): void {
    const event = Object.assign(new Event('error'), { message });
    this.onerror?.call(this as unknown as Worker, event as ErrorEvent);
  }
}

function setUp() {
  const workers: StubWorker[] = [];
  const client = new WorkerClient(() => {
    const worker = new StubWorker();
    workers.push(worker);
    return worker;
  });
  return { client, workers };
}

const options = { series: {}, modelUrl: 'm', backend: 'wasm', method: 'hydrops-mi2' } as const;
const failure = { name: 'Error', message: 'x', code: null, remedy: null, values: {} };

it('sends a study whose host attributes cannot be cloned', async () => {
  const { client, workers } = setUp();
  const header = { attributes: { get: () => 1 }, seriesDescription: 'MRC' };
  const mrc = { header, volume: { data: new Float32Array(4) }, sources: [] } as unknown as Series;
  const running = client.run({ ...options, series: { mrc } });
  const [sent] = workers[0].received;
  expect(sent).toMatchObject({ series: { mrc: { header: { seriesDescription: 'MRC' } } } });
  expect(mrc.header.attributes).toHaveProperty('get');
  workers[0].answer({ kind: 'failure', id: sent.id, failure });
  await expect(running).rejects.toThrow('x');
});

it('reports progress of the run it belongs to and keeps the worker between runs', async () => {
  const { client, workers } = setUp();
  const fractions: number[] = [];
  const first = client.run({ ...options, onProgress: ({ fraction }) => fractions.push(fraction) });
  const second = client.run(options);
  const [a, b] = workers[0].received;
  workers[0].answer({ kind: 'progress', id: a.id, progress: { stage: 'read', fraction: 0.5 } });
  workers[0].answer({ kind: 'progress', id: b.id, progress: { stage: 'read', fraction: 0.9 } });
  workers[0].answer({ kind: 'failure', id: a.id, failure });
  workers[0].answer({ kind: 'failure', id: b.id, failure });
  await Promise.allSettled([first, second]);
  expect(fractions).toEqual([0.5]);
  expect(workers).toHaveLength(1);
});

it('names cause and remedy when the worker script cannot be loaded, and starts anew next time', async () => {
  const { client, workers } = setUp();
  const running = client.run(options);
  workers[0].fail('404');
  await expect(running).rejects.toMatchObject({
    code: 'worker-unavailable',
    message: expect.stringContaining('404'),
    remedy: expect.stringContaining('worker.js'),
  });
  void client.run(options).catch(() => undefined);
  expect(workers).toHaveLength(2);
});

describe('cancelling', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('asks the worker first and keeps it when it answers', async () => {
    const { client, workers } = setUp();
    const controller = new AbortController();
    const running = client.run({ ...options, signal: controller.signal });
    const id = workers[0].received[0].id;
    controller.abort();
    expect(workers[0].received[1]).toEqual({ kind: 'cancel', id });
    workers[0].answer({ kind: 'failure', id, failure: { ...failure, name: 'AbortError' } });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    jest.advanceTimersByTime(10_000);
    expect(workers[0].terminated).toBe(false);
  });

  it('ends a worker that does not answer', async () => {
    const { client, workers } = setUp();
    const controller = new AbortController();
    const running = client.run({ ...options, signal: controller.signal });
    controller.abort();
    jest.advanceTimersByTime(2000);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(workers[0].terminated).toBe(true);
  });
});
