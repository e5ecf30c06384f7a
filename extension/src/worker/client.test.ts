import { AUTOMATIC_CHOICES, firstItems } from '@inner-ear-hydrops/core';
import { DownloadError, type scriptFault } from './download';
import { WorkerClient, type CallOptions } from './client';
import type { Blocked } from './policy';
import type { WorkerLike } from './startWorker';
import {
  PROTOCOL,
  type ComputeRequest,
  type EngineRequest,
  type PageMessage,
  type WorkerMessage,
} from './protocol';
import type { Locks } from './WorkerLife';

type Body<T> = T extends { protocol: string } ? Omit<T, 'protocol'> : never;

// `StubWorker` stands for the browser's Worker: it clones what it is sent, as a real worker does, and
// answers what a test tells it to.
class StubWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  terminated = false;
  readonly received: PageMessage[] = [];
  postMessage(message: PageMessage): void {
    this.received.push(structuredClone(message));
  }
  get requests(): EngineRequest[] {
    return this.received.filter((message): message is EngineRequest => 'request' in message);
  }
  terminate(): void {
    this.terminated = true;
  }
  answer(response: Body<WorkerMessage>): void {
    this.say({ protocol: PROTOCOL, ...response });
  }
  say(message: unknown): void {
    const event = new MessageEvent('message', { data: message });
    this.onmessage?.(event);
  }
  fail(message: string): void {
    const event = Object.assign(new Event('error'), { message });
    this.onerror?.(event as ErrorEvent);
  }
}

/** What the site's server answers when it is asked for worker.js once more. */
type ScriptFault = Awaited<ReturnType<typeof scriptFault>>;

function setUp(
  locks: Locks | null = null,
  fault: ScriptFault = null,
  blocked: Blocked | null = null
) {
  const workers: StubWorker[] = [];
  const client = new WorkerClient(
    () => {
      const worker = new StubWorker();
      workers.push(worker);
      return worker;
    },
    locks,
    {
      limits: { first: 10_000, slow: 60_000, answer: 5_000 },
      ask: async () => fault,
      policy: { blocked: async () => blocked, end: () => undefined },
    }
  );
  clients.push(client);
  const run = (options: CallOptions = {}) => client.call('compute', request, options);
  return { client, workers, run };
}
const clients: WorkerClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.dispose()));

const request: ComputeRequest = {
  series: {},
  modelUrl: 'm',
  backend: 'wasm',
  method: 'hydrops-mi2',
  choices: AUTOMATIC_CHOICES,
  warnings: [],
};
const failure = { name: 'Error', message: 'x', code: null, remedy: null, values: {} };

it('reports progress of the run it belongs to and keeps the worker between runs', async () => {
  const { run, workers } = setUp();
  const fractions: number[] = [];
  const first = run({ onProgress: ({ fraction }) => fractions.push(fraction) });
  const second = run();
  const [a, b] = firstItems(workers[0]!.requests, 2);
  workers[0]!.answer({ kind: 'progress', id: a.id, progress: { stage: 'read', fraction: 0.5 } });
  workers[0]!.answer({ kind: 'progress', id: b.id, progress: { stage: 'read', fraction: 0.9 } });
  workers[0]!.answer({ kind: 'failure', id: a.id, failure });
  workers[0]!.answer({ kind: 'failure', id: b.id, failure });
  await Promise.allSettled([first, second]);
  expect(fractions).toEqual([0.5]);
  expect(workers).toHaveLength(1);
});

it('names cause and remedy when the worker script cannot be loaded, and starts again next time', async () => {
  const { run, workers } = setUp();
  const running = run();
  workers[0]!.fail('404');
  await expect(running).rejects.toMatchObject({
    code: 'worker-unavailable',
    message: expect.stringContaining('404'),
    remedy: expect.stringContaining('extension/dist'),
  });
  void run().catch(() => undefined);
  expect(workers).toHaveLength(2);
});

describe('cancelling', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('asks the worker first and keeps it when it answers', async () => {
    const { run, workers } = setUp();
    const controller = new AbortController();
    const running = run({ signal: controller.signal });
    const [{ id }] = firstItems(workers[0]!.requests, 1);
    controller.abort();
    expect(workers[0]!.received[1]).toEqual({ protocol: PROTOCOL, kind: 'cancel', id });
    workers[0]!.answer({ kind: 'failure', id, failure: { ...failure, name: 'AbortError' } });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    jest.advanceTimersByTime(10_000);
    expect(workers[0]!.terminated).toBe(false);
  });

  it('ends a worker that does not answer', async () => {
    const { run, workers } = setUp();
    const controller = new AbortController();
    const running = run({ signal: controller.signal });
    controller.abort();
    jest.advanceTimersByTime(2000);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(workers[0]!.terminated).toBe(true);
  });
});

