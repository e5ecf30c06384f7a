import {
  EAR_SIDES,
  EARS,
  type EarSide,
  representativeSlices,
  RIGHT_EAR_OFFSET,
  type Vector3,
  itemAt,
  mapAxes,
  type PerAxis,
  AXIAL,
} from '@inner-ear-hydrops/core';
import { mirrorColumns, normalise } from '@inner-ear-hydrops/core/segmentation';
import {
  COCHLEA_BIT,
  VESTIBULE_BIT,
  type AnnotatedEar,
  type AnnotatedSlice,
} from './annotationSets';
import { augmentIntensities } from './augmentation';
import type { TrainingImage } from './caseFile';
import { isLabyrinth, labelExtent } from './labelExtent';
import { samplePatch, type SampledImage } from './patchSampler';
import { LOCATOR_BITS, LOCATOR_RADIUS, type AugmentationLevel, type TrainingPlan } from './plans';
import { RandomNumbers } from './randomNumbers';
import type { Batch } from './trainNetwork';

/** Share of wholly annotated patients that count as fully annotated in the paper's sets: 110 of 372 patches. */
const FULL_SHARE = 110 / 372;

/** An ear crop as the segmentation network sees it: right ears mirrored, values normalised. */
export function prepareEar(image: TrainingImage, plan: TrainingPlan): AnnotatedEar | null {
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
  const inside = image.inside ?? everywhere(image.size);
  if (image.side === mirrored_ear) inside[0].reverse();
  normalise(values, image.size, image.spacing, inside, normalisation);
  return {
    size: image.size,
    values,
    classes,
    center: extent.center,
    slices: [Math.max(extent.low - 2, 0), Math.min(extent.high + 2, image.size[2] - 1)],
    mainSlices: [organs.low, organs.high],
    known: image.known,
    knownOn: image.annotation === 'mixed' ? knownOnSlices(image, classes) : null,
    annotated: null,
    patient: image.patient,
    kind: image.annotation,
    chosen: [...mainSlicesOf(image, classes), ...markedSlices(image, classes)],
    countsAsFull:
      (image.known & BOTH_ORGANS) === BOTH_ORGANS &&
      new RandomNumbers(hashOf(image.patient)).next() < FULL_SHARE,
  };
}

const BOTH_ORGANS = COCHLEA_BIT | VESTIBULE_BIT;

/** The organs that were annotated on chosen slices: what of them is seen on each slice, as bits. */
function chosenOn({ size, known, whole }: TrainingImage, classes: Uint8Array): Uint8Array {
  const wanted = known & ~whole & BOTH_ORGANS;
  const plane = size[0] * size[1];
  return Uint8Array.from({ length: size[2] }, (_, k) => {
    const shown = classes.subarray(k * plane, (k + 1) * plane);
    return (
      wanted & ((shown.includes(1) ? COCHLEA_BIT : 0) | (shown.includes(2) ? VESTIBULE_BIT : 0))
    );
  });
}

function knownOnSlices(image: TrainingImage, classes: Uint8Array): Uint8Array {
  return chosenOn(image, classes).map((bits) => bits | image.whole);
}

/** The representative slices of whole organs. */
function mainSlicesOf(image: TrainingImage, classes: Uint8Array): AnnotatedSlice[] {
  const whole = image.whole & BOTH_ORGANS;
  if (whole === 0) return [];
  const { size, spacing } = image;
  const volume = { data: image.mrc, size, spacing, origin: [0, 0, 0] as Vector3, direction: AXIAL };
  const found = representativeSlices(image.anatomy, volume)[image.side ?? 'left'];
  const chosen = chosenOn(image, classes);
  return [
    { slice: found.cochlea, main: COCHLEA_BIT },
    { slice: found.vestibule, main: VESTIBULE_BIT },
  ].flatMap(({ slice, main }) =>
    slice === null || !(whole & main) ? [] : [{ slice, main, known: whole | 1 | chosen[slice]! }]
  );
}

/** The slices that were chosen for an organ, each with what is known there; the larger of two organs is its main organ. */
function markedSlices(image: TrainingImage, classes: Uint8Array): AnnotatedSlice[] {
  const plane = image.size[0] * image.size[1];
  return [...chosenOn(image, classes)].flatMap((bits, slice) => {
    if (bits === 0) return [];
    const counts = [0, 0, 0];
    for (const code of classes.subarray(slice * plane, (slice + 1) * plane)) {
      if ((code === 1 || code === 2) && (bits >> code) & 1) counts[code]!++;
    }
    const main = counts[1]! >= counts[2]! ? COCHLEA_BIT : VESTIBULE_BIT;
    return [{ slice, known: 1 | bits | (image.whole & BOTH_ORGANS), main }];
  });
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return hash >>> 0;
}

/**
 * A head as the locator sees it, and its mirror image with the sides exchanged. An ear that was not annotated, or not
 * wholly, is left open: it lies in what is not labelled. Nothing where neither ear was.
 */
export function prepareHead(image: TrainingImage, plan: TrainingPlan): SampledImage[] {
  const known = EAR_SIDES.reduce((bits, side) => bits | (image.known & LOCATOR_BITS[side]), 1);
  if (known === 1) return [];
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
  for (const side of EAR_SIDES) {
    if (!(known & LOCATOR_BITS[side])) continue;
    const offset = EARS[side].anatomyOffset;
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
  const head: SampledImage = {
    size: image.size,
    values,
    classes,
    center,
    slices: range,
    mainSlices: range,
    known,
    knownOn: null,
    annotated: null,
    patient: image.patient,
  };
  const mirrored = {
    ...head,
    values: values.slice(),
    classes: classes.map((side) => (side ? 3 - side : 0)),
    known: mirroredSides(known),
  };
  mirrorColumns(mirrored.values, image.size[0]);
  mirrorColumns(mirrored.classes, image.size[0]);
  return [head, mirrored];
}

function mirroredSides(known: number): number {
  const { left, right } = LOCATOR_BITS;
  return 1 | (known & left ? right : 0) | (known & right ? left : 0);
}

function markBall(classes: Uint8Array, image: TrainingImage, center: Vector3, side: EarSide): void {
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

function everywhere(size: Vector3): PerAxis<boolean[]> {
  return mapAxes(size, (count) => Array.from({ length: count }, () => true));
}

/** A batch of augmented patches from images drawn at random. */
export function drawBatch(
  images: SampledImage[],
  plan: TrainingPlan,
  random: RandomNumbers,
  level: AugmentationLevel = plan.augmentation
): Batch {
  const { side, channels } = plan.patch;
  const pixels = side * side;
  const batch: Batch = {
    images: new Float32Array(plan.batch * pixels * channels),
    classes: new Uint8Array(plan.batch * pixels),
    known: new Uint8Array(plan.batch),
    shape: [plan.batch, side, side, channels],
  };
  for (let n = 0; n < plan.batch; n++) {
    const patch = batch.images.subarray(n * pixels * channels, (n + 1) * pixels * channels);
    const classes = batch.classes.subarray(n * pixels, (n + 1) * pixels);
    const image = itemAt(images, random.integer(images.length));
    const known = samplePatch(image, plan.patch, level, random, patch, classes);
    batch.known[n] = known;
    // A label that this phase does not use must not be seen.
    for (let pixel = 0; pixel < pixels; pixel++) {
      if (!((known >> classes[pixel]!) & 1)) classes[pixel] = 0;
    }
    augmentIntensities(patch, classes, side, side, channels, random, level);
  }
  return batch;
}
