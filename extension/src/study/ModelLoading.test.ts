import { RefusedInputError } from '@inner-ear-hydrops/core';
import { Work } from '../result/Work';
import { HydropsService } from '../state/HydropsService';
import { ModelLoading } from './ModelLoading';

// The worker is a promise that a test settles; state, service and work are the real ones.

const missing = new RefusedInputError('model-not-found', 'There is no model.', 'Ask.');

const SLOWER = 'WebGL is not used: none here.';

function setUp() {
  const service = new HydropsService({ runCommand: () => undefined });
  let settle: { resolve(): void; reject(error: unknown): void } | undefined;
  const asked = new Promise<void>((begun) => {
    const warmUp = () =>
      new Promise<Awaited<ReturnType<ModelLoadingClient['warmUp']>>>((resolve, reject) => {
        const model = { name: 'net', version: '1.0.0', sha256: '' };
        settle = {
          resolve: () =>
            resolve({
              backend: 'wasm',
              passedOver: SLOWER,
              model,
              cropSize: [1, 1, 1],
              trainedOn: 'Balls in boxes.',
            }),
          reject,
        };
        begun();
      });
    model = new ModelLoading({
      client: { warmUp },
      store: service,
      service,
      modelUrl: 'https://viewer.example/manifest.json',
      backend: 'auto',
      delay: 0,
    });
  });
  const work = new Work({ store: service, hasResult: () => false });
  const states: string[] = [];
  service.subscribe(({ status, problem }) => states.push(`${status} ${problem?.code ?? ''}`));
  const end = model.begin();
  return { service, work, states, end, model, asked, settled: () => settle! };
}
let model: ModelLoading;
type ModelLoadingClient = ConstructorParameters<typeof ModelLoading>[0]['client'];

it('a computation whose model does not come ends with the reason, and no alert stands beside it before', async () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const { service, work, states, model, asked, settled, end } = setUp();
  const running = work.run('compute', (stopped) =>
    model.needed(stopped, async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      // It still clears up.
      expect(service.getState()).toMatchObject({ status: 'running', problem: null });
      signal.throwIfAborted();
    })
  );
  await asked;
  settled().reject(missing);
  await running;
  expect(states.at(-1)).toBe('idle model-not-found');
  end();
});

it('work that needs no model goes on, and the reason follows when it is done', async () => {
  const { work, states, service, asked, settled, end } = setUp();
  let finish: () => void = () => undefined;
  const running = work.run('load', () => new Promise((resolve) => (finish = resolve)));
  await asked;
  settled().reject(missing);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(service.getState()).toMatchObject({ status: 'running', problem: null });
  finish();
  await running;
  expect(states.at(-1)).toBe('idle model-not-found');
  end();
});

it('a model that is there is named', async () => {
  const { service, asked, settled, end } = setUp();
  await asked;
  settled().resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(service.getState()).toMatchObject({
    model: { name: 'net' },
    passedOver: SLOWER,
    modelNotice: expect.stringContaining('Balls in boxes.') as string,
    problem: null,
  });
  end();
});
