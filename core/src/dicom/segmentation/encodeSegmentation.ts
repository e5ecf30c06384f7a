import dcmjs from 'dcmjs';
import type { NaturalizedDataset } from 'dcmjs';
import type { LabelVolume, Measurement, ModelIdentity, Segment, Series, Volume } from '../../types';
import { RESEARCH_NOTICE, RefusedInputError, SEGMENTS } from '../../types';
import { CODES, codeItem, endolymphCode, lateralityCode, organCode } from '../encode/codes';
import { deriveUid } from '../encode/deriveUid';
import {
  SOFTWARE_NAME,
  SOFTWARE_VERSION,
  contributingEquipment,
  cut,
  dicomDate,
  dicomTime,
  modelText,
  ownEquipment,
  patientAndStudy,
  sopCommon,
} from '../encode/modules';
import { encodePart10, personName, type EncodedObject } from '../encode/part10';
import { sha256Hex } from '../encode/sha256';
import { segmentationFrames, type SegmentationFrame } from './frames';
import { packBits } from './packBits';
import { privateStateBlock, type Json, type StoredState } from './storedState';

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';

export interface SegmentationInput {
  mrc: Series;
  /** On MRC's grid, values of `SEGMENTS`. */
  labels: LabelVolume;
  /** On MRC's grid. Adds segments 5–8: the voxels of each organ where it is below zero. */
  hydrops?: Volume;
  model: ModelIdentity | null;
  backend?: string;
  /** True once a reader has changed the automatic result. */
  edited: boolean;
  /** Family^Given; stands as Content Creator's Name. */
  reader?: string;
  /** When the result was made or last edited, not when it is stored: a retry must repeat it. */
  created: Date;
  measurement?: Measurement;
  representativeSlices?: Json;
  /** The viewer's own state, restored as it is. */
  state?: Json;
}

/** The endolymph of segment n is segment n + 4. */
export const ENDOLYMPH_OFFSET = SEGMENTS.length;

/**
 * DICOM Segmentation (PS3.3 A.51), BINARY, one item a non-empty slice and segment, with everything
 * a restore needs in a private element. UIDs follow from the content, so that storing the same
 * result twice stores one object, and an edited result is an instance of its own.
 *
 * @throws RefusedInputError `segmentation-grid-differs`, `segmentation-empty`,
 * `frame-of-reference-missing`
 */
export function encodeSegmentation(input: SegmentationInput): EncodedObject {
  const { mrc, labels, created } = input;
  const frames = segmentationFrames(input.mrc, labels, input.hydrops);
  const instance = instanceUid(input);
  const seriesUid = deriveUid('segmentation-series', instance);
  // All organs, also those without a frame: Segment Numbers must run from 1 without gaps.
  const present = Array.from(
    { length: SEGMENTS.length * (input.hydrops ? 2 : 1) },
    (_, i) => i + 1
  );
  const dimensions = deriveUid('dimensions', instance);
  const name = input.edited ? 'EH segmentation, edited' : 'EH segmentation, automatic';
  const dataset: NaturalizedDataset = {
    ...patientAndStudy({ ...mrc.header.attributes, StudyInstanceUID: mrc.header.studyInstanceUid }),
    ...sopCommon(SEGMENTATION_STORAGE, instance, created),
    ...ownEquipment(),
    Modality: 'SEG',
    SeriesInstanceUID: seriesUid,
    SeriesNumber: input.edited ? 9201 : 9200,
    SeriesDescription: cut(`${name} (research use)`, 64),
    SeriesDate: dicomDate(created),
    SeriesTime: dicomTime(created),
    ContentDate: dicomDate(created),
    ContentTime: dicomTime(created),
    InstanceNumber: 1,
    ImageType: ['DERIVED', 'PRIMARY'],
    FrameOfReferenceUID: frameOfReference(mrc),
    PositionReferenceIndicator: null,
    ContentLabel: 'EH_ORGANS',
    ContentDescription: `EH ROI, ${input.edited ? 'edited' : 'automatic'}. ${RESEARCH_NOTICE}`,
    ContentCreatorName: input.reader ? personName(input.reader) : SOFTWARE_NAME.replace(/ /g, '^'),
    ContributingEquipmentSequence: [contributingEquipment(input.model, created, input.backend)],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    Rows: labels.size[1],
    Columns: labels.size[0],
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    NumberOfFrames: frames.length,
    LossyImageCompression: '00',
    SegmentationType: 'BINARY',
    SegmentSequence: present.map((number) => segmentItem(number, input)),
    ...dimensionModule(dimensions),
    SharedFunctionalGroupsSequence: [sharedGroups(mrc.volume)],
    PerFrameFunctionalGroupsSequence: frameGroups(frames),
    ReferencedSeriesSequence: [referencedSeries(mrc, frames)],
    PixelData: packBits(frames.map((frame) => frame.pixels)),
  };
  return encodePart10(dataset, `${name} (DICOM SEG)`, {
    privateBlock: privateStateBlock(storedState(input)),
    pixelVr: 'OB',
  });
}

