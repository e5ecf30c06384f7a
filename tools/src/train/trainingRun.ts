import { itemAt } from '@inner-ear-hydrops/core';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildNetwork } from '@inner-ear-hydrops/core/segmentation';
import { CommandError } from '../errors';
import { startOptimizer } from './adam';
import { loadCheckpoint, saveCheckpoint, type Checkpoint, type ProgressPoint } from './checkpoint';
import { drawBatch } from './datasets';
import type { SampledImage } from './patchSampler';
import { totalSteps, type AnnotationSet, type TrainingPlan } from './plans';
import { progressPlot, progressTable } from './progressPlot';
import { RandomNumbers } from './randomNumbers';
import { getWeights, scoreModel, setWeights, trainStep } from './trainNetwork';

const REPORT_EVERY = 50;

export interface RunOptions {
  /** Folder of the fold: checkpoint, progress and summary. */
  out: string;
  /** Title of the progress plot. */
  title: string;
  /** Images of a phase's annotation set; empty where the data has none. */
  training(set: AnnotationSet): SampledImage[];
  validation: SampledImage[];
  /** First weights in place of random weights, in the order of `trainableWeights`. */
  initial?: Float32Array[];
  signal?: AbortSignal;
  log(line: string): void;
}

/**
 * Trains one network; continues from `<out>/checkpoint` where that exists. Batches are drawn from the
 * step's own random numbers and the checkpoint holds all else, so that a run that was killed and
 * resumed ends with the same bits as a run that was not.
 * @returns the last checkpoint, and whether the plan's steps are done
 */
export async function trainingRun(
  plan: TrainingPlan,
  options: RunOptions
): Promise<{ checkpoint: Checkpoint; finished: boolean }> {
  await mkdir(options.out, { recursive: true });
  const file = path.join(options.out, 'checkpoint');
  const network = buildNetwork(plan.network, plan.seed);
  const scores = scoreModel(network);
  const fresh = await getWeights(network);
  if (options.initial && !sameLengths(options.initial, fresh)) {
    throw new CommandError(
      'The weights to start from belong to a network of another architecture or size.',
      2
    );
  }
  const checkpoint: Checkpoint = existsSync(file)
    ? await loadCheckpoint(file)
    : {
        state: startOptimizer(options.initial ?? fresh),
        losses: { sum: 0, count: 0 },
        history: [],
        seconds: 0,
      };
  const { state, losses } = checkpoint;
  const steps = totalSteps(plan);
  const secondsBefore = checkpoint.seconds;
  const firstStep = state.step;
  const started = Date.now();
  let phase = '';
  let images: SampledImage[] = [];
  while (state.step < steps && !options.signal?.aborted) {
    const set = phaseAt(plan, state.step);
    if (set !== phase) {
      images = options.training(set);
      phase = set;
    }
    const step = state.step;
    const random = new RandomNumbers(Math.imul(step + 1, 0x9e3779b1) ^ plan.seed);
    const batch = drawBatch(images, plan, random);
    const rate = learningRate(plan, step);
    losses.sum += await trainStep(scores, state, batch, {
      classCount: plan.network.classes,
      learningRate: rate,
      averageDecay: plan.averageDecay,
      seed: step * 31 + plan.seed,
    });
    losses.count++;
    // A step that was left out for a gradient that is not finite still counts.
    if (state.step === step) state.step++;
    checkpoint.seconds = secondsBefore + (Date.now() - started) / 1000;
    const last = state.step === steps;
    if (state.step % REPORT_EVERY === 0 || last) {
      const perStep = (Date.now() - started) / (state.step - firstStep) / 1000;
      options.log(progressLine(plan, checkpoint, images.length, steps, rate, perStep));
    }
    if (state.step % plan.validateEvery === 0 || last) {
      checkpoint.history.push(
        validate(network, state.averages, options.validation, plan, checkpoint)
      );
      losses.sum = losses.count = 0;
      await writeProgress(options.out, options.title, plan, checkpoint.history);
    }
    if (state.step % plan.saveEvery === 0 || last) await saveCheckpoint(file, checkpoint);
  }
  // After a stop that was asked for, nothing since the last multiple is lost.
  await saveCheckpoint(file, checkpoint);
  network.dispose();
  return { checkpoint, finished: state.step >= steps };
}

