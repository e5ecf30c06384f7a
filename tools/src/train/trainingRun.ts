import { existsSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildUNet } from '@inner-ear-hydrops/core/segmentation';
import { startOptimizer } from './adam';
import { CachedImages } from './cachedImages';
import { loadCheckpoint, saveCheckpoint } from './checkpoint';
import { drawBatch } from './datasets';
import type { SampledImage } from './patchSampler';
import type { TrainingPlan } from './plans';
import { RandomNumbers } from './randomNumbers';
import { getWeights, scoreModel, setWeights, trainStep } from './trainNetwork';

const REPORT_EVERY = 50;
const VALIDATE_EVERY = 500;
const SAVE_EVERY = 100;
const REFRESH_EVERY = 100;
const VALIDATION_BATCHES = 12;

export interface RunOptions {
  /** Folders of case files. */
  cases: string[];
  out: string;
  steps: number;
  signal?: AbortSignal;
  log: (line: string) => void;
}

/**
 * Trains one network from case files; continues from `<out>/<name>.checkpoint` where that exists.
 * Batches are drawn from the step's own random numbers, so that a resumed run draws on as an
 * uninterrupted one would.
 */
export async function trainingRun(plan: TrainingPlan, options: RunOptions): Promise<void> {
  await mkdir(options.out, { recursive: true });
  const checkpoint = path.join(options.out, `${plan.name}.checkpoint`);
  const network = buildUNet(plan.network);
  const scores = scoreModel(network);
  const state = existsSync(checkpoint)
    ? await loadCheckpoint(checkpoint)
    : startOptimizer(await getWeights(network));
  const images = new CachedImages(options.cases, plan);
  const firstStep = state.step;
  const started = Date.now();
  let running = 0;
  let counted = 0;
  while (state.step < options.steps && !options.signal?.aborted) {
    if ((state.step - firstStep) % REFRESH_EVERY === 0) await images.refresh();
    if (images.training.length === 0)
      throw new Error(`No case files in ${options.cases.join(', ')}.`);
    const random = new RandomNumbers(Math.imul(state.step + 1, 0x9e3779b1) ^ plan.network.seed);
    const batch = drawBatch(images.training, plan, random);
    const rate = learningRate(plan, state.step, options.steps);
    const before = state.step;
    running += await trainStep(scores, state, batch, plan.network.classes, rate);
    // A step that was left out for a gradient that is not finite still counts.
    if (state.step === before) state.step++;
    counted++;
    if (state.step % REPORT_EVERY === 0) {
      const perStep = (Date.now() - started) / (state.step - firstStep) / 1000;
      const left = ((options.steps - state.step) * perStep) / 60;
      options.log(
        `${plan.name} step ${state.step} of ${options.steps}  loss ${(running / counted).toFixed(4)}  ` +
          `rate ${rate.toExponential(1)}  ${images.training.length} images  ` +
          `${perStep.toFixed(2)} s a step  ${left.toFixed(0)} min left`
      );
      running = counted = 0;
    }
    if (state.step % VALIDATE_EVERY === 0 && images.validation.length > 0) {
      setWeights(network, state.averages);
      const dice = validationDice(network, images.validation, plan);
      const line = `${plan.name} step ${state.step}  validation Dice ${dice.map((d) => d.toFixed(3)).join(' ')}`;
      options.log(line);
      await appendFile(path.join(options.out, `${plan.name}.progress`), `${line}\n`);
    }
    if (state.step % SAVE_EVERY === 0) await saveCheckpoint(checkpoint, state);
  }
  await saveCheckpoint(checkpoint, state);
}

function learningRate(plan: TrainingPlan, step: number, steps: number): number {
  const warmUp = Math.min(1, (step + 1) / 100);
  const cosine = 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
  return plan.learningRate * warmUp * (plan.lastRate + (1 - plan.lastRate) * cosine);
}

/** Dice of each foreground class over the same patches every time, as augmented as in training. */
function validationDice(
  network: LayersModel,
  images: SampledImage[],
  plan: TrainingPlan
): number[] {
  const classes = plan.network.classes;
  const both = new Float64Array(classes);
  const sum = new Float64Array(classes);
  for (let n = 0; n < VALIDATION_BATCHES; n++) {
    const batch = drawBatch(images, plan, new RandomNumbers(7000 + n));
    const predicted = tf.tidy(() =>
      tf
        .argMax(network.predict(tf.tensor4d(batch.images, batch.shape)) as tf.Tensor4D, 3)
        .dataSync()
    );
    batch.classes.forEach((truth, index) => {
      sum[truth]++;
      sum[predicted[index]]++;
      if (predicted[index] === truth) both[truth]++;
    });
  }
  return Array.from({ length: classes - 1 }, (_, n) => (2 * both[n + 1]) / (sum[n + 1] || 1));
}
