import { FirstThatStarts, type WorkerLike } from './startWorker';

/** Stands for the browser's Worker. */
class StubWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  terminated = false;
  readonly received: unknown[] = [];
  readonly transferred: Transferable[] = [];
  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.received.push(message);
    this.transferred.push(...transfer);
  }
  terminate(): void {
    this.terminated = true;
  }
  says(data: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }
  fails(message: string): void {
    this.onerror?.(Object.assign(new Event('error'), { message }) as ErrorEvent);
  }
}

function setUp() {
  const [direct, byBlob] = [new StubWorker(), new StubWorker()];
  const worker = new FirstThatStarts([() => direct, () => byBlob]);
  const heard: unknown[] = [];
  const errors: string[] = [];
  worker.onmessage = ({ data }) => heard.push(data);
  worker.onerror = ({ message }) => errors.push(message);
  return { worker, direct, byBlob, heard, errors };
}

it('the worker that starts gets all that it was sent, in order, with the buffers', () => {
  const { worker, direct, byBlob, heard } = setUp();
  const buffer = new ArrayBuffer(8);
  worker.postMessage('first', [buffer]);
  worker.postMessage('second');
  direct.says('hello');
  worker.postMessage('third');
  expect(direct.received).toEqual(['first', 'second', 'third']);
  expect(direct.transferred).toEqual([buffer]);
  expect(byBlob.received).toEqual([]);
  expect(heard).toEqual(['hello']);
});

it('where the browser refuses the first way, the second gets what the first was sent, and nobody is alarmed', () => {
  const { worker, direct, byBlob, errors } = setUp();
  const buffer = new ArrayBuffer(8);
  worker.postMessage('first', [buffer]);
  direct.fails('');
  byBlob.says('hello');
  expect(byBlob.received).toEqual(['first']);
  expect(byBlob.transferred).toEqual([buffer]);
  expect(direct).toMatchObject({ received: [], terminated: true });
  expect(errors).toEqual([]);
});

it('where every way is refused, that is told once', () => {
  const { direct, byBlob, errors } = setUp();
  direct.fails('');
  byBlob.fails('');
  expect(errors).toEqual(['']);
});

it('where the browser throws instead of telling, the next way is tried, and the last refusal told', async () => {
  const refuse = () => {
    throw new DOMException('refused', 'SecurityError');
  };
  const second = new StubWorker();
  const worker = new FirstThatStarts([refuse, () => second]);
  worker.postMessage('first');
  second.says('hello');
  expect(second.received).toEqual(['first']);
  const never = new FirstThatStarts([refuse, refuse]);
  const told = new Promise((resolve) => (never.onerror = ({ message }) => resolve(message)));
  await expect(told).resolves.toBe('');
});

it('a fault of a script that runs is no refusal: it is told, with its words', () => {
  const { direct, errors, byBlob } = setUp();
  direct.fails('x is not defined');
  expect(errors).toEqual(['x is not defined']);
  byBlob.says('hello');
  direct.says('hello');
  direct.fails('');
  expect(errors).toEqual(['x is not defined', '']);
});

it('one that was ended starts no other', () => {
  const { worker, direct, byBlob } = setUp();
  worker.terminate();
  direct.fails('');
  worker.postMessage('late');
  expect(direct).toMatchObject({ terminated: true, received: [] });
  expect(byBlob.onmessage).toBeNull();
});
