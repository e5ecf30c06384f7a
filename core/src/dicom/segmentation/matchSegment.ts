import type { NaturalizedDataset } from 'dcmjs';
import {
  EARS,
  EAR_SIDES,
  ORGANS,
  ORGAN_KEYS,
  PRIVATE_SCHEME,
  STRUCTURES,
  STRUCTURE_SEGMENTS,
  type StructureSegment,
} from '../../registry';
import type { EarSide, Organ, Segment } from '../../types';
import { SEGMENTS } from '../../types';
import { items, text } from '../encode/read';

/** Words of what lies in an organ or beside it, and is none. */
const NO_ORGAN = [
  'endolymph',
  'endolymphatic',
  'endolymphe',
  'perilymph',
  'perilymphatic',
  'nerve',
  'aqueduct',
  'scala',
  'duct',
  ...[
    '림프',
    '신경',
    '수도관',
    '반고리관',
    'リンパ',
    '神経',
    '水管',
    '半規管',
    '淋巴',
    '神经',
    '半规管',
    '導水管',
  ],
];

/** Han, kana and hangul, which stand together without spaces. */
const UNSPACED = /[\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}\p{Script=Hangul}]/u;

/**
 * Which segment of `SEGMENTS` a stored segment is, by its codes and then by the words of its label;
 * null when it is none (endolymph, a nerve, another organ) or its side is not told.
 */
export function matchSegment(item: NaturalizedDataset): Segment | null {
  const type = items(item.SegmentedPropertyTypeCodeSequence)[0] ?? {};
  const region = items(item.AnatomicRegionSequence)[0] ?? {};
  const label = [item.SegmentLabel, type.CodeMeaning]
    .map((value) =>
      text(value)
        .normalize('NFC')
        .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
        .toLowerCase()
    )
    .join(' ');
  const words = new Set(label.split(/[^\p{L}]+/u));
  const said = (some: readonly string[]): boolean =>
    some.some((word) => (UNSPACED.test(word) ? label.includes(word) : words.has(word)));
  const own = text(type.CodingSchemeDesignator) === PRIVATE_SCHEME ? text(type.CodeValue) : '';
  if (own.startsWith('ENDO') || said(NO_ORGAN)) return null;
  const codes = [type, region].map((code) => text(code.CodeValue));
  const others = [type, region].map(otherCode);
  const sides = [
    type.SegmentedPropertyTypeModifierCodeSequence,
    region.AnatomicRegionModifierSequence,
  ]
    .flatMap(items)
    .map((code) => text(code.CodeValue));
  const organ = only(
    ORGAN_KEYS.filter((organ) => {
      const { code, otherCodes, words, segments } = ORGANS[organ];
      const isCoded =
        (code.scheme === PRIVATE_SCHEME ? own === code.value : codes.includes(code.value)) ||
        otherCodes.some(({ scheme, value }) => others.includes(`${scheme} ${value}`));
      return isCoded || said([...words, ...EAR_SIDES.flatMap((ear) => segments[ear].shortForms)]);
    })
  );
  const ear = only(
    EAR_SIDES.filter((ear) => {
      const { code, olderCode, words } = EARS[ear];
      const isCoded = sides.some((side) => side === code.value || side === olderCode);
      return (
        isCoded ||
        said([...words, ...ORGAN_KEYS.flatMap((organ) => ORGANS[organ].segments[ear].shortForms)])
      );
    })
  );
  return SEGMENTS.find((segment) => segment.organ === organ && segment.ear === ear) ?? null;
}

/** "FMA 60201" for a code of another terminology, however its scheme and value are written ("99TA2", "FMA:60201"). */
function otherCode({ CodingSchemeDesignator, CodeValue }: NaturalizedDataset): string {
  const scheme = text(CodingSchemeDesignator).toUpperCase().replace(/^99/, '');
  const value = text(CodeValue).replace(/^(FMA|TA2|TA98|TA)[:_ ]?/i, '');
  return `${scheme === 'TA' ? 'TA98' : scheme} ${value}`;
}

/** What was told; null for nothing or for a contradiction. */
function only<T extends EarSide | Organ>(told: readonly T[]): T | null {
  return told.length === 1 ? told[0]! : null;
}

/** Which structure beside the organs a segment of this software is, by its codes; null when it is none. */
export function matchStructure(item: NaturalizedDataset): StructureSegment | null {
  const type = items(item.SegmentedPropertyTypeCodeSequence)[0] ?? {};
  const side = items(type.SegmentedPropertyTypeModifierCodeSequence)[0] ?? {};
  const found = STRUCTURE_SEGMENTS.find(({ ear, structure }) => {
    const { code } = STRUCTURES[structure];
    return (
      text(type.CodingSchemeDesignator) === code.scheme &&
      text(type.CodeValue) === code.value &&
      text(side.CodeValue) === EARS[ear].code.value
    );
  });
  return found ?? null;
}
