import { items, text } from '../encode/read';
import { codedFindings } from './readerFindings';

test('a finding is stored as codes, with its side; what no list offers is left to its text', () => {
  const [item, ...others] = codedFindings([
    { ear: 'right', field: 'suri', value: 'yes' },
    { ear: 'left', field: 'vestibuleNakashima', value: 'a little' },
    { ear: 'left', field: 'vestibuleNakashima', value: 'toString' },
  ]);
  expect(others).toEqual([]);
  const codeOf = (value: unknown): string => {
    const code = items(value)[0];
    return `${text(code?.CodingSchemeDesignator)} ${text(code?.CodeValue)}`;
  };
  expect(codeOf(item!.ConceptNameCodeSequence)).toBe('99IEH SURI');
  expect(codeOf(item!.ConceptCodeSequence)).toBe('SCT 373066001');
  expect(codeOf(items(item!.ContentSequence)[0]!.ConceptCodeSequence)).toBe('SCT 24028007');
});
