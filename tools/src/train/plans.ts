import { ANATOMY, type EarSide, type Vector3 } from '@inner-ear-hydrops/core';
import type { NetworkDescription } from '@inner-ear-hydrops/core';
import type { NetworkPlan } from '@inner-ear-hydrops/core/segmentation';

/** Which annotated slices a stretch of training uses; the paper's sets, see `annotationSets.ts`. */
export type AnnotationSet = 'all' | 'SA' | 'FA' | 'FASA' | "FA'" | "FA'SA";

export interface TrainingPhase {
  annotations: AnnotationSet;
  steps: number;
}

/** `smooth`: of our own, continuous; the others are the paper's 144, 1,584 and 14,544 states. */
export type AugmentationLevel = 'none' | 'smooth' | 'low' | 'moderate' | 'high';

/** How patches are drawn from an image. */
export interface PatchPlan {
  /** Pixels. */
  side: number;
  channels: number;
  /** Largest offset of the patch from the image's centre, pixels. */
  offset: number;
  /** Degrees. */
  rotation: number;
  /** Largest relative change of size. */
  scaling: number;
  /** Share of patches that lie on the image's own pixels, whose classes are therefore exact. */
  unturned: number;
  /** Shares of patches from `mainSlices` and from `slices`; the rest come from anywhere. */
  main: number;
  focused: number;
}

/** Every choice of a training run, in one place; written to `plan.json`. */
export interface TrainingPlan {
  name: 'segmentation' | 'locator';
  preset: string;
  /** Seed of the first weights and of every draw. */
  seed: number;
  network: NetworkPlan;
  patch: PatchPlan;
  batch: number;
  phases: TrainingPhase[];
  learningRate: number;
  /** The rate falls along a half cosine to this share of the first. */
  lastRate: number;
  /** Steps over which the rate rises from nothing. */
  warmUp: number;
  /** Decay of the running average of the weights, which is validated and exported. */
  averageDecay: number;
  augmentation: AugmentationLevel;
  validateEvery: number;
  validationBatches: number;
  saveEvery: number;
  /** What the manifest says of input and output. */
  format: NetworkDescription['network_data_format'];
}

export function totalSteps(plan: TrainingPlan): number {
  return plan.phases.reduce((sum, phase) => sum + phase.steps, 0);
}

const SEGMENTATION_SPACING: Vector3 = [0.5, 0.5, 1];
const LOCATOR_SPACING: Vector3 = [2, 2, 2];

export const SEGMENTATION_PLAN: TrainingPlan = {
  name: 'segmentation',
  preset: 'default',
  seed: 11,
  network: { architecture: 'unet', slices: 3, classes: 6, width: 12, depth: 3 },
  patch: {
    side: 64,
    channels: 3,
    offset: 14,
    rotation: 20,
    scaling: 0.12,
    unturned: 0.5,
    main: 0.6,
    focused: 0.28,
  },
  batch: 8,
  phases: [{ annotations: 'all', steps: 6000 }],
  learningRate: 1.5e-3,
  lastRate: 0.02,
  warmUp: 100,
  averageDecay: 0.995,
  augmentation: 'smooth',
  validateEvery: 250,
  validationBatches: 12,
  saveEvery: 50,
  format: {
    inputs: {
      image: {
        type: 'image',
        format: 'magnitude',
        modality: 'MR',
        num_channels: 3,
        spatial_shape: [100, 100],
        multiple_of: 8,
        spacing: SEGMENTATION_SPACING,
        slice_spacing: [0.45, 1.45],
        depth: 26,
        orientation: 'nearest-axial',
        mirrored_ear: 'right',
        normalisation: {
          lowPercentile: 10,
          highPercentile: 99,
          box: [32, 32, 20],
          clamp: [0, 1.5],
        },
        channel_def: { '0': 'slice below', '1': 'slice', '2': 'slice above' },
      },
    },
    outputs: {
      pred: {
        type: 'probabilities',
        num_channels: 6,
        channel_def: Object.fromEntries(
          Object.entries(ANATOMY).map(([name, code]) => [String(code), name])
        ),
      },
    },
  },
};

/** The locator's class of each ear, as the bit of what is known of a head. */
export const LOCATOR_BITS: Readonly<Record<EarSide, number>> = { left: 1 << 1, right: 1 << 2 };

/** Radius of the ball about the labyrinth's centre that the locator learns to mark, mm. */
export const LOCATOR_RADIUS = 7;

export const LOCATOR_PLAN: TrainingPlan = {
  name: 'locator',
  preset: 'default',
  seed: 12,
  network: { architecture: 'unet', slices: 5, classes: 3, width: 8, depth: 3 },
  patch: {
    side: 96,
    channels: 5,
    offset: 16,
    rotation: 12,
    scaling: 0.15,
    unturned: 0,
    main: 0.6,
    focused: 0,
  },
  batch: 4,
  phases: [{ annotations: 'all', steps: 5600 }],
  learningRate: 1.5e-3,
  lastRate: 0.02,
  warmUp: 100,
  averageDecay: 0.995,
  augmentation: 'smooth',
  validateEvery: 250,
  validationBatches: 12,
  saveEvery: 50,
  format: {
    inputs: {
      image: {
        type: 'image',
        format: 'magnitude',
        modality: 'MR',
        num_channels: 5,
        spatial_shape: [96, 96],
        multiple_of: 8,
        spacing: LOCATOR_SPACING,
        slice_spacing: [2, 2],
        orientation: 'nearest-axial',
        mirrored_ear: 'none',
        normalisation: { lowPercentile: 10, highPercentile: 99, box: null, clamp: [0, 1.5] },
        channel_def: {
          '0': 'second slice below',
          '1': 'slice below',
          '2': 'slice',
          '3': 'slice above',
          '4': 'second slice above',
        },
      },
    },
    outputs: {
      pred: {
        type: 'probabilities',
        num_channels: 3,
        channel_def: { '0': 'background', '1': 'left ear', '2': 'right ear' },
      },
    },
  },
};
