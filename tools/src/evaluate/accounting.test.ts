import { EAR_SIDES, ORGAN_KEYS } from '@inner-ear-hydrops/core';
import type { MissingOrgan } from '../dataset/knownOrgans';
import { RandomNumbers } from '../train/randomNumbers';
import { organResult } from '../../test/evaluated';
import { accountFor, accountingText, countUsed, organsLeftOut, studyLeftOut } from './accounting';
import { FIGURES, figureCounts, type WhyNot } from './figureCounts';

const CODES = ['not-annotated', 'segment-empty', 'found-by-program', 'organ-absent'] as const;
const ALL = EAR_SIDES.flatMap((ear) => ORGAN_KEYS.map((organ) => ({ ear, organ })));

/** Studies some of which are left out, and organs some of which are missing, by chance. */
function given(random: RandomNumbers) {
  const count = random.integer(12);
  const studies = Array.from({ length: count }, (_, n) => {
    const where = `study ${n}`;
    const faults = random.chance(0.4) ? 1 + random.integer(3) : 0;
    if (faults > 0) {
      const codes = Array.from({ length: faults }, () => `fault-${random.integer(4)}`);
      return { items: studyLeftOut(codes.map((code) => ({ code, where, message: '' }))) };
    }
    const missing = ALL.filter(() => random.chance(0.4)).slice(0, 3);
    const organs = ALL.filter((organ) => !missing.includes(organ));
    const reasons = missing.map((organ): MissingOrgan => {
      return { ...organ, code: CODES[random.integer(CODES.length)]!, message: '' };
    });
    return { items: organsLeftOut(where, reasons), result: { organs } };
  });
  const results = studies.flatMap(({ result }) => result ?? []);
  return { count, results, items: studies.flatMap(({ items }) => items) };
}

it.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'what was given is what is in the figures and what is left out (seed %d)',
  (seed) => {
    const { count, results, items } = given(new RandomNumbers(seed));
    const accounting = accountFor(count, countUsed(results), items);
    const reasons = Object.values(accounting.byReason);
    for (const unit of ['studies', 'ears', 'organs'] as const) {
      expect(accounting.used[unit] + accounting.leftOut[unit]).toBe(accounting.given[unit]);
      expect(reasons.reduce((sum, counts) => sum + counts[unit], 0)).toBe(accounting.leftOut[unit]);
    }
  }
);

it('names each reason with what it costs', () => {
  const problem = { code: 'several-readers', where: 'a', message: '' };
  const missing = ORGAN_KEYS.map((organ): MissingOrgan => {
    return { ear: 'right', organ, code: 'not-annotated', message: '' };
  });
  const items = [...studyLeftOut([problem]), ...organsLeftOut('b', missing)];
  const used = countUsed([{ organs: ALL.filter(({ ear }) => ear === 'left') }]);
  expect(accountingText(accountFor(2, used, items))).toBe(
    'Given: 2 studies, 4 ears, 8 organs. In the figures: 1 study, 1 ear, 2 organs. ' +
      'Left out: 1 study, 3 ears, 6 organs, because of\n' +
      '  several-readers: 1 study, 2 ears, 4 organs\n  not-annotated: 1 ear, 2 organs\n'
  );
});

it('each figure is of all organs but those that it names, also where too few are left', () => {
  const reasons: WhyNot[] = ['not found', 'no PPI or PEI', 'on chosen slices'];
  const random = new RandomNumbers(5);
  for (let length = 0; length < 12; length++) {
    const organs = Array.from({ length }, () => {
      const lacking = FIGURES.filter(() => random.chance(0.5));
      const without = lacking.map((figure) => [figure, reasons[random.integer(3)]!]);
      return organResult({ without: Object.fromEntries(without) as object });
    });
    const counts = figureCounts(organs);
    for (const figure of FIGURES) {
      const { used, leftOut } = counts[figure];
      const left = Object.values(leftOut).reduce((sum, number) => sum + number, 0);
      expect(used + left).toBe(length);
      if (figure.endsWith('Ratio')) expect([1, 2]).not.toContain(used);
    }
  }
});
