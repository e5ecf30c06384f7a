import dcmjs from 'dcmjs';
import type { NaturalizedDataset } from 'dcmjs';
import { SEGMENTS, type Segment } from '../../types';
import { CODES, codeItem, endolymphCode, lateralityCode, organCode } from '../encode/codes';
import { deriveUid } from '../encode/deriveUid';
import { SOFTWARE_NAME, SOFTWARE_VERSION, cut, modelText } from '../encode/modules';
import type { SegmentationInput } from './encodeSegmentation';

/** The endolymph of segment n is segment n + 4. */
export const ENDOLYMPH_OFFSET = SEGMENTS.length;

/** Item of the Segment Sequence (PS3.3 C.8.20.4); numbers above those of `SEGMENTS` are endolymph. */
export function segmentItem(number: number, input: SegmentationInput): NaturalizedDataset {
  const isEndolymph = number > ENDOLYMPH_OFFSET;
  const organNumber = isEndolymph ? number - ENDOLYMPH_OFFSET : number;
  const segment = SEGMENTS.find(({ number: n }) => n === organNumber) as Segment;
  const label = isEndolymph ? `${segment.label}, endolymph` : segment.label;
  const color = isEndolymph ? segment.color.map((value) => value * 0.6) : segment.color;
  const type = isEndolymph ? endolymphCode(segment.organ) : organCode(segment.organ);
  const side = [codeItem(lateralityCode(segment.ear))];
  const algorithm = algorithmType(input);
  return {
    SegmentNumber: number,
    SegmentLabel: label,
    SegmentDescription: isEndolymph
      ? `Voxels of the ${segment.label.toLowerCase()} below zero on HYDROPS`
      : `Total fluid space of the ${segment.label.toLowerCase()}`,
    SegmentAlgorithmType: algorithm,
    SegmentAlgorithmName:
      algorithm === 'MANUAL' ? undefined : cut(input.model?.name ?? SOFTWARE_NAME, 64),
    SegmentationAlgorithmIdentificationSequence:
      algorithm === 'MANUAL' ? undefined : [algorithmItem(input)],
    SegmentedPropertyCategoryCodeSequence: [codeItem(CODES.anatomicalStructure)],
    SegmentedPropertyTypeCodeSequence: [
      { ...codeItem(type), SegmentedPropertyTypeModifierCodeSequence: side },
    ],
    AnatomicRegionSequence: [{ ...codeItem(CODES.innerEar), AnatomicRegionModifierSequence: side }],
    RecommendedDisplayCIELabValue: dcmjs.data.Colors.rgb2DICOMLAB(
      color.map((value) => value / 255)
    ).map((value) => Math.round(Math.max(0, Math.min(65535, value)))),
    TrackingID: label,
    TrackingUID: deriveUid('tracking', input.mrc.header.studyInstanceUid, String(number)),
  };
}

function algorithmType(input: SegmentationInput): 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL' {
  if (!input.model && input.edited) return 'MANUAL';
  return input.edited ? 'SEMIAUTOMATIC' : 'AUTOMATIC';
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
