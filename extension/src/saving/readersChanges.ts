import { EAR_SIDES, ORGAN_KEYS, segmentOf, type Measurement } from '@inner-ear-hydrops/core';
import { hasNoFindings, type Findings } from '../state/findingFields';

const FINDINGS = 'findings';

/** What of a result is the reader's: "slice of the left cochlea", "left vestibule edited", "findings". */
export function readersChanges({ ears }: Measurement, findings?: Findings): string[] {
  const ofOrgans = EAR_SIDES.flatMap((ear) =>
    ORGAN_KEYS.flatMap((organ) => {
      const measured = ears[ear]?.[organ];
      const label = segmentOf(ear, organ).label.toLowerCase();
      return [
        ...(measured?.area?.chosenBy === 'reader' ? [`slice of the ${label}`] : []),
        ...(measured && measured.mask !== 'automatic' ? [`${label} ${measured.mask}`] : []),
      ];
    })
  );
  return findings ? withFindings(ofOrgans, findings) : ofOrgans;
}

/** The same with other findings. */
export function withFindings(changes: readonly string[], findings: Findings): string[] {
  const others = changes.filter((change) => change !== FINDINGS);
  return hasNoFindings(findings) ? others : [...others, FINDINGS];
}
