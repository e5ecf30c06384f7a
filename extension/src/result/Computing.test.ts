import type { Warning } from '@inner-ear-hydrops/core';
import { MEASUREMENT } from '../../test/testState';
import type { ComputeOptions } from '../study/Engine';
import { Computing, type ComputingParts } from './Computing';
import type { OpenResultInput } from './resultParts';
import { input, openStudy, read } from '../../test/testStudy';
import { Work } from './Work';

const warning = (code: Warning['code']): Warning => ({ code, ear: null, message: code });
const ON_READING = {
  mrc: 'duplicate-slices',
  ppi: 'negative-values',
  pei: 'text-unreadable',
} as const;
const { prepared, held, labels } = input();
const EARS = (['left', 'right'] as const).map((side) => ({
  side,
  center: [side === 'left' ? 30 : -30, 0, 0] as [number, number, number],
  confidence: { cochlea: 1, vestibule: 1 },
}));

function computing(change: Partial<ComputingParts> = {}) {
  const store = openStudy({ earCenters: { left: [31, 0, 0] } });
  const asked: ComputeOptions[] = [];
  const opened: OpenResultInput[] = [];
  const work = new Work({ store, hasResult: () => opened.length > 0 });
  const made = new Computing({
    store,
    work,
    engine: {
      compute: async (options) => {
        asked.push(options);
        options.onProgress({ stage: 'segment', fraction: 0.5 });
        return {
          study: 1,
          images: prepared,
          labels,
          ears: EARS,
          context: { model: MEASUREMENT.model },
          measurement: MEASUREMENT,
          backend: 'wasm',
          passedOver: '',
          held,
        };
      },
      derive: async () => prepared,
    },
    read: async (roles) =>
      Object.fromEntries(
        roles.map((role) => [role, { ...read, warnings: [warning(ON_READING[role])] }])
      ),
    roleWarnings: () => [warning('series-repeated')],
    result: { open: async (result) => void opened.push(result) },
    showDerived: jest.fn(),
    model: { needed: (signal, use) => use(signal) },
    modelUrl: '/models/manifest.json',
    backend: 'auto',
    ...change,
  });
  return { computing: made, store, work, asked, opened };
}

it('a result holds what it was made with, and all warnings on the way to it', async () => {
  const { computing: compute, asked, opened, store } = computing();
  await compute.compute();
  expect(asked[0]?.warnings.map(({ code }) => code)).toEqual([
    'series-repeated',
    'duplicate-slices',
    'negative-values',
    'text-unreadable',
  ]);
  expect(asked[0]).toMatchObject({
    centers: { left: [31, 0, 0] },
    choices: { ears: { left: 'reader', right: 'automatic' } },
  });
  expect(opened[0]?.measuredWith).toMatchObject({
    method: 'hydrops-mi2',
    earCenters: { left: [31, 0, 0] },
  });
  // Only the ear that the network has located by itself.
  expect(store.getState().foundEars).toEqual({ right: [-30, 0, 0] });
  expect(store.getState()).toMatchObject({ status: 'ready', backend: 'wasm', progress: null });
});

it('reading and computing share one progress bar', async () => {
  const { computing: compute, store } = computing();
  const stages: string[] = [];
  store.subscribe(({ progress }) => {
    if (progress) stages.push(`${progress.stage} ${progress.fraction}`);
  });
  await compute.compute();
  expect(stages).toContain('segment 0.625');
});

it('a computation that was cancelled shows nothing', async () => {
  const {
    computing: compute,
    work,
    opened,
    store,
  } = computing({
    read: async () => {
      work.cancel();
      return {};
    },
  });
  await compute.compute();
  expect(opened).toEqual([]);
  expect(store.getState()).toMatchObject({ status: 'idle', problem: null });
});

it('HYDROPS-Mi2 alone is shown without a result', async () => {
  const showDerived = jest.fn();
  const { computing: compute, opened, store } = computing({ showDerived });
  await compute.createMi2();
  expect(showDerived).toHaveBeenCalledWith(
    prepared,
    expect.objectContaining({ mrc: expect.anything() })
  );
  expect(opened).toEqual([]);
  expect(store.getState().status).toBe('idle');
});
