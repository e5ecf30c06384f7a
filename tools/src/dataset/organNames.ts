import { SEGMENTS, type Segment } from '@inner-ear-hydrops/core';

/** Which of the four segments a region's name means ("Left cochlea", "RV", "vestibule_R"); null for another. */
export function organOfName(name: string): Segment | null {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  const said = (...wanted: string[]) => wanted.some((word) => words.includes(word));
  if (said('endolymph', 'endolymphatic', 'perilymph', 'nerve')) return null;
  const left = said('left', 'l', 'lt', 'lc', 'lv');
  const right = said('right', 'r', 'rt', 'rc', 'rv');
  const cochlea = said('cochlea', 'cochlear', 'lc', 'rc');
  const vestibule = said('vestibule', 'vestibular', 'vestibulum', 'lv', 'rv');
  if (left === right || cochlea === vestibule) return null;
  return (
    SEGMENTS.find(
      (segment) =>
        segment.ear === (left ? 'left' : 'right') &&
        segment.organ === (cochlea ? 'cochlea' : 'vestibule')
    ) ?? null
  );
}
