import type { NaturalizedDataset } from 'dcmjs';
import type { EarSide } from '../../types';
import { lateralityCode, own, sct, type Code } from '../encode/codes';
import { codeContent } from './contentItems';
import { GRADE_CODES, REPORT_CODES as R } from './reportCodes';

interface FindingCodes {
  name: Code;
  /** By the words of the form. */
  values: Readonly<Record<string, Code>>;
}

const barath = {
  none: own('BARATH-NONE', 'No endolymphatic hydrops'),
  'grade I': own('BARATH-I', 'Endolymphatic hydrops grade I'),
  'grade II': own('BARATH-II', 'Endolymphatic hydrops grade II'),
};

/** Only yes, no (CID 230) and normal have a standard code: the grades are defined by their scales. */
const FINDING_CODES = {
  cochleaNakashima: {
    name: own('NAKASHIMA-COCH', 'Nakashima grade of the cochlea, by the reader'),
    values: GRADE_CODES,
  },
  vestibuleNakashima: {
    name: own('NAKASHIMA-VEST', 'Nakashima grade of the vestibule, by the reader'),
    values: GRADE_CODES,
  },
  cochleaBarath: {
    name: own('BARATH-COCH', 'Baráth grade of the cochlea, by the reader'),
    values: barath,
  },
  vestibuleBarath: {
    name: own('BARATH-VEST', 'Baráth grade of the vestibule, by the reader'),
    values: barath,
  },
  vestibuleBernaerts: {
    name: own('BERNAERTS-VEST', 'Bernaerts grade of the vestibule, by the reader'),
    values: Object.fromEntries(
      [0, 1, 2, 3].map((n) => [`grade ${n}`, own(`BERNAERTS-${n}`, `Bernaerts grade ${n}`)])
    ),
  },
  suri: {
    name: own('SURI', 'Saccule larger than utricle, by the reader'),
    values: { no: sct('373067005', 'No'), yes: sct('373066001', 'Yes') },
  },
  enhancement: {
    name: own('PERI-ENHANCEMENT', 'Perilymphatic enhancement, by the reader'),
    values: {
      normal: sct('17621005', 'Normal'),
      increased: own('ENHANCED-MORE', 'Increased'),
      weak: own('ENHANCED-WEAK', 'Weak'),
      absent: own('ENHANCED-ABSENT', 'Absent'),
    },
  },
} satisfies Record<string, FindingCodes>;

/** Fields of a reader's form whose findings have codes. */
export type ReaderFindingField = keyof typeof FINDING_CODES;

/** What the reader chose from a form's list, in the form's words; beside the text of the same finding. */
export interface ReaderFinding {
  ear: EarSide;
  field: ReaderFindingField;
  value: string;
}

/** Concept and value of a finding; null for a value that has no code. */
export function findingCode(
  field: ReaderFindingField,
  value: string
): { name: Code; value: Code } | null {
  const { name, values }: FindingCodes = FINDING_CODES[field];
  const code = Object.hasOwn(values, value) ? values[value] : undefined;
  return code ? { name, value: code } : null;
}

/** A CODE item, with its side, for each finding that has a code; the others stand in the report as text only. */
export function codedFindings(findings: readonly ReaderFinding[] = []): NaturalizedDataset[] {
  return findings.flatMap(({ ear, field, value }) => {
    const code = findingCode(field, value);
    if (!code) return [];
    const side = codeContent('HAS CONCEPT MOD', R.laterality, lateralityCode(ear));
    return [codeContent('CONTAINS', code.name, code.value, [side])];
  });
}
