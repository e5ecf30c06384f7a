import { EAR_SIDES, ORGAN_KEYS, type EarSide, type Organ } from '@inner-ear-hydrops/core';
import type { MissingOrgan } from '../dataset/knownOrgans';
import type { DataProblem } from '../dataset/labelledStudy';

/** How much of what was given something is. */
export interface Counts {
  studies: number;
  ears: number;
  organs: number;
}

/** Something that was given and is in no figure. */
export interface LeftOut extends DataProblem {
  /** Null: both ears. */
  ear: EarSide | null;
  /** Null: every organ of these ears. */
  organ: Organ | null;
  counts: Counts;
}

/** Where all that was given went: `given` is `used` and `leftOut` together, in studies, ears and organs. */
export interface Accounting {
  given: Counts;
  used: Counts;
  leftOut: Counts;
  byReason: Record<string, Counts>;
  items: LeftOut[];
}

const NOTHING: Counts = { studies: 0, ears: 0, organs: 0 };
const WHOLE_STUDY: Counts = {
  studies: 1,
  ears: EAR_SIDES.length,
  organs: EAR_SIDES.length * ORGAN_KEYS.length,
};

const plus = (a: Counts, b: Counts): Counts => ({
  studies: a.studies + b.studies,
  ears: a.ears + b.ears,
  organs: a.organs + b.organs,
});

/** A whole study; where it has several faults it counts once, for the first. */
export function studyLeftOut(problems: readonly DataProblem[]): LeftOut[] {
  return problems.map((problem, n) => ({
    ...problem,
    ...{ ear: null, organ: null, counts: n === 0 ? WHOLE_STUDY : NOTHING },
  }));
}

/** The organs of a study that are in no figure; an ear without any other counts for the first of them. */
export function organsLeftOut(where: string, missing: readonly MissingOrgan[]): LeftOut[] {
  return EAR_SIDES.flatMap((ear) => {
    const own = missing.filter((entry) => entry.ear === ear);
    const isWholeEar = own.length === ORGAN_KEYS.length;
    return own.map(({ organ, code, message }, n) => ({
      ...{ code, message, where, ear, organ },
      counts: { studies: 0, ears: isWholeEar && n === 0 ? 1 : 0, organs: 1 },
    }));
  });
}

/** What is in the figures, of the ears and organs of each study's result. */
export function countUsed(
  studies: readonly { organs: readonly { ear: EarSide; organ: Organ }[] }[]
): Counts {
  return studies
    .map(({ organs }) => ({
      ...{ studies: 1, organs: organs.length },
      ears: new Set(organs.map(({ ear }) => ear)).size,
    }))
    .reduce(plus, NOTHING);
}

/** @param given number of studies that were given */
export function accountFor(given: number, used: Counts, items: readonly LeftOut[]): Accounting {
  const byReason: Record<string, Counts> = {};
  for (const { code, counts } of items) byReason[code] = plus(byReason[code] ?? NOTHING, counts);
  return {
    given: {
      studies: given,
      ears: given * WHOLE_STUDY.ears,
      organs: given * WHOLE_STUDY.organs,
    },
    used,
    leftOut: items.map(({ counts }) => counts).reduce(plus, NOTHING),
    byReason,
    items: [...items],
  };
}

/** "2 studies, 4 ears, 8 organs"; without what there is none of, "1 organ". */
function countsInWords(counts: Counts): string {
  const words = (['studies', 'ears', 'organs'] as const).flatMap((unit) => {
    const count = counts[unit];
    const noun = count !== 1 ? unit : unit === 'studies' ? 'study' : unit.slice(0, -1);
    return count === 0 ? [] : [`${count} ${noun}`];
  });
  return words.join(', ') || 'nothing';
}

/** The sums and each reason, for the terminal. */
export function accountingText({ given, used, leftOut, byReason }: Accounting): string {
  const reasons = Object.entries(byReason).map(
    ([code, counts]) => `  ${code}: ${countsInWords(counts)}\n`
  );
  return (
    `Given: ${countsInWords(given)}. In the figures: ${countsInWords(used)}. ` +
    `Left out: ${countsInWords(leftOut)}${reasons.length > 0 ? ', because of' : '.'}\n${reasons.join('')}`
  );
}

/** "right cochlea", "right ear"; empty of a whole study. */
export function partOf({ ear, organ }: LeftOut): string {
  return ear === null ? '' : `${ear} ${organ ?? 'ear'}`;
}
