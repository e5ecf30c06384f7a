import type { NaturalizedDataset } from 'dcmjs';
import type { EarSide, Organ, Segment } from '../../types';
import { SEGMENTS } from '../../types';
import { CODES, PRIVATE_SCHEME } from '../encode/codes';
import { items, text } from '../encode/read';

const WORDS: { meaning: EarSide | Organ | 'fluid'; words: string[] }[] = [
  {
    meaning: 'left',
    words: [
      'left',
      'l',
      'lt',
      'lc',
      'lv',
      'links',
      'linke',
      'linkes',
      'gauche',
      'sinister',
      'sinistra',
    ],
  },
  {
    meaning: 'right',
    words: [
      'right',
      'r',
      'rt',
      'rc',
      'rv',
      'rechts',
      'rechte',
      'rechtes',
      'droite',
      'droit',
      'dexter',
      'dextra',
    ],
  },
  { meaning: 'cochlea', words: ['cochlea', 'cochlear', 'cochleae', 'cochlée', 'lc', 'rc'] },
  {
    meaning: 'vestibule',
    words: ['vestibule', 'vestibular', 'vestibulum', 'vestibuli', 'lv', 'rv'],
  },
  {
    meaning: 'fluid',
    words: [
      'endolymph',
      'endolymphatic',
      'endolymphe',
      'perilymph',
      'perilymphatic',
      'nerve',
      'aqueduct',
      'scala',
      'duct',
    ],
  },
];

/**
 * Which of the four segments a stored segment is, by its codes and then by the words of its label;
 * null when it is none (endolymph, a nerve, another organ) or its side is not told.
 */
export function matchSegment(item: NaturalizedDataset): Segment | null {
  const type = items(item.SegmentedPropertyTypeCodeSequence)[0] ?? {};
  const region = items(item.AnatomicRegionSequence)[0] ?? {};
  const words = new Set(
    [item.SegmentLabel, type.CodeMeaning]
      .map((value) =>
        text(value)
          .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
          .toLowerCase()
      )
      .join(' ')
      .split(/[^\p{L}]+/u)
  );
  const said = (meaning: EarSide | Organ | 'fluid'): boolean =>
    WORDS.find((entry) => entry.meaning === meaning)!.words.some((word) => words.has(word));
  const own = text(type.CodingSchemeDesignator) === PRIVATE_SCHEME ? text(type.CodeValue) : '';
  if (own.startsWith('ENDO') || said('fluid')) return null;
  const codes = [type, region].map((code) => text(code.CodeValue));
  const sides = [
    type.SegmentedPropertyTypeModifierCodeSequence,
    region.AnatomicRegionModifierSequence,
  ]
    .flatMap(items)
    .map((code) => text(code.CodeValue));
  const organ = only<Organ>(
    codes.includes(CODES.cochlea.value) || said('cochlea') ? 'cochlea' : null,
    own === CODES.vestibule.value || said('vestibule') ? 'vestibule' : null
  );
  // Older objects give the side in SRT: G-A100 right, G-A101 left.
  const ear = only<EarSide>(
    sides.some((side) => side === CODES.left.value || side === 'G-A101') || said('left')
      ? 'left'
      : null,
    sides.some((side) => side === CODES.right.value || side === 'G-A100') || said('right')
      ? 'right'
      : null
  );
  return SEGMENTS.find((segment) => segment.organ === organ && segment.ear === ear) ?? null;
}

/** The one that was told; null for none or for a contradiction. */
function only<T>(first: T | null, second: T | null): T | null {
  return first !== null && second !== null ? null : (first ?? second);
}
