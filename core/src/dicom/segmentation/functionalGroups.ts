import type { NaturalizedDataset } from 'dcmjs';
import type { Volume } from '../../types';
import { CODES, codeItem } from '../encode/codes';
import type { SegmentKind, SegmentationFrame } from './frames';

const TAG = {
  segmentIdentificationSequence: 0x0062000a,
  referencedSegmentNumber: 0x0062000b,
  planePositionSequence: 0x00209113,
  imagePositionPatient: 0x00200032,
};

/** Multi-frame Dimension module (PS3.3 C.7.6.17): segment, if frames have a segment, and position. */
export function dimensionModule(uid: string, isLabelmap: boolean): NaturalizedDataset {
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: uid }],
    DimensionIndexSequence: [
      ...(isLabelmap ? [] : [segmentDimension(uid)]),
      {
        DimensionOrganizationUID: uid,
        DimensionIndexPointer: TAG.imagePositionPatient,
        FunctionalGroupPointer: TAG.planePositionSequence,
        DimensionDescriptionLabel: 'Slice Position',
      },
    ],
  };
}

function segmentDimension(uid: string): NaturalizedDataset {
  return {
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: TAG.referencedSegmentNumber,
    FunctionalGroupPointer: TAG.segmentIdentificationSequence,
    DimensionDescriptionLabel: 'Segment Number',
  };
}

export function sharedGroups(volume: Volume): NaturalizedDataset {
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

/**
 * Per-frame Functional Groups (PS3.3 C.7.6.16).
 *
 * @param numbers Segment Number of each kind
 */
export function frameGroups(
  frames: SegmentationFrame[],
  numbers: ReadonlyMap<SegmentKind, number>
): NaturalizedDataset[] {
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
        DimensionIndexValues: [
          ...(frame.kind === null ? [] : [numbers.get(frame.kind)]),
          slices.indexOf(frame.slice) + 1,
        ],
      },
    ],
    PlanePositionSequence: [{ ImagePositionPatient: frame.position }],
    SegmentIdentificationSequence:
      frame.kind === null ? undefined : [{ ReferencedSegmentNumber: numbers.get(frame.kind) }],
  }));
}
