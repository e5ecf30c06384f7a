import { ANATOMY, type Vector3 } from '@inner-ear-hydrops/core';
import type { NetworkDescription } from '@inner-ear-hydrops/core';
import type { PatchPlan } from './patchSampler';

/** Every choice of a training run, in one place. */
export interface TrainingPlan {
  name: 'segmentation' | 'locator';
  network: { slices: number; classes: number; width: number; depth: number; seed: number };
  patch: PatchPlan;
  batch: number;
  steps: number;
  learningRate: number;
  /** The rate falls along a half cosine to this share of the first. */
  lastRate: number;
  augmentation: number;
  /** What the manifest says of input and output. */
  format: NetworkDescription['network_data_format'];
}

const SEGMENTATION_SPACING: Vector3 = [0.5, 0.5, 1];
const LOCATOR_SPACING: Vector3 = [2, 2, 2];

export const SEGMENTATION_PLAN: TrainingPlan = {
  name: 'segmentation',
  network: { slices: 3, classes: 6, width: 8, depth: 3, seed: 11 },
  patch: {
    side: 64,
    channels: 3,
    offset: 14,
    rotation: 20,
    scaling: 0.12,
    main: 0.6,
    focused: 0.28,
  },
  batch: 8,
  steps: 6000,
  learningRate: 1.5e-3,
  lastRate: 0.02,
  augmentation: 1,
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
        slice_spacing: [0.7, 1.4],
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

/** Radius of the ball about the labyrinth's centre that the locator learns to mark, mm. */
export const LOCATOR_RADIUS = 7;

export const LOCATOR_PLAN: TrainingPlan = {
  name: 'locator',
  network: { slices: 5, classes: 3, width: 8, depth: 3, seed: 12 },
  patch: { side: 96, channels: 5, offset: 16, rotation: 12, scaling: 0.15, main: 0.6, focused: 0 },
  batch: 4,
  steps: 5600,
  learningRate: 1.5e-3,
  lastRate: 0.02,
  augmentation: 1,
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
