import { firstItems } from '@inner-ear-hydrops/core';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { SampledImage } from './patchSampler';
import { SEGMENTATION_PLAN, type TrainingPlan } from './plans';
import { RandomNumbers } from './randomNumbers';
import { setUpTrainingBackend } from './trainingBackend';
import { trainingRun } from './trainingRun';
import { temporaryFolder } from '../../../test/support/temporaryFolder';

const PLAN: TrainingPlan = {
  ...SEGMENTATION_PLAN,
  network: { architecture: 'unet', slices: 3, classes: 6, width: 2, depth: 2 },
  patch: { ...SEGMENTATION_PLAN.patch, side: 16, offset: 2 },
  batch: 2,
  phases: [{ annotations: 'all', steps: 12 }],
  warmUp: 2,
  validateEvery: 5,
  validationBatches: 1,
  saveEvery: 3,
};

/** Long enough to tell the balls apart. */
const LONGER: TrainingPlan = {
  ...PLAN,
  network: { architecture: 'unet', slices: 3, classes: 6, width: 4, depth: 2 },
  augmentation: 'none',
  averageDecay: 0.9,
  phases: [{ annotations: 'all', steps: 120 }],
  validateEvery: 60,
  learningRate: 1e-2,
};

/** A bright ball, labelled as cochlea, beside a dim ball labelled as vestibule. */
function image(seed: number): SampledImage {
  const random = new RandomNumbers(seed);
  const size = [24, 24, 6] as const;
  const values = new Float32Array(24 * 24 * 6);
  const classes = new Uint8Array(values.length);
  for (let n = 0; n < values.length; n++) {
    const [i, j] = [n % 24, Math.floor(n / 24) % 24];
    const code = Math.hypot(i - 8, j - 12) < 4 ? 1 : Math.hypot(i - 16, j - 12) < 4 ? 2 : 0;
    classes[n] = code;
    values[n] = [0.05, 1, 0.5][code]! + 0.02 * random.normal();
  }
  const slices: [number, number] = [0, 5];
  return {
    size: [...size],
    values,
    classes,
    center: [12, 12, 3],
    slices,
    mainSlices: slices,
    known: 0x3f,
    knownOn: null,
    annotated: null,
    patient: `patient ${seed}`,
  };
}

const images = [1, 2, 3].map(image);
const folder = temporaryFolder();

function run(name: string, signal?: AbortSignal, plan = PLAN, training = images) {
  return trainingRun(plan, {
    out: path.join(folder, name),
    title: name,
    training: () => training,
    validation: [image(9)],
    signal,
    log: () => undefined,
  });
}

/** Ends the run as a kill would: nothing is saved on the way out. */
function killedAtStep(step: number): AbortSignal {
  let asked = 0;
  return {
    get aborted(): boolean {
      if (asked++ === step) throw new Error('killed');
      return false;
    },
  } as AbortSignal;
}

beforeAll(async () => {
  await setUpTrainingBackend('wasm');
});

describe('a training run', () => {
  it('ends with the same bits when it was killed twice and resumed', async () => {
    const whole = await run('whole');
    await expect(run('killed', killedAtStep(5))).rejects.toThrow('killed');
    await expect(run('killed', killedAtStep(5))).rejects.toThrow('killed');
    const resumed = await run('killed');
    expect(resumed.finished).toBe(true);
    expect(resumed.checkpoint.state).toEqual(whole.checkpoint.state);
    expect(resumed.checkpoint.history).toEqual(whole.checkpoint.history);
    const table = (name: string) => readFile(path.join(folder, name, 'progress.csv'), 'utf8');
    expect(await table('killed')).toBe(await table('whole'));
  });

  it('loses nothing when it is asked to stop between checkpoints', async () => {
    const stop = new AbortController();
    let steps = 0;
    const signal = {
      get aborted(): boolean {
        if (steps++ === 4) stop.abort();
        return stop.signal.aborted;
      },
    } as AbortSignal;
    const stopped = await run('stopped', signal);
    expect(stopped.finished).toBe(false);
    expect(stopped.checkpoint.state.step).toBe(4);
    const [resumed, whole] = [await run('stopped'), await run('whole')];
    expect(resumed.checkpoint.state).toEqual(whole.checkpoint.state);
  });

  it('is another for another seed', async () => {
    const other = await run('other seed', undefined, { ...PLAN, seed: 12 });
    const whole = await run('whole');
    expect(other.checkpoint.state.weights).not.toEqual(whole.checkpoint.state.weights);
  });

  it('keeps its vestibules where five volumes of eight show the cochlea alone', async () => {
    // What a reader stored who drew no vestibule: the fluid is there, its label is not.
    const withoutVestibule = (seed: number, known: number): SampledImage => {
      const whole = image(seed);
      return { ...whole, classes: whole.classes.map((code) => (code === 2 ? 0 : code)), known };
    };
    const vestibule = async (name: string, known: number) => {
      const partly = [4, 5, 6, 7, 8].map((seed) => withoutVestibule(seed, known));
      const { checkpoint } = await run(name, undefined, LONGER, [...images, ...partly]);
      return checkpoint.history.at(-1)?.iou[1] ?? 0;
    };
    const open = await vestibule('not annotated', 0b111011);
    const absent = await vestibule('taken for background', 0b111111);
    expect(open).toBeGreaterThan(0.8);
    expect(absent).toBeLessThan(0.5);
  });

  it('learns, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const { checkpoint } = await run('longer', undefined, LONGER);
    const [first, last] = firstItems(checkpoint.history, 2);
    expect(last.loss).toBeLessThan(0.8 * first.loss);
    expect(last.meanIou).toBeGreaterThan(0.3);
    expect(tf.memory().numTensors).toBe(before);
  });
});
