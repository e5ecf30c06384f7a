import { findingCode } from '@inner-ear-hydrops/core/dicom';
import {
  EAR_FIELDS,
  NO_FINDINGS,
  chosenFindings,
  hasNoFindings,
  findingsOf,
  findingTexts,
  withField,
} from './findingFields';

const findings = withField(
  withField(NO_FINDINGS, 'suri', 'yes', 'left'),
  'impression',
  'a \\ b: c\n幻'
);

it("a reader's findings survive the way through JSON, whatever else came along", () => {
  const stored: unknown = JSON.parse(
    JSON.stringify({ ...findings, later: 1, left: { ...findings.left, x: 2 } })
  );
  expect(findingsOf(stored)).toEqual(findings);
  expect(findingsOf('no findings')).toBeNull();
});

it('takes no field or grade that no form offers', () => {
  expect(withField(NO_FINDINGS, 'constructor', 'x')).toBe(NO_FINDINGS);
  expect(withField(NO_FINDINGS, 'suri', 'perhaps', 'left')).toBe(NO_FINDINGS);
});

it('names each statement by ear, and nothing that was not stated', () => {
  expect(findingTexts(findings)).toEqual({
    'Saccule larger than utricle (SURI), left ear (reader)': 'yes',
    Impression: 'a \\ b: c\n幻',
  });
  expect(hasNoFindings({ ...NO_FINDINGS, reader: 'Reader^Test' })).toBe(true);
});

it('each choice of each field has a code of its own in the report', () => {
  for (const { key, values } of EAR_FIELDS) {
    const codes = values.filter((value) => value !== '').map((value) => findingCode(key, value));
    const stored = codes.map((code) => code && `${code.value.scheme} ${code.value.value}`);
    expect(stored).not.toContain(null);
    // As many characters as a Code Value holds.
    for (const code of codes) {
      expect(code?.name.value).toMatch(/^.{1,16}$/);
      expect(code?.value.value).toMatch(/^.{1,16}$/);
    }
    expect(new Set(stored).size).toBe(stored.length);
  }
  const findings = withField(withField(NO_FINDINGS, 'suri', 'yes', 'left'), 'delay', '4 h');
  expect(chosenFindings(findings)).toEqual([{ ear: 'left', field: 'suri', value: 'yes' }]);
});
