import dcmjs from 'dcmjs';
import type { NaturalizedDataset } from 'dcmjs';
import type { MaskOrigin, Segment } from '../../types';
import { CODES, codeItem, endolymphCode, lateralityCode, organCode } from '../encode/codes';
import { deriveUid } from '../encode/deriveUid';
import { SOFTWARE_NAME, SOFTWARE_VERSION, cut, modelText } from '../encode/modules';
import { segmentOfKind, type SegmentKind } from './frames';
import { maskOf } from './maskOf';
import type { SegmentationInput } from './segmentationInput';

type AlgorithmType = 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';

const ALGORITHM_TYPE: Record<MaskOrigin, AlgorithmType> = {
  automatic: 'AUTOMATIC',
  edited: 'SEMIAUTOMATIC',
  drawn: 'MANUAL',
};

/** Item of the Segment Sequence (PS3.3 C.8.20.4). */
export function segmentItem(
  kind: SegmentKind,
  number: number,
  input: SegmentationInput
): NaturalizedDataset {
  const { segment, isEndolymph } = segmentOfKind(kind);
  const label = isEndolymph ? `${segment.label}, endolymph` : segment.label;
  const color = isEndolymph ? segment.color.map((value) => value * 0.6) : segment.color;
  const type = isEndolymph ? endolymphCode(segment.organ) : organCode(segment.organ);
  const side = [codeItem(lateralityCode(segment.ear))];
  return {
    SegmentNumber: number,
    SegmentLabel: label,
    SegmentDescription: isEndolymph
      ? `Voxels of the ${segment.label.toLowerCase()} below zero on HYDROPS-Mi2`
      : organDescription(segment, input),
    ...algorithm(segment, isEndolymph, input),
    SegmentedPropertyCategoryCodeSequence: [codeItem(CODES.anatomicalStructure)],
    SegmentedPropertyTypeCodeSequence: [
      { ...codeItem(type), SegmentedPropertyTypeModifierCodeSequence: side },
    ],
    AnatomicRegionSequence: [{ ...codeItem(CODES.innerEar), AnatomicRegionModifierSequence: side }],
    RecommendedDisplayCIELabValue: dcmjs.data.Colors.rgb2DICOMLAB(
      color.map((value) => value / 255)
    ).map((value) => Math.round(Math.max(0, Math.min(65535, value)))),
    TrackingID: label,
    TrackingUID: deriveUid('tracking', input.mrc.header.studyInstanceUid, String(kind)),
  };
}

/** Whether an organ's endolymph may stand as a segment: what a warning voids would be read as hydrops. */
export function showsEndolymph({ ear, organ }: Segment, input: SegmentationInput): boolean {
  return input.measurement?.ears[ear]?.[organ]?.measurable ?? true;
}

function organDescription(segment: Segment, input: SegmentationInput): string {
  const text = `Total fluid space of the ${segment.label.toLowerCase()}`;
  if (showsEndolymph(segment, input)) return text;
  const codes = input.measurement?.ears[segment.ear]?.[segment.organ]?.voided.ratio ?? [];
  return cut(`${text}. Endolymph not measurable: ${codes.join(', ')}`, 1024);
}

/**
 * Who made the segment. Endolymph is found by the software, within a region that may have been drawn: then it
 * is SEMIAUTOMATIC, and no model's.
 */
function algorithm(
  segment: Segment,
  isEndolymph: boolean,
  input: SegmentationInput
): NaturalizedDataset {
  const origin = maskOf(segment, input);
  const isManual = origin === 'drawn' && !isEndolymph;
  if (isManual) return { SegmentAlgorithmType: ALGORITHM_TYPE.drawn };
  const model = origin === 'drawn' ? null : input.model;
  return {
    SegmentAlgorithmType: origin === 'drawn' ? ALGORITHM_TYPE.edited : ALGORITHM_TYPE[origin],
    SegmentAlgorithmName: cut(model?.name ?? SOFTWARE_NAME, 64),
    SegmentationAlgorithmIdentificationSequence: [algorithmItem({ ...input, model })],
  };
}

/** Algorithm Identification macro (PS3.3 10.16). */
function algorithmItem({ model, backend }: SegmentationInput): NaturalizedDataset {
  return {
    AlgorithmFamilyCodeSequence: [codeItem(CODES.artificialIntelligence)],
    AlgorithmName: cut(model?.name ?? SOFTWARE_NAME, 64),
    AlgorithmVersion: cut(model?.version ?? SOFTWARE_VERSION, 64),
    AlgorithmParameters: `${modelText(model)}${backend ? `; backend ${backend}` : ''}`,
    AlgorithmSource: SOFTWARE_NAME,
  };
}
