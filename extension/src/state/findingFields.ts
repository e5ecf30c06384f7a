import { EAR_SIDES } from '@inner-ear-hydrops/core';
import type { EarSide } from '@inner-ear-hydrops/core';
import type { ReaderFinding } from '@inner-ear-hydrops/core/dicom';

// What the reader sees and the software does not measure. Grades are the reader's own, never filled
// in by a computation.

/** Values in the order in which a form offers them; '' is "not stated". */
const NAKASHIMA = ['', 'none', 'mild', 'significant'] as const;
const BARATH = ['', 'none', 'grade I', 'grade II'] as const;
const BERNAERTS = ['', 'grade 0', 'grade 1', 'grade 2', 'grade 3'] as const;
const YES_NO = ['', 'no', 'yes'] as const;
const ENHANCEMENT = ['', 'normal', 'increased', 'weak', 'absent'] as const;

export interface EarField {
  key: string;
  label: string;
  values: readonly string[];
}

/** Fields of each ear. */
export const EAR_FIELDS = [
  { key: 'cochleaNakashima', label: 'Cochlea, Nakashima', values: NAKASHIMA },
  { key: 'vestibuleNakashima', label: 'Vestibule, Nakashima', values: NAKASHIMA },
  { key: 'cochleaBarath', label: 'Cochlea, Baráth', values: BARATH },
  { key: 'vestibuleBarath', label: 'Vestibule, Baráth', values: BARATH },
  { key: 'vestibuleBernaerts', label: 'Vestibule, Bernaerts', values: BERNAERTS },
  { key: 'suri', label: 'Saccule larger than utricle (SURI)', values: YES_NO },
  { key: 'enhancement', label: 'Perilymphatic enhancement', values: ENHANCEMENT },
] as const satisfies readonly EarField[];

export type EarFieldKey = (typeof EAR_FIELDS)[number]['key'];

/** Fields of the study, as free text. */
export const STUDY_FIELDS = [
  { key: 'contrastAgent', label: 'Contrast agent' },
  { key: 'dose', label: 'Dose' },
  { key: 'delay', label: 'Delay' },
  { key: 'quality', label: 'Image quality' },
  { key: 'impression', label: 'Impression' },
] as const;

export type StudyFieldKey = (typeof STUDY_FIELDS)[number]['key'];

export type EarFindings = Record<EarFieldKey, string>;

export interface Findings extends Record<StudyFieldKey, string> {
  /** Who read the study; Family^Given or as written. */
  reader: string;
  left: EarFindings;
  right: EarFindings;
}

const EMPTY_EAR = Object.fromEntries(EAR_FIELDS.map(({ key }) => [key, ''])) as EarFindings;

export const NO_FINDINGS: Findings = {
  reader: '',
  contrastAgent: '',
  dose: '',
  delay: '',
  quality: '',
  impression: '',
  left: EMPTY_EAR,
  right: EMPTY_EAR,
};

/** One field changed; a field that does not exist, or a grade that a form does not offer, changes nothing. */
export function withField(
  findings: Findings,
  field: string,
  value: string,
  ear?: EarSide
): Findings {
  if (ear) {
    const known = EAR_FIELDS.find(({ key }) => key === field);
    if (!known || !(known.values as readonly string[]).includes(value)) return findings;
    return { ...findings, [ear]: { ...findings[ear], [known.key]: value } };
  }
  const isKnown = field === 'reader' || STUDY_FIELDS.some(({ key }) => key === field);
  return isKnown ? { ...findings, [field]: value } : findings;
}

/** True when nothing is stated; the reader's name alone states nothing. */
export function hasNoFindings(findings: Findings): boolean {
  return Object.keys(findingTexts(findings)).length === 0;
}

/** What is stated, by names that a report can print: "Left ear: Cochlea, Nakashima" and so on. */
export function findingTexts(findings: Findings): Record<string, string> {
  const texts: [string, string][] = STUDY_FIELDS.map(({ key, label }) => [
    label,
    findings[key].trim(),
  ]);
  const impression = texts.pop();
  for (const ear of EAR_SIDES) {
    for (const { key, label } of EAR_FIELDS) {
      texts.push([`${label}, ${ear} ear (reader)`, findings[ear][key]]);
    }
  }
  if (impression) texts.push(impression);
  return Object.fromEntries(texts.filter(([, text]) => text !== ''));
}

/** What was chosen from the lists of `EAR_FIELDS`. */
export function chosenFindings(findings: Findings): ReaderFinding[] {
  return EAR_SIDES.flatMap((ear) =>
    EAR_FIELDS.flatMap(({ key }) => {
      const value = findings[ear][key];
      return value === '' ? [] : [{ ear, field: key, value }];
    })
  );
}

/** Stored findings, whatever has become of them; unknown fields are dropped. */
export function findingsOf(value: unknown): Findings | null {
  if (value === null || typeof value !== 'object') return null;
  const given = value as Record<string, unknown>;
  let findings = NO_FINDINGS;
  for (const key of ['reader', ...STUDY_FIELDS.map((field) => field.key)]) {
    const text = given[key];
    if (typeof text === 'string') findings = withField(findings, key, text);
  }
  for (const ear of EAR_SIDES) {
    const fields = (given[ear] ?? {}) as Record<string, unknown>;
    for (const { key } of EAR_FIELDS) {
      const text = fields[key];
      if (typeof text === 'string') findings = withField(findings, key, text, ear);
    }
  }
  return findings;
}
