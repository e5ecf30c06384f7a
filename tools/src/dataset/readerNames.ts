/** "Kim^Minsu", "Kim Minsu" and "minsu kim" are one person; empty of what names nobody. */
export function readerKey(name: string): string {
  const words = name
    .normalize('NFC')
    .toLowerCase()
    .split(/[\s^,=]+/);
  return words.filter(Boolean).sort().join(' ');
}

export const isSameReader = (a: string, b: string): boolean => readerKey(a) === readerKey(b);
