import { textDecoding } from './characterSets';

/** Bytes from text with `\x1b`-style escapes: the examples of PS3.5 annexes H to K. */
const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? Array.from(part, (char) => char.charCodeAt(0)) : part
    )
  );
const read = (sets: string, vr: string, value: Uint8Array): string => {
  const { text, problem } = textDecoding(sets.split('\\')).decode(value, vr);
  expect(problem).toBeNull();
  return text;
};

test.each([
  ['ISO_IR 100', [0xc4, 0xe9], 'Äé'],
  ['ISO_IR 101', [0xb3], 'ł'],
  ['ISO_IR 109', [0xa1], 'Ħ'],
  ['ISO_IR 110', [0xa2], 'ĸ'],
  ['ISO_IR 144', [0xbb, 0xee, 0xda], 'Люк'],
  ['ISO_IR 127', [0xe2, 0xc8], 'قب'],
  ['ISO_IR 126', [0xc4, 0xe9], 'Δι'],
  ['ISO_IR 138', [0xf9, 0xe0], 'שא'],
  ['ISO_IR 148', [0xf0, 0xfd], 'ğı'],
  ['ISO_IR 203', [0xa4, 0xbd], '€œ'],
  ['ISO_IR 13', [0xd4, 0xcf], 'ﾔﾏ'],
  ['ISO_IR 166', [0xb9, 0xd1], 'นั'],
  ['ISO_IR 192', [0xc3, 0xa9, 0xed, 0x99, 0x8d], 'é홍'],
  ['GB18030', [0xcd, 0xf5, 0x81, 0x30, 0x81, 0x30], '王\u0080'],
  ['GBK', [0xcd, 0xf5], '王'],
  ['iso ir 100', [0xe9], 'é'],
])('%s', (set, value, text) => {
  expect(read(set, 'LO', bytes('A ', value))).toBe(`A ${text}`);
});

describe('code extensions', () => {
  test('Korean (PS3.5 I.2): the escape holds until a delimiter of the name', () => {
    const name = bytes(
      'Hong^Gildong=',
      [0x1b, 0x24, 0x29, 0x43, 0xfb, 0xf3],
      '^',
      [0x1b, 0x24, 0x29, 0x43, 0xd1, 0xce, 0xd4, 0xd7],
      '=',
      [0x1b, 0x24, 0x29, 0x43, 0xc8, 0xab],
      '^',
      [0x1b, 0x24, 0x29, 0x43, 0xb1, 0xe6, 0xb5, 0xbf]
    );
    expect(read('\\ISO 2022 IR 149', 'PN', name)).toBe('Hong^Gildong=洪^吉洞=홍^길동');
  });

  test('Japanese (PS3.5 H.3.2): JIS X 0201 and 0208, `\\` and `^` within two-byte codes', () => {
    const name = bytes(
      [0xd4, 0xcf, 0xc0, 0xde],
      '^',
      [0xc0, 0xdb, 0xb3],
      '=',
      [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x4a],
      '^',
      [0x1b, 0x24, 0x42, 0x42, 0x40, 0x4f, 0x3a, 0x1b, 0x28, 0x4a]
    );
    expect(read('ISO 2022 IR 13\\ISO 2022 IR 87', 'PN', name)).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎');
    // 0x5C and 0x5E as second bytes are no delimiters.
    const tricky = bytes([0x1b, 0x24, 0x42, 0x30, 0x5c, 0x30, 0x5e, 0x1b, 0x28, 0x42], '\\B');
    expect(read('\\ISO 2022 IR 87', 'LO', tricky)).toBe(`${jis(0x305c, 0x305e)}\\B`);
  });

  test('Japanese: the escape back to ASCII or JIS X 0201 that was not stated, and JIS X 0212', () => {
    const kanji = [0x1b, 0x24, 0x42, 0x3b, 0x33];
    expect(
      read('ISO 2022 IR 13\\ISO 2022 IR 87', 'LO', bytes(kanji, [0x1b, 0x28, 0x42], 'A'))
    ).toBe('山A');
    expect(read('\\ISO 2022 IR 87', 'LO', bytes(kanji, [0x1b, 0x28, 0x4a], 'A'))).toBe('山A');
    expect(read('ISO 2022 IR 87', 'LO', bytes('A', kanji, [0x1b, 0x28, 0x42]))).toBe('A山');
    expect(
      read(
        '\\ISO 2022 IR 87\\ISO 2022 IR 159',
        'LO',
        bytes([0x1b, 0x24, 0x28, 0x44, 0x30, 0x21, 0x1b, 0x28, 0x42], 'B')
      )
    ).toBe('丂B');
  });

  test('Chinese (PS3.5 K.2): GB 2312 by escape, reset at a line end', () => {
    const text = bytes(
      '1. ',
      [0x1b, 0x24, 0x29, 0x41, 0xb5, 0xda],
      '\r\n2. ',
      [0x1b, 0x24, 0x29, 0x41, 0xb6, 0xfe],
      '\r\n'
    );
    expect(read('\\ISO 2022 IR 58', 'LT', text)).toBe('1. 第\r\n2. 二\r\n');
  });

  test('Latin with Greek: each value starts with the first set', () => {
    const text = bytes([0xe9], [0x1b, 0x2d, 0x46, 0xe1], '\\', [0xe9]);
    expect(read('ISO 2022 IR 100\\ISO 2022 IR 126', 'LO', text)).toBe('éα\\é');
    // Without "2022" in the first term, as several writers have it.
    expect(read('ISO_IR 100\\ISO 2022 IR 126', 'LO', text)).toBe('éα\\é');
  });

  test('a set that stands alone is taken also where others are listed', () => {
    expect(read('\\ISO_IR 192', 'LO', bytes([0xc3, 0xa9]))).toBe('é');
  });
});

