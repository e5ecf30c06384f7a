import { itemAt } from '@inner-ear-hydrops/core';
import type { NetworkPlan } from '@inner-ear-hydrops/core/segmentation';
import { CommandError } from '../errors';
import {
  LOCATOR_PLAN,
  SEGMENTATION_PLAN,
  type AnnotationSet,
  type AugmentationLevel,
  type TrainingPlan,
} from './plans';

/** The paper's schedules: which annotation sets, one after another (its Tables 1 and 2). */
const PAPER_SCHEDULES: Record<string, AnnotationSet[]> = {
  'paper-sa': ['SA'],
  'paper-fa': ['FA'],
  'paper-fasa': ['FASA'],
  'paper-sa-fa': ['SA', 'FA'],
  'paper-sa-fasa': ['SA', 'FASA'],
  'paper-sa-fa-prime': ['SA', "FA'"],
  'paper-sa-fa-prime-sa': ['SA', "FA'SA"],
};

export const PRESETS = ['default', ...Object.keys(PAPER_SCHEDULES)];

/** Steps of each phase of a paper preset, unless --steps sets them; the paper gives no number. */
const PAPER_STEPS = 4000;
/** Adam does not move from random weights at the paper's 1e-6. */
const RATE_FROM_NOTHING = 5e-4;

/** What the command line may change of a preset. */
export interface PlanChanges {
  task: 'segmentation' | 'locator';
  preset: string;
  seed?: number;
  steps?: number;
  batch?: number;
  learningRate?: number;
  augmentation?: AugmentationLevel;
  network?: NetworkPlan['architecture'];
  width?: number;
  head?: number;
  decoder?: 'fcn8' | 'unet';
  blocks?: 'plain' | 'residual';
  /** True where first weights are given. */
  fromWeights: boolean;
}

/** @throws CommandError for a combination that does not exist. */
export function makePlan(changes: PlanChanges): TrainingPlan {
  const plan = changes.preset === 'default' ? defaultPlan(changes) : paperPlan(changes);
  const { seed, batch, learningRate, augmentation, steps } = changes;
  if (steps !== undefined) plan.phases = plan.phases.map((phase) => ({ ...phase, steps }));
  const shortest = Math.min(plan.warmUp, Math.floor(itemAt(plan.phases, 0).steps / 5));
  return {
    ...plan,
    warmUp: shortest,
    seed: seed ?? plan.seed,
    batch: batch ?? plan.batch,
    learningRate: learningRate ?? plan.learningRate,
    augmentation: augmentation ?? plan.augmentation,
  };
}

function defaultPlan(changes: PlanChanges): TrainingPlan {
  const plan = structuredClone(changes.task === 'locator' ? LOCATOR_PLAN : SEGMENTATION_PLAN);
  if (changes.network && changes.network !== 'unet') {
    if (changes.task === 'locator') throw new CommandError('The locator is always a U-Net.');
    return { ...withNetwork(plan, changes), learningRate: RATE_FROM_NOTHING };
  }
  if (changes.width !== undefined && plan.network.architecture === 'unet')
    plan.network.width = changes.width;
  if (changes.blocks === 'residual' && plan.network.architecture === 'unet')
    plan.network.blocks = 'residual';
  return plan;
}

/** Adam at 1e-6 from given weights, dropout, batch 4, whole patches of 100 × 100 pixels. */
function paperPlan(changes: PlanChanges): TrainingPlan {
  const schedule = PAPER_SCHEDULES[changes.preset];
  if (!schedule) {
    throw new CommandError(
      `There is no preset "${changes.preset}"; there are ${PRESETS.join(', ')}.`
    );
  }
  if (changes.task === 'locator')
    throw new CommandError('The locator is trained with the preset "default" only.');
  const plan = structuredClone(SEGMENTATION_PLAN);
  const base: TrainingPlan = {
    ...plan,
    preset: changes.preset,
    batch: 4,
    phases: schedule.map((annotations) => ({ annotations, steps: PAPER_STEPS })),
    learningRate: changes.fromWeights ? 1e-6 : RATE_FROM_NOTHING,
    lastRate: changes.fromWeights ? 1 : plan.lastRate,
    augmentation: 'moderate',
  };
  return withNetwork(base, { ...changes, network: changes.network ?? '3into3vgg' });
}

function withNetwork(plan: TrainingPlan, changes: PlanChanges): TrainingPlan {
  const { classes } = plan.network;
  const architecture = changes.network ?? 'unet';
  if (architecture === 'unet') {
    const network = { architecture, slices: 3, classes, width: changes.width ?? 12, depth: 3 };
    return { ...plan, network };
  }
  const network: NetworkPlan = {
    architecture,
    classes,
    width: changes.width ?? 8,
    head: changes.head ?? 64,
    dropout: 0.6,
    ...(changes.decoder === 'unet' ? { decoder: 'unet' as const } : {}),
  };
  const format = structuredClone(plan.format);
  // These networks take whole patches only.
  format.inputs.image.multiple_of = format.inputs.image.spatial_shape[0];
  return { ...plan, network, format, patch: { ...plan.patch, side: 100 } };
}
