/** A text attribute of a header, a person's name as people write it; empty where it is absent. */
export function attributeText(
  attributes: Readonly<Record<string, unknown>>,
  keyword: string
): string {
  const value = attributes[keyword];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const name: unknown =
    first !== null && typeof first === 'object'
      ? (first as Record<string, unknown>)['Alphabetic']
      : first;
  return typeof name === 'string' ? name.replace(/\^+/g, ' ').trim() : '';
}
