import { itemOf, itemsOf, numberOf, type Dataset } from './values';

/** True for objects that describe their frames in functional groups (PS3.3 C.7.6.16). */
export function isMultiFrame(dataset: Dataset): boolean {
  return itemsOf(dataset, 'PerFrameFunctionalGroupsSequence').length > 0;
}

/** Number of frames; 1 for single-frame images. */
export function frameCount(dataset: Dataset): number {
  const stated = numberOf(dataset, 'NumberOfFrames');
  return stated !== null && stated >= 1 ? Math.round(stated) : 1;
}

/**
 * The item of a functional group macro for a frame (0-based): per frame, else shared, else an empty
 * dataset. Philips' Private Per-Frame Sequence is not consulted.
 */
export function functionalGroup(dataset: Dataset, macro: string, frame: number): Dataset {
  const perFrame = itemsOf(dataset, 'PerFrameFunctionalGroupsSequence')[frame] ?? {};
  const own = itemsOf(perFrame, macro);
  if (own.length > 0) return own[0];
  return itemOf(itemOf(dataset, 'SharedFunctionalGroupsSequence'), macro);
}