function sameLengths(a: Float32Array[], b: Float32Array[]): boolean {
  return a.length === b.length && a.every((values, n) => values.length === b[n]?.length);
}

function phaseAt(plan: TrainingPlan, step: number): AnnotationSet {
  let end = 0;
  for (const phase of plan.phases) {
    end += phase.steps;
    if (step < end) return phase.annotations;
  }
  return itemAt(plan.phases, -1).annotations;
}

function progressLine(
  plan: TrainingPlan,
  { state, losses, history }: Checkpoint,
  images: number,
  steps: number,
  rate: number,
  perStep: number
): string {
  const last = history[history.length - 1];
  const minutes = ((steps - state.step) * perStep) / 60;
  const left = minutes >= 90 ? `${(minutes / 60).toFixed(1)} h` : `${minutes.toFixed(0)} min`;
  return (
    `${plan.name} step ${state.step} of ${steps}  loss ${(losses.sum / Math.max(losses.count, 1)).toFixed(4)}  ` +
    `validation IoU ${last ? last.meanIou.toFixed(3) : '–'}  rate ${rate.toExponential(1)}  ` +
    `${images} images  ${perStep.toFixed(2)} s per step  ${left} left`
  );
}

async function writeProgress(
  out: string,
  title: string,
  plan: TrainingPlan,
  history: ProgressPoint[]
): Promise<void> {
  const names = Object.values(plan.format.outputs.pred.channel_def).slice(1);
  await writeFile(path.join(out, 'progress.svg'), progressPlot(title, history, names));
  await writeFile(path.join(out, 'progress.csv'), progressTable(history, names));
}

function learningRate(plan: TrainingPlan, step: number): number {
  const steps = totalSteps(plan);
  const warmUp = plan.warmUp > 0 ? Math.min(1, (step + 1) / plan.warmUp) : 1;
  const cosine = 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
  return plan.learningRate * warmUp * (plan.lastRate + (1 - plan.lastRate) * cosine);
}

/** IoU of each foreground class over the same patches every time, unturned and with their intensities as acquired. */
function validate(
  network: LayersModel,
  weights: Float32Array[],
  images: SampledImage[],
  plan: TrainingPlan,
  { state, losses }: Checkpoint
): ProgressPoint {
  const loss = losses.sum / Math.max(losses.count, 1);
  setWeights(network, weights);
  const classes = plan.network.classes;
  const both = new Float64Array(classes);
  const either = new Float64Array(classes);
  for (let n = 0; images.length > 0 && n < plan.validationBatches; n++) {
    const batch = drawBatch(images, plan, new RandomNumbers(7000 + n), 'none');
    const predicted = tf.tidy(() =>
      tf
        .argMax(network.predict(tf.tensor4d(batch.images, batch.shape)) as tf.Tensor4D, 3)
        .dataSync()
    );
    const pixels = batch.classes.length / batch.known.length;
    batch.classes.forEach((truth, index) => {
      const known = batch.known[Math.floor(index / pixels)]!;
      // A structure that was not annotated lies in the background, and may be found there.
      const found = (known >> predicted[index]!) & 1 ? predicted[index]! : 0;
      either[truth]!++;
      if (found === truth) both[truth]!++;
      else either[found]!++;
    });
  }
  const iou = Array.from({ length: classes - 1 }, (_, n) =>
    either[n + 1]! > 0 ? both[n + 1]! / either[n + 1]! : null
  );
  const main = iou.slice(0, 2).filter((value) => value !== null);
  const meanIou = main.reduce((sum, value) => sum + value, 0) / Math.max(main.length, 1);
  return { step: state.step, loss, iou, meanIou };
}
