import { EAR_SIDES, preventsStoring } from '@inner-ear-hydrops/core';
import { hasNoFindings } from './findingFields';
import { INITIAL_STATE, type HydropsState } from './HydropsState';
import { hasChosenSlices } from './imageStack';

/** What takes the place of the result on the screen: a new computation, or a result that exists. */
export type Replacement = 'computed' | 'opened';

/** The code of the problem that says that unsaved work could not be kept, so that nothing took its place. */
export const NOT_KEPT = 'unsaved-not-kept';

/** What of the reader's is not saved and would leave the screen, in words. */
export function unsavedWork(state: HydropsState, by: Replacement): string[] {
  if (!state.measurement || state.save.status === 'saved') return [];
  const isStated = !hasNoFindings(state.findings);
  return [
    ...(state.edited ? ['edits'] : []),
    ...(hasChosenSlices(state) ? ['slices'] : []),
    // A computation leaves the findings where they are.
    ...(by === 'opened' && isStated ? ['findings'] : []),
  ];
}

/** Whether this browser can keep what is unsaved of the result on the screen. */
export function canBeKept(state: HydropsState): boolean {
  const { measurement, keepsUnsaved, keepingProblem, problem } = state;
  if (!measurement || !keepsUnsaved || keepingProblem !== '') return false;
  if (problem?.code === NOT_KEPT) return false;
  // What is kept is the segmentation: it needs a place in space, and a voxel.
  const isSomething = EAR_SIDES.some((ear) => measurement.ears[ear]);
  return isSomething && !measurement.warnings.some(({ code }) => preventsStoring(code));
}

/** What the reader has chosen since the last computation, in words; a result that is opened brings its own. */
export function replacedChoices({ method, earCenters, measuredWith }: HydropsState): string[] {
  const before = measuredWith ?? INITIAL_STATE;
  const moved = EAR_SIDES.some((ear) => String(earCenters[ear]) !== String(before.earCenters[ear]));
  return [...(method === before.method ? [] : ['method']), ...(moved ? ['ear positions'] : [])];
}
