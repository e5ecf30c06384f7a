import type { EarSide, EmptySlice, ImageReference, Organ, Warning } from '../types';
import { imageName } from '../volume';

/** @param slice k of each */
export function emptySliceOf(
  images: readonly ImageReference[],
  { k, chosenBy, automatic }: { k: number; automatic: number | null } & Pick<EmptySlice, 'chosenBy'>
): EmptySlice {
  return {
    image: images[k] ?? null,
    chosenBy,
    automaticImage: automatic === null ? null : (images[automatic] ?? null),
  };
}

export function emptySliceWarning(
  { ear, organ }: { ear: EarSide; organ: Organ },
  { image }: EmptySlice
): Warning {
  return {
    code: 'representative-slice-empty',
    message:
      `The ${ear} ${organ} has no pixel on its representative slice` +
      `${image ? ` (${imageName(image)})` : ''}: there is no area ratio. Choose another slice.`,
    ear,
    organ,
  };
}