describe('what cannot be read is said, not guessed', () => {
  test.each([
    ['ISO_IR 999', [0xe9], 'character set "ISO_IR 999" is not known'],
    ['', [0xe9], 'no character set is stated for text beyond ASCII'],
    ['ISO_IR 6', [0xe9], 'no character set is stated for text beyond ASCII'],
    ['ISO_IR 192', [0xe9], 'it has bytes that character set "ISO_IR 192" does not define'],
    [
      '\\ISO 2022 IR 149',
      [0xe9],
      'it has bytes that character set "\\ISO 2022 IR 149" does not define',
    ],
    [
      '\\ISO 2022 IR 149',
      [0x1b, 0x2e, 0x41, 0x41],
      'Unknown escape sequence encountered at byte 2',
    ],
  ])('%j', (set, value, problem) => {
    const decoded = textDecoding(set.split('\\')).decode(bytes('A ', value), 'LO');
    expect(decoded.problem).toBe(problem);
    expect(decoded.text).toContain('A \uFFFD'.slice(0, 2));
    expect(decoded.text).toContain('\uFFFD');
  });

  test('ASCII is read whatever set is stated', () => {
    expect(textDecoding(['X-PRIVATE']).decode(bytes('Doe^Jane\\~'), 'PN')).toEqual({
      text: 'Doe^Jane\\~',
      problem: null,
    });
  });

  test('text that would take seconds is left out, and said', () => {
    const escapes = Array.from({ length: 40000 }, () => [0x1b, 0x28, 0x42]).flat();
    const { text, problem } = textDecoding(['', 'ISO 2022 IR 87']).decode(bytes(escapes), 'UT');
    expect([text, problem]).toEqual(['', 'the text has 120000 bytes, more than 65536']);
  });
});

function jis(...codes: number[]): string {
  const euc = codes.flatMap((code) => [(code >> 8) | 0x80, (code & 0xff) | 0x80]);
  return new TextDecoder('euc-jp').decode(Uint8Array.from(euc));
}