describe('a worker that does not start', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const unavailable = (words: string) => ({
    code: 'worker-unavailable',
    message: expect.stringMatching(new RegExp(`worker\\.js.*${words}`)),
  });

  it('because its script never comes is given up within seconds, with the reason, and started anew next time', async () => {
    const fault = new DownloadError('its server has sent nothing for 5 seconds', 'worker.js');
    const { run, workers } = setUp(null, fault);
    const running = expect(run()).rejects.toMatchObject(unavailable('has sent nothing'));
    await jest.advanceTimersByTimeAsync(10_000);
    await running;
    expect(workers[0]!.terminated).toBe(true);
    const again = run();
    workers[1]!.answer({ kind: 'hello' });
    workers[1]!.answer({ kind: 'failure', id: workers[1]!.requests[0]!.id, failure });
    await expect(again).rejects.toThrow('x');
  });

  it('because its script comes slowly is given time, but not for ever', async () => {
    const { run, workers } = setUp();
    const running = expect(run()).rejects.toMatchObject(unavailable('has not started within 70'));
    await jest.advanceTimersByTimeAsync(69_000);
    expect(workers[0]!.terminated).toBe(false);
    await jest.advanceTimersByTimeAsync(1_000);
    await running;
  });

  it.each(['an empty script', 'another script'])(
    'because %s lies in its place is noticed at once',
    async () => {
      const { run, workers } = setUp();
      const running = expect(run()).rejects.toMatchObject(unavailable('is not its script'));
      // Whatever the script does: it has run to its end and has not said that it listens.
      workers[0]!.answer({ kind: 'evaluated' });
      await running;
    }
  );

  it('because the browser refuses its script is told with the reason of its server', async () => {
    const fault = new DownloadError('its server answers 404 (text/plain)', 'worker.js', 404);
    const { run, workers } = setUp(null, fault);
    const running = expect(run()).rejects.toMatchObject(unavailable('answers 404'));
    workers[0]!.fail('');
    await running;
  });

  describe('because a Content Security Policy blocks it', () => {
    const blocked = { directive: 'worker-src', policy: "default-src 'self'; worker-src 'none'" };

    it('names directive and policy, and does not send the reader to try again', async () => {
      const { run, workers } = setUp(null, null, blocked);
      const running = expect(run()).rejects.toMatchObject({
        ...unavailable("worker-src; the policy is .*worker-src 'none'"),
        remedy: expect.stringMatching(/Trying again does not help.*Content-Security-Policy/),
      });
      workers[0]!.fail('');
      await running;
    });

    it('is told also where the policy keeps the question from its server, but not in the place of the answer', async () => {
      const silent = new DownloadError('its server cannot be reached', 'worker.js');
      const { run, workers } = setUp(null, silent, blocked);
      const running = expect(run()).rejects.toMatchObject(unavailable('worker-src'));
      workers[0]!.fail('');
      await running;
      const missing = new DownloadError('its server answers 404', 'worker.js', 404);
      const other = setUp(null, missing, blocked);
      const second = expect(other.run()).rejects.toMatchObject(unavailable('answers 404'));
      other.workers[0]!.fail('');
      await second;
    });
  });

  it('is not confused with one that works for long after its first word', async () => {
    const fault = new DownloadError('its server answers 404', 'worker.js', 404);
    const { run, workers } = setUp(null, fault);
    void run().catch(() => undefined);
    workers[0]!.answer({ kind: 'hello' });
    workers[0]!.answer({ kind: 'evaluated' });
    await jest.advanceTimersByTimeAsync(100_000);
    expect(workers[0]!.terminated).toBe(false);
  });
});

describe('a worker of another build', () => {
  it('is refused with a word instead of being misread', async () => {
    const { run, workers } = setUp();
    const running = run();
    // As workers answered before there were versions.
    workers[0]!.say({ kind: 'failure', id: workers[0]!.requests[0]!.id, failure });
    await expect(running).rejects.toMatchObject({
      code: 'worker-outdated',
      remedy: expect.stringContaining('Reload'),
    });
    expect(workers[0]!.terminated).toBe(true);
  });
});

describe('a worker that ends without an error', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Locks as a browser keeps them: whoever asks for a lock that is held waits until its holder is gone. */
  function fakeLocks() {
    const waiting: (() => unknown)[] = [];
    const locks: Locks = {
      request: (_name, _options, callback) => {
        waiting.push(callback);
        return new Promise(() => undefined);
      },
    };
    return { locks, letGo: () => waiting.splice(0).forEach((callback) => callback()) };
  }

  it('is noticed at once by its lock, and replaced with the next call', async () => {
    const { locks, letGo } = fakeLocks();
    const { run, client, workers } = setUp(locks);
    const running = run();
    expect(workers[0]!.received[0]).toMatchObject({ kind: 'hold' });
    workers[0]!.answer({ kind: 'held' });
    expect(client.generation()).toBe(1);
    letGo();
    await expect(running).rejects.toMatchObject({ code: 'worker-unavailable' });
    expect(client.generation()).toBe(2);
  });

  it('raises no alarm while a long computation keeps it from answering', () => {
    const { locks } = fakeLocks();
    const { run, workers } = setUp(locks);
    void run().catch(() => undefined);
    workers[0]!.answer({ kind: 'held' });
    jest.advanceTimersByTime(3_600_000);
    expect(workers[0]!.terminated).toBe(false);
  });

  it('is noticed by its silence where the browser has no locks, but only while a call waits', async () => {
    const { run, workers } = setUp(null);
    const first = run();
    workers[0]!.answer({ kind: 'hello' });
    jest.advanceTimersByTime(60_000);
    expect(workers[0]!.received.map(({ kind }) => kind)).toContain('ping');
    const [{ id }] = firstItems(workers[0]!.requests, 1);
    workers[0]!.answer({ kind: 'failure', id, failure });
    await expect(first).rejects.toThrow('x');
    jest.advanceTimersByTime(3_600_000);
    expect(workers[0]!.terminated).toBe(false);

    const second = run();
    // A sign of life restarts the clock.
    jest.advanceTimersByTime(250_000);
    workers[0]!.answer({ kind: 'pong' });
    jest.advanceTimersByTime(250_000);
    expect(workers[0]!.terminated).toBe(false);
    jest.advanceTimersByTime(100_000);
    await expect(second).rejects.toMatchObject({ code: 'worker-unavailable' });
    expect(workers[0]!.terminated).toBe(true);
  });
});
