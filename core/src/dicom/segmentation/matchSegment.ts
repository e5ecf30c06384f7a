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
];

/**
 * Which segment of `SEGMENTS` a stored segment is, by its codes and then by the words of its label;
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
  const said = (some: readonly string[]): boolean => some.some((word) => words.has(word));
  const own = text(type.CodingSchemeDesignator) === PRIVATE_SCHEME ? text(type.CodeValue) : '';
  if (own.startsWith('ENDO') || said(NO_ORGAN)) return null;
  const codes = [type, region].map((code) => text(code.CodeValue));
  const sides = [
    type.SegmentedPropertyTypeModifierCodeSequence,
    region.AnatomicRegionModifierSequence,
  ]
    .flatMap(items)
    .map((code) => text(code.CodeValue));
  const organ = only(
    ORGAN_KEYS.filter((organ) => {
      const { code, words, segments } = ORGANS[organ];
      const isCoded =
        code.scheme === PRIVATE_SCHEME ? own === code.value : codes.includes(code.value);
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
