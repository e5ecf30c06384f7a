/** What a line of the debug log looks like; there is no place in it for anything else. */
export const LOG_LINE =
  /^inner-ear-hydrops \+\d+ ms [A-Za-z -]+: (begun|done in \d+ ms|failed( \([A-Za-z-]+\))? after \d+ ms)$/;

/** Shorter texts ("MR", "1") stand in any log by chance. */
const TELLING = 5;

/** Texts of DICOM datasets (names, identifiers, dates, descriptions, whatever their attribute) that stand in a log. */
export function leaks(log: string, datasets: readonly object[]): string[] {
  const texts = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string') {
      for (const text of [value, ...value.split(/[\^=\\ ]/)]) texts.add(text);
    } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      Object.values(value).forEach(collect);
    }
  };
  datasets.forEach(collect);
  return [...texts].filter((text) => text.length >= TELLING && log.includes(text));
}
