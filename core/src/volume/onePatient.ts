import type { SeriesHeader } from '../types';
import { describeSeries, refuseSeries } from './describeSeries';

/**
 * The series of a study are of one patient: by Patient ID and its issuer, and by name where one of them has no ID.
 *
 * @throws RefusedInputError `patients-differ`
 */
export function requireOnePatient(a: SeriesHeader, b: SeriesHeader): void {
  const difference =
    differing(a, b, 'PatientID', 'Patient ID (0010,0020)') ??
    differing(a, b, 'IssuerOfPatientID', 'Issuer of Patient ID (0010,0021)') ??
    (attributeText(a, 'PatientID') && attributeText(b, 'PatientID')
      ? null
      : differing(a, b, 'PatientName', 'Patient’s Name (0010,0010)'));
  if (!difference) return;
  throw refuseSeries(
    'patients-differ',
    b,
    `${difference.name} is "${difference.value}", and "${difference.other}" in ${describeSeries(a)}.`,
    'Choose MRC, PPI and PEI of one patient.'
  );
}

function differing(a: SeriesHeader, b: SeriesHeader, keyword: string, name: string) {
  const [other, value] = [attributeText(a, keyword), attributeText(b, keyword)];
  // What is not stated, or cannot be read whole, says nothing.
  if (!other || !value || [other, value].some((text) => text.includes('\uFFFD'))) return null;
  return other.toLowerCase() === value.toLowerCase() ? null : { name, value, other };
}

/** The value as text; of a name, its groups. Empty where there is none. */
export function attributeText({ attributes }: SeriesHeader, keyword: string): string {
  const values = [attributes[keyword] ?? []].flat() as unknown[];
  return values
    .map((value) =>
      typeof value === 'object' && value !== null
        ? Object.values(value).map(String).join('=')
        : String(value ?? '')
    )
    .join('\\')
    .replace(/\0+$/, '')
    .replace(/\s+/g, ' ')
    .replace(/[\s^=]+(?==|\\|$)/g, '')
    .trim();
}
