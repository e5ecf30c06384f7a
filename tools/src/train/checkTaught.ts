import { ANATOMY, ORGAN_KEYS, type Organ } from '@inner-ear-hydrops/core';
import type { DataProblem } from '../dataset/labelledStudy';
import { earInSet, type AnnotatedEar } from './annotationSets';
import type { TrainingPlan } from './plans';

/** Organs that no ear teaches in any phase of a run. */
function untaught(ears: readonly AnnotatedEar[], plan: TrainingPlan): Organ[] {
  const sets = new Set(plan.phases.map((phase) => phase.annotations));
  const known = ears.reduce((bits, ear) => {
    for (const set of sets) {
      const seen = earInSet(ear, set);
      if (seen) bits |= seen.annotated?.reduce((all, entry) => all | entry.known, 0) ?? seen.known;
    }
    return bits;
  }, 0);
  return ORGAN_KEYS.filter((organ) => !((known >> ANATOMY[organ]) & 1));
}

/**
 * Folds whose network would not learn an organ, or would not be validated on one. The loss leaves what was not annotated
 * open, so such a network ends with a fine figure of the other organ and calls anything, or nothing, by this name.
 * @param folds validation patients of each fold
 * @param hasWeights whether training starts from a network that knows the organs
 */
export function checkTaught(
  ears: readonly AnnotatedEar[],
  folds: readonly (readonly string[])[],
  plan: TrainingPlan,
  hasWeights: boolean
): { problems: DataProblem[]; notes: string[] } {
  const problems: DataProblem[] = [];
  const notes: string[] = [];
  if (plan.name === 'locator' || ears.length === 0) return { problems, notes };
  folds.forEach((held, n) => {
    const name = `fold ${n + 1} of ${folds.length}`;
    const isHeld = ({ patient }: AnnotatedEar) => held.includes(patient);
    for (const organ of untaught(
      ears.filter((ear) => !isHeld(ear)),
      plan
    )) {
      const message = `no patient that it trains on has an annotated ${organ}`;
      if (hasWeights) {
        notes.push(
          `${name}: ${message}; what the first weights know of it is not trained further.`
        );
      } else {
        problems.push({
          code: 'organ-not-annotated',
          where: name,
          message: `Of those that were read, ${message}: the network would not learn it. Look for segments whose names are not understood (--names), or start from a network that knows it (--from).`,
        });
      }
    }
    const validation = ears.filter(isHeld);
    if (validation.length === 0) return;
    for (const organ of untaught(validation, plan))
      notes.push(
        `${name}: no patient that it validates on has an annotated ${organ}; its IoU is not of that organ.`
      );
  });
  return { problems, notes };
}
