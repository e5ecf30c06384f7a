import { characterSets, convertBytes } from 'dicom-character-set';

/** Reads the text of one data set; where it cannot, it says why instead of guessing. */
export interface TextDecoding {
  /** Text of all values of an element, `\` between them. `problem` is null where every byte was read. */
  decode(bytes: Uint8Array, vr: string): { text: string; problem: string | null };
}

/** What stands for bytes that no character set explains. */
const UNREADABLE = '\uFFFD';
const ESCAPE = 0x1b;
/** Bytes of one value that are decoded: escapes may change the set at every character. */
const MAX_TEXT_LENGTH = 1 << 20;
const MAX_EXTENDED_TEXT_LENGTH = 1 << 16;

// Latin alphabet No. 9, which PS3.3 took up in 2020 and the library does not know.
characterSets['ISO_IR 203'] = { encoding: 'iso-8859-15' };
characterSets['ISO 2022 IR 203'] = {
  extension: true,
  elements: [
    ...(characterSets['ISO 2022 IR 6']?.elements ?? []),
    {
      codeElement: 'G1',
      escapeSequence: [ESCAPE, 0x2d, 0x62],
      encoding: 'iso-8859-15',
      bytesPerCodePoint: 1,
    },
  ],
};
// Bytes above ASCII that no escape explains: the library would call them Latin 1. UTF-8 shows them up.
for (const { elements } of Object.values(characterSets)) {
  for (const element of elements ?? []) if (element.isASCII) element.encoding = 'utf-8';
}
// "GB2312" is what several writers call GB18030 without its four-byte codes.
if (characterSets.GBK) characterSets.GB2312 = characterSets.GBK;

/**
 * The decoder for Specific Character Set (0008,0005), PS3.3 C.12.1.1.2 and PS3.5 6.1.2: single sets,
 * code extensions with ISO 2022 escapes, and the sets that stand alone (UTF-8, GB18030, GBK).
 *
 * @param terms values of the attribute; no value or an empty value is the default repertoire (ASCII)
 */
export function textDecoding(terms: readonly string[]): TextDecoding {
  const stated = terms.map(normalized);
  const unknown = stated.filter((term) => term !== '' && !characterSets[term]);
  if (unknown.length > 0) {
    return asciiOnly(`character set "${unknown.join('\\')}" is not known`);
  }
  if (stated.every((term) => term === '' || term === 'ISO_IR 6')) {
    return asciiOnly('no character set is stated for text beyond ASCII');
  }
  const [first = ''] = stated;
  const alone = stated.find(
    (term) => characterSets[term]?.multiByte && !characterSets[term].extension
  );
  const extended = !alone && (stated.length > 1 || first.startsWith('ISO 2022'));
  const specific = extended ? extensions(stated) : null;
  return {
    decode(bytes, vr) {
      const limit = specific ? MAX_EXTENDED_TEXT_LENGTH : MAX_TEXT_LENGTH;
      if (bytes.length > limit) {
        return { text: '', problem: `the text has ${bytes.length} bytes, more than ${limit}` };
      }
      if (isPlain(bytes)) return { text: ascii(bytes), problem: null };
      try {
        const text = convertBytes(specific ?? alone ?? first, bytes, { vr });
        return { text, problem: problemIn(text, terms) };
      } catch (error) {
        // An escape that belongs to no known set.
        return asciiOnly(String((error as Error).message)).decode(bytes, vr);
      }
    },
  };
}

function normalized(term: string): string {
  const upper = term.trim().toUpperCase();
  // Seen in real files: "ISO IR 100", "ISO-IR 100", "ISO_IR_100", "ISO_2022_IR_6".
  const match = /^ISO[_ -]?(2022[_ -])?IR[_ -]?(\d+)$/.exec(upper);
  if (!match) return upper;
  return match[1] ? `ISO 2022 IR ${match[2]}` : `ISO_IR ${match[2]}`;
}

/**
 * Sets for the library: a multi-byte set can be reached by its escape only, so ASCII comes first;
 * escapes back to ASCII and to JIS X 0201 occur whether or not those were stated.
 */
function extensions(stated: readonly string[]): string {
  const sets = stated.map((term, n) => (n === 0 && term === '' ? 'ISO 2022 IR 6' : term));
  if (characterSets[sets[0] ?? '']?.multiByte) sets.unshift('ISO 2022 IR 6');
  const listed = sets.filter((term) => term !== '');
  return [...listed, 'ISO 2022 IR 6', 'ISO 2022 IR 13'].join('\\');
}

function problemIn(text: string, terms: readonly string[]): string | null {
  if (!text.includes(UNREADABLE) && !text.includes('\u001B')) return null;
  return `it has bytes that character set "${terms.join('\\')}" does not define`;
}

function asciiOnly(problem: string): TextDecoding {
  return {
    decode(bytes) {
      let readable = true;
      let text = '';
      for (const code of bytes) {
        const known = code < 0x80 && code !== ESCAPE;
        text += known ? String.fromCharCode(code) : UNREADABLE;
        readable &&= known;
      }
      return { text, problem: readable ? null : problem };
    },
  };
}

function isPlain(bytes: Uint8Array): boolean {
  for (const code of bytes) {
    // Where JIS X 0201 is the set, these two are the yen sign and the overline.
    if (code >= 0x7e || code === 0x5c || code === ESCAPE) return false;
  }
  return true;
}

/** Bytes of the default repertoire as text. */
export function ascii(bytes: Uint8Array): string {
  let text = '';
  for (const code of bytes) text += String.fromCharCode(code);
  return text;
}
