import {
  EAR_SIDES,
  ORGAN_KEYS,
  RefusedInputError,
  sliceOfImage,
  axisOf,
} from '@inner-ear-hydrops/core';
import type {
  EarSide,
  Geometry,
  ImageReference,
  Measurement,
  Organ,
} from '@inner-ear-hydrops/core';
import type { HydropsState, ImageStack, OrganImages } from './HydropsState';

/** How a caller names an image of MRC: never by its place in the stack. */
export type WantedImage = { frameNumber?: number | null } & (
  { sopInstanceUid: string } | { instanceNumber: number }
);

/** The stack of a study's MRC images, from its grid and the image of each slice. */
export function stackOf(mrc: Geometry, images: ImageReference[]): ImageStack {
  return { images, direction: axisOf(mrc, 2) };
}

/**
 * The slice k of the image that is meant.
 * @throws RefusedInputError `no-such-image` where MRC has none such, or several.
 */
export function sliceOf({ images }: ImageStack, wanted: WantedImage): number {
  const fits = images.flatMap((image, k) => {
    const isIt =
      'sopInstanceUid' in wanted
        ? image.sopInstanceUid === wanted.sopInstanceUid
        : image.instanceNumber === wanted.instanceNumber;
    const isFrame =
      wanted.frameNumber === undefined || image.frameNumber === (wanted.frameNumber ?? null);
    return isIt && isFrame ? [k] : [];
  });
  const [slice] = fits;
  if (slice !== undefined && fits.length === 1) return slice;
  const series = images[0]?.seriesNumber ?? null;
  const what =
    'sopInstanceUid' in wanted
      ? `SOP Instance UID ${wanted.sopInstanceUid}`
      : `Instance Number (0020,0013) ${wanted.instanceNumber}`;
  const frame =
    wanted.frameNumber === undefined || wanted.frameNumber === null
      ? ''
      : `, frame ${wanted.frameNumber}`;
  const many = fits.length > 1 ? `${fits.length} images or frames` : 'no image';
  throw new RefusedInputError(
    'no-such-image',
    `MRC${series === null ? '' : ` (series ${series})`} has ${many} with ${what}${frame}.`,
    'Name one image of MRC by SOP Instance UID or Instance Number, and its frame if it has several.'
  );
}

/** The image `by` further along the stack; null at its end. Positive is towards higher numbers. */
export function imageFurther(
  stack: ImageStack,
  from: ImageReference,
  by: 1 | -1
): ImageReference | null {
  const slice = sliceOfImage(stack.images, from);
  return slice < 0 ? null : (stack.images[slice + by * countingSign(stack)] ?? null);
}

/** Where the numbers of the images rise to, where the stack runs nearly along an axis of the body. */
export function risesTowards(stack: ImageStack): { to: string; from: string } | null {
  const along = stack.direction.findIndex((part) => Math.abs(part) > MOSTLY);
  const ends = [
    ['the patient’s right', 'the patient’s left'],
    ['the front', 'the back'],
    ['the feet', 'the head'],
  ][along];
  if (!ends) return null;
  const [low = '', high = ''] = ends;
  const rises = (stack.direction[along] ?? 0) * countingSign(stack) > 0;
  return rises ? { to: high, from: low } : { to: low, from: high };
}

/** Cosine of 45°: more along this axis than along any other. */
const MOSTLY = Math.SQRT1_2;

/** 1 where the numbers of the images rise along the stack, −1 where they fall. */
function countingSign({ images }: ImageStack): 1 | -1 {
  const [first, last] = [images[0], images[images.length - 1]];
  if (!first || !last) return 1;
  const rise =
    (last.instanceNumber ?? 0) - (first.instanceNumber ?? 0) ||
    (last.frameNumber ?? 0) - (first.frameNumber ?? 0);
  return rise < 0 ? -1 : 1;
}

/** The images that `slices` (k by ear and organ) name. */
export function imagesAt(
  images: ImageReference[],
  slices: Partial<Record<EarSide, Partial<Record<Organ, number>>>>
): OrganImages {
  const found: OrganImages = {};
  eachOrgan((ear, organ) => {
    const slice = slices[ear]?.[organ];
    const image = slice === undefined ? undefined : images[slice];
    if (image) found[ear] = { ...found[ear], [organ]: image };
  });
  return found;
}

/** The automatic representative images that a measurement holds, and those known before of the others. */
export function automaticImages(measurement: Measurement, before: OrganImages): OrganImages {
  const found: OrganImages = {};
  eachOrgan((ear, organ) => {
    const measured = measurement.ears[ear]?.[organ];
    const image = (measured?.area ?? measured?.emptySlice)?.automaticImage ?? before[ear]?.[organ];
    if (image) found[ear] = { ...found[ear], [organ]: image };
  });
  return found;
}

/** Whether the reader has moved a representative slice. */
export function hasChosenSlices({
  representativeImages: { chosen },
}: Pick<HydropsState, 'representativeImages'>): boolean {
  return Object.values(chosen).some((ofEar) => Object.keys(ofEar).length > 0);
}

function eachOrgan(visit: (ear: EarSide, organ: Organ) => void): void {
  for (const ear of EAR_SIDES) {
    for (const organ of ORGAN_KEYS) visit(ear, organ);
  }
}
