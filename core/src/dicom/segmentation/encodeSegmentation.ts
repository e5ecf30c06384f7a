import type { NaturalizedDataset } from 'dcmjs';
import type { LabelVolume, Measurement, ModelIdentity, Series, Volume } from '../../types';
import { RESEARCH_NOTICE, SEGMENTS } from '../../types';
import { deriveUid } from '../encode/deriveUid';
import { requireFrameOfReference } from '../encode/frameOfReference';
import {
  SOFTWARE_NAME,
  contributingEquipment,
  cut,
  dicomDate,
  dicomTime,
  ownEquipment,
  patientAndStudy,
  sopCommon,
} from '../encode/modules';
import { encodePart10, personName, type EncodedObject } from '../encode/part10';
import { sha256Hex } from '../encode/sha256';
import { dimensionModule, frameGroups, sharedGroups } from './functionalGroups';
import { labelmapFrames, segmentationFrames, type SegmentationFrame } from './frames';
import { packBits } from './packBits';
import { segmentItem } from './segmentItem';
import { privateStateBlock, type Json, type StoredState } from './storedState';

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';
export const LABELMAP_SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.7';

export interface SegmentationInput {
  mrc: Series;
  /** On MRC's grid, values of `SEGMENTS`. */
  labels: LabelVolume;
  /**
   * `binary` (default) is what everything reads; `labelmap` is newer, smaller and without the
   * endolymph, since its segments cannot overlap.
   */
  type?: 'binary' | 'labelmap';
  /**
   * On MRC's grid. Adds segments 5–8 to a binary object: the voxels of each organ where it is below
   * zero.
   */
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

/**
 * DICOM Segmentation (PS3.3 A.51) with everything a restore needs in a private element: BINARY, one
 * frame a non-empty slice and segment, or LABELMAP, one frame a slice. UIDs follow from the content, so that storing the same
 * result twice stores one object, and an edited result is an instance of its own.
 *
 * @throws RefusedInputError `segmentation-grid-differs`, `segmentation-empty`,
 * `frame-of-reference-missing`
 */
export function encodeSegmentation(input: SegmentationInput): EncodedObject {
  const { mrc, labels, created } = input;
  const isLabelmap = input.type === 'labelmap';
  const hydrops = isLabelmap ? undefined : input.hydrops;
  const frames = isLabelmap
    ? labelmapFrames(mrc, labels)
    : segmentationFrames(mrc, labels, hydrops);
  const sopClass = isLabelmap ? LABELMAP_SEGMENTATION_STORAGE : SEGMENTATION_STORAGE;
  const bits = isLabelmap ? 8 : 1;
  const pixels = isLabelmap ? joined(frames) : packBits(frames.map((frame) => frame.pixels));
  const instance = instanceUid(input, pixels);
  const seriesUid = deriveUid('segmentation-series', instance);
  // All organs, also those without a frame: Segment Numbers must run from 1 without gaps.
  const present = Array.from({ length: SEGMENTS.length * (hydrops ? 2 : 1) }, (_, i) => i + 1);
  const dimensions = deriveUid('dimensions', instance);
  const name = input.edited ? 'EH segmentation, edited' : 'EH segmentation, automatic';
  const dataset: NaturalizedDataset = {
    ...patientAndStudy({ ...mrc.header.attributes, StudyInstanceUID: mrc.header.studyInstanceUid }),
    ...sopCommon(sopClass, instance, created),
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
    FrameOfReferenceUID: requireFrameOfReference(mrc),
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
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    NumberOfFrames: frames.length,
    LossyImageCompression: '00',
    SegmentationType: isLabelmap ? 'LABELMAP' : 'BINARY',
    SegmentSequence: present.map((number) => segmentItem(number, input)),
    ...dimensionModule(dimensions, isLabelmap),
    SharedFunctionalGroupsSequence: [sharedGroups(mrc.volume)],
    PerFrameFunctionalGroupsSequence: frameGroups(frames),
    ReferencedSeriesSequence: [referencedSeries(mrc, frames)],
    PixelData: pixels,
  };
  return encodePart10(dataset, `${name} (DICOM SEG)`, {
    privateBlock: privateStateBlock(storedState(input)),
    pixelVr: 'OB',
  });
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
function instanceUid(input: SegmentationInput, pixels: ArrayBuffer): string {
  const measurement = input.measurement && { ...input.measurement, timings: undefined };
  return deriveUid(
    'segmentation',
    input.mrc.header.seriesInstanceUid,
    sha256Hex(input.labels.data),
    // The endolymph too, which does not follow from the labels.
    sha256Hex(new Uint8Array(pixels)),
    ...(input.type === 'labelmap' ? ['labelmap'] : [input.hydrops ? 'endolymph' : 'organs']),
    input.model?.sha256 ?? '',
    String(input.edited),
    input.reader ?? '',
    JSON.stringify(measurement ?? null),
    JSON.stringify(input.representativeSlices ?? null),
    JSON.stringify(input.state ?? null)
  );
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

/** The pixels of all frames one after the other, to an even number of bytes (PS3.5 8.1.1). */
function joined(frames: SegmentationFrame[]): ArrayBuffer {
  const length = frames[0]?.pixels.length ?? 0;
  const bytes = new Uint8Array(2 * Math.ceil((length * frames.length) / 2));
  frames.forEach(({ pixels }, index) => bytes.set(pixels, index * length));
  return bytes.buffer;
}
