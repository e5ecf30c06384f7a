import { RIGHT_EAR_OFFSET, type EarSide, type Vector3 } from '@inner-ear-hydrops/core';
import { mirrorColumns, normalise } from '@inner-ear-hydrops/core/segmentation';
import { augmentIntensities } from './augmentation';
import type { LabelledImage } from './caseFile';
import { isLabyrinth, labelExtent } from './labelExtent';
import { samplePatch, type SampledImage } from './patchSampler';
import { LOCATOR_RADIUS, type TrainingPlan } from './plans';
import type { RandomNumbers } from './randomNumbers';
import type { Batch } from './trainNetwork';

/** An ear crop as the segmentation network sees it: right ears mirrored, values normalised. */
export function prepareEar(image: LabelledImage, plan: TrainingPlan): SampledImage | null {
  const { normalisation, mirrored_ear } = plan.format.inputs.image;
  const values = image.mrc.slice();
  const classes = image.anatomy.map((code) =>
    code >= RIGHT_EAR_OFFSET ? code - RIGHT_EAR_OFFSET : code
  );
  if (image.side === mirrored_ear) {
    mirrorColumns(values, image.size[0]);
    mirrorColumns(classes, image.size[0]);
  }
  const extent = labelExtent(classes, image.size, isLabyrinth);
  const organs = labelExtent(classes, image.size, (code) => code === 1 || code === 2);
  if (!extent || !organs) return null;
  normalise(values, image.size, image.spacing, everywhere(image.size), normalisation);
  return {
    size: image.size,
    values,
    classes,
    center: extent.center,
    slices: [Math.max(extent.low - 2, 0), Math.min(extent.high + 2, image.size[2] - 1)],
    mainSlices: [organs.low, organs.high],
  };
}

/** A head as the locator sees it, and its mirror image with the sides exchanged. */
export function prepareHead(image: LabelledImage, plan: TrainingPlan): SampledImage[] {
  const values = image.mrc.slice();
  normalise(
    values,
    image.size,
    image.spacing,
    everywhere(image.size),
    plan.format.inputs.image.normalisation
  );
  const classes = new Uint8Array(image.anatomy.length);
  const slices: [number, number] = [image.size[2] - 1, 0];
  for (const side of ['left', 'right'] as const) {
    const offset = side === 'right' ? RIGHT_EAR_OFFSET : 0;
    const extent = labelExtent(image.anatomy, image.size, (code) => isLabyrinth(code - offset));
    if (!extent) continue;
    markBall(classes, image, extent.center, side);
    slices[0] = Math.min(slices[0], extent.low - 1);
    slices[1] = Math.max(slices[1], extent.high + 1);
  }
  const range: [number, number] =
    slices[0] > slices[1]
      ? [0, image.size[2] - 1]
      : [Math.max(slices[0], 0), Math.min(slices[1], image.size[2] - 1)];
  const center = image.size.map((count) => (count - 1) / 2) as Vector3;
  const head = { size: image.size, values, classes, center, slices: range, mainSlices: range };
  const mirrored = {
    ...head,
    values: values.slice(),
    classes: classes.map((side) => (side ? 3 - side : 0)),
  };
  mirrorColumns(mirrored.values, image.size[0]);
  mirrorColumns(mirrored.classes, image.size[0]);
  return [head, mirrored];
}

function markBall(classes: Uint8Array, image: LabelledImage, center: Vector3, side: EarSide): void {
  let voxel = 0;
  for (let k = 0; k < image.size[2]; k++) {
    for (let j = 0; j < image.size[1]; j++) {
      for (let i = 0; i < image.size[0]; i++, voxel++) {
        const distance = Math.hypot(
          (i - center[0]) * image.spacing[0],
          (j - center[1]) * image.spacing[1],
          (k - center[2]) * image.spacing[2]
        );
        if (distance <= LOCATOR_RADIUS) classes[voxel] = side === 'left' ? 1 : 2;
      }
    }
  }
}

function everywhere(size: Vector3): boolean[][] {
  return size.map((count) => Array.from({ length: count }, () => true));
}

/** A batch of augmented patches from images drawn at random. */
export function drawBatch(
  images: SampledImage[],
  plan: TrainingPlan,
  random: RandomNumbers
): Batch {
  const { side, channels } = plan.patch;
  const pixels = side * side;
  const batch: Batch = {
    images: new Float32Array(plan.batch * pixels * channels),
    classes: new Uint8Array(plan.batch * pixels),
    shape: [plan.batch, side, side, channels],
  };
  for (let n = 0; n < plan.batch; n++) {
    const patch = batch.images.subarray(n * pixels * channels, (n + 1) * pixels * channels);
    const classes = batch.classes.subarray(n * pixels, (n + 1) * pixels);
    samplePatch(images[random.integer(images.length)], plan.patch, random, patch, classes);
    augmentIntensities(patch, classes, side, side, channels, random, {
      strength: plan.augmentation,
    });
  }
  return batch;
}
