import { ifReadable, itemOf, itemsOf, oneNumberOf, unreadable, type Dataset } from './values';

/** True for objects that describe their frames in functional groups (PS3.3 C.7.6.16). */
export function isMultiFrame(dataset: Dataset): boolean {
  return itemsOf(dataset, 'PerFrameFunctionalGroupsSequence').length > 0;
}

/**
 * Number of frames; 1 for single-frame images.
 *
 * @throws RefusedInputError `value-unreadable`
 */
export function frameCount(dataset: Dataset): number {
  const stated = oneNumberOf(dataset, 'NumberOfFrames');
  if (stated !== null && (stated < 0 || !Number.isInteger(stated))) {
    throw unreadable(dataset, 'NumberOfFrames', dataset, 'a number of frames');
  }
  return stated || 1;
}

/**
 * As many frames as an object seems to have, whatever of it can be read: to list its series. Where Number of Frames is
 * faulty the series still gets its role, and is refused by that value when its pixels are wanted.
 */
export function listedFrames(dataset: Dataset): number {
  const groups = () => itemsOf(dataset, 'PerFrameFunctionalGroupsSequence').length;
  return Math.max(
    ifReadable(() => frameCount(dataset), 1),
    ifReadable(groups, 1)
  );
}

/**
 * The item of a functional group macro for a frame (0-based): per frame, else shared, else an empty
 * dataset. Philips' Private Per-Frame Sequence is not consulted.
 *
 * @throws RefusedInputError `value-unreadable` where a sequence is damaged
 */
export function functionalGroup(dataset: Dataset, macro: string, frame: number): Dataset {
  return functionalGroups(dataset, macro, frame)[0] ?? {};
}

/** As `functionalGroup`, of macros that may have several items; none where the frame has no such macro. */
export function functionalGroups(dataset: Dataset, macro: string, frame: number): Dataset[] {
  const perFrame = itemsOf(dataset, 'PerFrameFunctionalGroupsSequence')[frame] ?? {};
  const own = itemsOf(perFrame, macro, dataset);
  if (own.length > 0) return own;
  return itemsOf(itemOf(dataset, 'SharedFunctionalGroupsSequence'), macro, dataset);
}
