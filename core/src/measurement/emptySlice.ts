import type { ChosenBy, EarSide, ImageReference, Measurement, Organ, Warning } from '../types';
import { imageName, sliceOfImage } from '../volume';

/** The representative slice of an organ that has no pixel on it, and so no area that could hold the slice. */
export interface EmptySlice {
  image: ImageReference | null;
  chosenBy: ChosenBy;
  /** The image that the rules choose. */
  automaticImage: ImageReference | null;
}

/** @param chosen slices k */
export function emptySliceWarning(
  images: readonly ImageReference[],
  { ear, organ }: { ear: EarSide; organ: Organ },
  { k, chosenBy, automatic }: { k: number; chosenBy: ChosenBy; automatic: number | null }
): Warning {
  const image = images.at(k);
  const byRules = automatic === null ? undefined : images.at(automatic);
  return {
    code: 'representative-slice-empty',
    message:
      `The ${ear} ${organ} has no pixel on its representative slice` +
      `${image ? ` (${imageName(image)})` : ''}: there is no area ratio. Choose another slice.`,
    ear,
    organ,
    values: {
      chosenBy,
      ...placeOf(image, 'sopInstanceUid', 'frameNumber'),
      ...placeOf(byRules, 'automaticSopInstanceUid', 'automaticFrameNumber'),
    },
  };
}

/** What that warning holds; null where an organ has none. */
export function emptySliceOf(
  { warnings }: Pick<Measurement, 'warnings'>,
  images: readonly ImageReference[],
  ear: EarSide,
  organ: Organ
): EmptySlice | null {
  const values = warnings.find(
    (one) => one.code === 'representative-slice-empty' && one.ear === ear && one.organ === organ
  )?.values;
  if (!values) return null;
  const find = (uid: string, frame: string): ImageReference | null => {
    const [sopInstanceUid, number] = [values[uid], values[frame]];
    if (typeof sopInstanceUid !== 'string') return null;
    const frameNumber = typeof number === 'number' ? number : null;
    return images[sliceOfImage(images, { sopInstanceUid, frameNumber })] ?? null;
  };
  return {
    image: find('sopInstanceUid', 'frameNumber'),
    chosenBy: values['chosenBy'] === 'reader' ? 'reader' : 'automatic',
    automaticImage: find('automaticSopInstanceUid', 'automaticFrameNumber'),
  };
}

function placeOf(
  image: ImageReference | undefined,
  uid: string,
  frame: string
): Record<string, string | number> {
  if (!image) return {};
  const { sopInstanceUid, frameNumber } = image;
  return { [uid]: sopInstanceUid, ...(frameNumber === null ? {} : { [frame]: frameNumber }) };
}
