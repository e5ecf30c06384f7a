/** Specific Character Set terms (PS3.3 C.12.1.1.2) → labels of the Encoding Standard. */
const LABELS: Record<string, string> = {
  'ISO_IR 6': 'latin1',
  'ISO_IR 100': 'latin1',
  'ISO_IR 101': 'latin2',
  'ISO_IR 109': 'latin3',
  'ISO_IR 110': 'latin4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'latin5',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 13': 'shift-jis',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  'ISO 2022 IR 13': 'shift-jis',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 159': 'iso-2022-jp',
  'ISO 2022 IR 149': 'euc-kr',
  'ISO 2022 IR 58': 'gb18030',
  GB18030: 'gb18030',
  GBK: 'gb18030',
};

/**
 * A decoder for the text of a dataset. Of several character sets the last one that is known decides
 * (the first is usually plain ASCII); unknown ones read as Latin 1, which never fails.
 */
export function textDecoder(terms: readonly string[]): TextDecoder {
  const known = terms
    .map((term) => term.trim().toUpperCase())
    .map((term) => LABELS[term] ?? LABELS[term.replace('ISO 2022 IR', 'ISO_IR')])
    .filter((label) => label !== undefined);
  return new TextDecoder(known[known.length - 1] ?? 'latin1');
}
