import dcmjs from 'dcmjs';
import type { NaturalizedDataset } from 'dcmjs';
import { EARS } from '../../registry/ears';
import { STRUCTURES, type StructureSegment } from '../../registry/structures';
import type { EarSide, ImageReference, MaskOrigin, Segment } from '../../types';
import {
  CODES,
  codeItem,
  endolymphCode,
  lateralityCode,
  organCode,
  type Code,
} from '../encode/codes';
import { deriveUid } from '../encode/deriveUid';
import { SOFTWARE_NAME, SOFTWARE_VERSION, cut, modelText } from '../encode/modules';
import { shownKind, type SegmentKind } from './frames';
import { maskOf } from './maskOf';
import type { SegmentationInput } from './segmentationInput';
import { confidenceText, ratiosSentence, sliceSentence, type NamedFrame } from './standardState';

type AlgorithmType = 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';

const ALGORITHM_TYPE: Record<MaskOrigin, AlgorithmType> = {
  automatic: 'AUTOMATIC',
  edited: 'SEMIAUTOMATIC',
  drawn: 'MANUAL',
};

/**
 * Item of the Segment Sequence (PS3.3 C.8.20.4).
 * @param frameOf the frame of a kind on an image; of another kind where that kind has none there; null where nothing has
 */
export function segmentItem(
  kind: SegmentKind,
  number: number,
  input: SegmentationInput,
  frameOf: (kind: SegmentKind, image: ImageReference) => NamedFrame | null
): NaturalizedDataset {
  const shown = shownKind(kind);
  const content =
    shown.what === 'structure'
      ? structureContent(shown.segment, input)
      : organContent(shown.segment, shown.what === 'endolymph', input, (image) =>
          frameOf(kind, image)
        );
  const { label, description, type, ear, color, algorithm: made, region } = content;
  const side = [codeItem(lateralityCode(ear))];
  return {
    SegmentNumber: number,
    SegmentLabel: label,
    SegmentDescription: description,
    ...made,
    SegmentedPropertyCategoryCodeSequence: [codeItem(CODES.anatomicalStructure)],
    SegmentedPropertyTypeCodeSequence: [
      { ...codeItem(type), SegmentedPropertyTypeModifierCodeSequence: side },
    ],
    AnatomicRegionSequence: [{ ...codeItem(region), AnatomicRegionModifierSequence: side }],
    RecommendedDisplayCIELabValue: dcmjs.data.Colors.rgb2DICOMLAB(
      color.map((value) => value / 255)
    ).map((value) => Math.round(Math.max(0, Math.min(65535, value)))),
    TrackingID: label,
    TrackingUID: deriveUid('tracking', input.mrc.header.studyInstanceUid, String(kind)),
  };
}

interface SegmentContent {
  label: string;
  description: string;
  type: Code;
  region: Code;
  ear: EarSide;
  color: number[];
  algorithm: NaturalizedDataset;
}

function organContent(
  segment: Segment,
  isEndolymph: boolean,
  input: SegmentationInput,
  frameOf: (image: ImageReference) => NamedFrame | null
): SegmentContent {
  const { ear, organ } = segment;
  return {
    label: isEndolymph ? `${segment.label}, endolymph` : segment.label,
    description: isEndolymph
      ? `Voxels of the ${segment.label.toLowerCase()} below zero on HYDROPS-Mi2`
      : organDescription(segment, input, frameOf),
    type: isEndolymph ? endolymphCode(organ) : organCode(organ),
    region: CODES.innerEar,
    ear,
    color: isEndolymph ? segment.color.map((value) => value * 0.6) : segment.color,
    algorithm: algorithm(segment, isEndolymph, input),
  };
}

/** A structure is the network's own always: no tool edits it. */
function structureContent(
  { ear, structure }: StructureSegment,
  input: SegmentationInput
): SegmentContent {
  const { label, code, inInnerEar, color } = STRUCTURES[structure];
  return {
    label: `${EARS[ear].label} ${label}`,
    description: `Not measured: the rules for slices and warnings need it`,
    type: code,
    region: inInnerEar ? CODES.innerEar : code,
    ear,
    color,
    algorithm: algorithmAttributes('AUTOMATIC', input, ''),
  };
}

/** Whether an organ's endolymph may stand as a segment: what a warning voids would be read as hydrops. */
export function showsEndolymph({ ear, organ }: Segment, input: SegmentationInput): boolean {
  return input.measurement?.ears[ear]?.[organ]?.measurable ?? true;
}

function organDescription(
  segment: Segment,
  input: SegmentationInput,
  frameOf: (image: ImageReference) => NamedFrame | null
): string {
  const measured = input.measurement?.ears[segment.ear]?.[segment.organ];
  const sentences = [
    `Total fluid space of the ${segment.label.toLowerCase()}`,
    measured?.area && sliceSentence(measured.area, frameOf),
    measured?.measurable && measured.automatic && ratiosSentence(measured.automatic),
    !showsEndolymph(segment, input) &&
      `Endolymph not measurable: ${(measured?.voided.ratio ?? []).join(', ')}`,
  ];
  return cut(sentences.filter(Boolean).join('. '), 1024);
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
  const type = origin === 'drawn' ? ALGORITHM_TYPE.edited : ALGORITHM_TYPE[origin];
  if (origin === 'drawn') return algorithmAttributes(type, { ...input, model: null }, '');
  const sure = isEndolymph ? '' : confidenceText(input.ears ?? [], segment.ear, segment.organ);
  return algorithmAttributes(type, input, sure);
}

/** Algorithm Identification macro (PS3.3 10.16) within a segment. */
function algorithmAttributes(
  type: AlgorithmType,
  { model, backend }: SegmentationInput,
  parameters: string
): NaturalizedDataset {
  const name = cut(model?.name ?? SOFTWARE_NAME, 64);
  return {
    SegmentAlgorithmType: type,
    SegmentAlgorithmName: name,
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: [codeItem(CODES.artificialIntelligence)],
        AlgorithmName: name,
        AlgorithmVersion: cut(model?.version ?? SOFTWARE_VERSION, 64),
        AlgorithmParameters: `${modelText(model)}${backend ? `; backend ${backend}` : ''}${parameters}`,
        AlgorithmSource: SOFTWARE_NAME,
      },
    ],
  };
}
