import { PARTS } from '../../registry';
import type { NaturalizedDataset } from 'dcmjs';
import type { ImageReference, Series } from '../../types';
import { RESEARCH_NOTICE, SEGMENTS } from '../../types';
import { imagesOf, sliceOfImage } from '../../volume/imageName';
import { contentUid } from '../encode/contentUid';
import { deriveUid } from '../encode/deriveUid';
import { lossyCompression } from '../encode/lossy';
import { requireFrameOfReference } from '../encode/frameOfReference';
import {
  SOFTWARE_NAME,
  contributingEquipment,
  cut,
  ownEquipment,
  patientAndStudy,
  requestAttributes,
  seriesMoment,
  sopCommon,
} from '../encode/modules';
import { momentOf } from '../encode/moment';
import { encodePart10, type EncodedObject } from '../encode/part10';
import { readerName } from '../encode/readersWords';
import { dimensionModule, frameGroups, sharedGroups } from './functionalGroups';
import {
  kindsShown,
  labelmapFrames,
  segmentationFrames,
  type SegmentationFrame,
  type SegmentKind,
} from './frames';
import { originOf } from './maskOf';
import { packBits } from './packBits';
import { segmentItem, showsEndolymph } from './segmentItem';
import type { SegmentationInput } from './segmentationInput';
import { provenanceText, type NamedFrame } from './standardState';
import { privateStateBlock, type StoredState } from './storedState';

const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';
const LABELMAP_SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.7';

/**
 * DICOM Segmentation (PS3.3 A.51) with everything a restore needs in a private element: BINARY, one
 * frame a non-empty slice and segment, or LABELMAP, one frame a slice. There is a segment for each organ that has a
 * voxel. UIDs follow from the content, so that storing the same result twice stores one object, and an edited result
 * is an instance of its own.
 *
 * @throws RefusedInputError `segmentation-grid-differs`, `segmentation-empty`,
 * `frame-of-reference-missing`, `reader-name-unsuitable`
 */
export function encodeSegmentation(input: SegmentationInput): EncodedObject {
  const { mrc, labels } = input;
  const moment = momentOf(input.created, mrc.header.attributes);
  const isLabelmap = input.type === 'labelmap';
  const frames = isLabelmap
    ? labelmapFrames(mrc, input)
    : segmentationFrames(mrc, input, (segment) => showsEndolymph(segment, input));
  const sopClass = isLabelmap ? LABELMAP_SEGMENTATION_STORAGE : SEGMENTATION_STORAGE;
  const bits = isLabelmap ? 8 : 1;
  const kinds = kindsShown(frames);
  // Numbers run from 1 without gaps; those of a LABELMAP are its pixel values.
  const numbers = new Map(kinds.map((kind, rank) => [kind, isLabelmap ? kind : rank + 1]));
  const origin = originOf(
    SEGMENTS.filter(({ number }) => kinds.includes(number)),
    input
  );
  const name = `EH segmentation, ${origin}`;
  const state = storedState(input, origin !== 'automatic');
  const images = imagesOf(mrc);
  const frameOf = (kind: SegmentKind, image: ImageReference): NamedFrame | null => {
    const slice = sliceOfImage(images, image);
    const onSlice = frames.flatMap((frame, index): NamedFrame[] => {
      const isOwn = frame.kind === null || frame.kind === kind;
      return frame.slice === slice ? [{ frame: index + 1, isOwn }] : [];
    });
    return onSlice.find(({ isOwn }) => isOwn) ?? onSlice[0] ?? null;
  };
  const dataset: NaturalizedDataset = {
    ...patientAndStudy({ ...mrc.header.attributes, StudyInstanceUID: mrc.header.studyInstanceUid }),
    ...ownEquipment(),
    Modality: 'SEG',
    SeriesNumber: PARTS.segmentation.seriesNumber + (origin === 'automatic' ? 0 : 1),
    SeriesDescription: cut(`${name} (research use)`, 64),
    ...seriesMoment(moment),
    ...requestAttributes(mrc.header.attributes),
    InstanceNumber: 1,
    ImageType: ['DERIVED', 'PRIMARY'],
    FrameOfReferenceUID: requireFrameOfReference(mrc),
    PositionReferenceIndicator: null,
    ContentLabel: 'EH_ORGANS',
    ContentDescription: `EH, ${origin}. ${RESEARCH_NOTICE}`,
    ContentCreatorName: input.reader ? readerName(input.reader) : SOFTWARE_NAME.replace(/ /g, '^'),
    ContributingEquipmentSequence: [
      contributingEquipment(input.model, moment, input.backend, provenanceText(input)),
    ],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    Rows: labels.size[1],
    Columns: labels.size[0],
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    NumberOfFrames: frames.length,
    ...lossyCompression([mrc, ...(input.sources ?? [])]),
    SegmentationType: isLabelmap ? 'LABELMAP' : 'BINARY',
    SegmentSequence: [...numbers].map(([kind, number]) =>
      segmentItem(kind, number, input, frameOf)
    ),
    SharedFunctionalGroupsSequence: [sharedGroups(mrc.volume)],
    PerFrameFunctionalGroupsSequence: frameGroups(frames, numbers),
    ReferencedSeriesSequence: [referencedSeries(mrc, frames)],
    PixelData: isLabelmap ? joined(frames) : packBits(frames.map((frame) => frame.pixels)),
  };
  const instance = contentUid('segmentation', dataset, state);
  return encodePart10(
    {
      ...dataset,
      ...sopCommon(sopClass, instance, moment),
      SeriesInstanceUID: deriveUid('segmentation-series', instance),
      ...dimensionModule(deriveUid('dimensions', instance), isLabelmap),
    },
    `${name} (DICOM SEG)`,
    { privateBlock: privateStateBlock(state), pixelVr: 'OB' }
  );
}

function storedState(input: SegmentationInput, edited: boolean): StoredState {
  return {
    format: 'inner-ear-hydrops/state@1',
    created: input.created?.toISOString() ?? null,
    edited,
    model: input.model,
    backend: input.backend ?? null,
    reader: input.reader ?? null,
    // How long it took is no part of the result, and differs when the same result is made again.
    measurement: input.measurement ? { ...input.measurement, timings: {} } : null,
    representativeSlices: input.representativeSlices ?? null,
    state: input.state ?? null,
  };
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