function frameOfReference(mrc: Series): string {
  if (mrc.header.frameOfReferenceUid) return mrc.header.frameOfReferenceUid;
  throw new RefusedInputError(
    'frame-of-reference-missing',
    `Series "${mrc.header.seriesDescription}" has no Frame of Reference UID (0020,0052), which a DICOM segmentation needs.`,
    'Import the series again with its Frame of Reference UID, or download the result as JSON.',
    { series: mrc.header.seriesInstanceUid }
  );
}

function storedState(input: SegmentationInput): StoredState {
  return {
    format: 'inner-ear-hydrops/state@1',
    created: input.created.toISOString(),
    edited: input.edited,
    model: input.model,
    backend: input.backend ?? null,
    reader: input.reader ?? null,
    measurement: input.measurement ?? null,
    representativeSlices: input.representativeSlices ?? null,
    state: input.state ?? null,
  };
}

/** Of what the result says, not of when or how fast it was made. */
function instanceUid(input: SegmentationInput): string {
  return deriveUid(
    'segmentation',
    input.mrc.header.seriesInstanceUid,
    sha256Hex(input.labels.data),
    input.hydrops ? 'endolymph' : 'organs',
    input.model?.sha256 ?? '',
    String(input.edited),
    input.reader ?? '',
    JSON.stringify(input.measurement?.ears ?? null),
    JSON.stringify(input.representativeSlices ?? null),
    JSON.stringify(input.state ?? null)
  );
}

function segmentItem(number: number, input: SegmentationInput): NaturalizedDataset {
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

const TAG = {
  segmentIdentificationSequence: 0x0062000a,
  referencedSegmentNumber: 0x0062000b,
  planePositionSequence: 0x00209113,
  imagePositionPatient: 0x00200032,
};

function dimensionModule(uid: string): NaturalizedDataset {
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: uid }],
    DimensionIndexSequence: [
      {
        DimensionOrganizationUID: uid,
        DimensionIndexPointer: TAG.referencedSegmentNumber,
        FunctionalGroupPointer: TAG.segmentIdentificationSequence,
        DimensionDescriptionLabel: 'Segment Number',
      },
      {
        DimensionOrganizationUID: uid,
        DimensionIndexPointer: TAG.imagePositionPatient,
        FunctionalGroupPointer: TAG.planePositionSequence,
        DimensionDescriptionLabel: 'Slice Position',
      },
    ],
  };
}

function sharedGroups(volume: Volume): NaturalizedDataset {
  return {
    PixelMeasuresSequence: [
      {
        SliceThickness: volume.spacing[2],
        SpacingBetweenSlices: volume.spacing[2],
        PixelSpacing: [volume.spacing[1], volume.spacing[0]],
      },
    ],
    PlaneOrientationSequence: [{ ImageOrientationPatient: volume.direction.slice(0, 6) }],
  };
}

function frameGroups(frames: SegmentationFrame[]): NaturalizedDataset[] {
  const slices = [...new Set(frames.map(({ slice }) => slice))].sort((a, b) => a - b);
  return frames.map((frame) => ({
    DerivationImageSequence: [
      {
        DerivationCodeSequence: [codeItem(CODES.segmentation)],
        SourceImageSequence: [
          {
            ReferencedSOPClassUID: frame.source.sopClassUid,
            ReferencedSOPInstanceUID: frame.source.sopInstanceUid,
            ReferencedFrameNumber: frame.source.frameNumber,
            SpatialLocationsPreserved: 'YES',
            PurposeOfReferenceCodeSequence: [codeItem(CODES.sourceForProcessing)],
          },
        ],
      },
    ],
    FrameContentSequence: [
      {
        // Positions, not values: 1-based ranks of the segment and of the slice.
        DimensionIndexValues: [frame.segmentNumber, slices.indexOf(frame.slice) + 1],
      },
    ],
    PlanePositionSequence: [{ ImagePositionPatient: frame.position }],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: frame.segmentNumber }],
  }));
}

/** Common Instance Reference module (PS3.3 C.12.2): the MRC images that frames refer to, each once. */
function referencedSeries(mrc: Series, frames: SegmentationFrame[]): NaturalizedDataset {
  const instances = new Map(
    frames.map(({ source }) => [source.sopInstanceUid, source.sopClassUid])
  );
  return {
    SeriesInstanceUID: mrc.header.seriesInstanceUid,
    ReferencedInstanceSequence: [...instances].map(([sopInstanceUid, sopClassUid]) => ({
      ReferencedSOPClassUID: sopClassUid,
      ReferencedSOPInstanceUID: sopInstanceUid,
    })),
  };
}
