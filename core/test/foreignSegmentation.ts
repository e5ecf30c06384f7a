import type { NaturalizedDataset } from 'dcmjs';
import { encodePart10 } from '../src/dicom/encode/part10';
import { packBits } from '../src/dicom/segmentation/packBits';
import type { Vector3 } from '../src/types';

export interface ForeignSegmentation {
  /** Segment Label of each segment, in the order of Segment Number. */
  labels: readonly string[];
  columns: number;
  rows: number;
  /** mm: along a row, a column, and between slices. */
  voxel: Vector3;
  /** Unit LPS vectors of the rows, the columns and the stack, as in `Geometry.direction`. */
  direction: readonly number[];
  /** Segment Number, LPS mm of the first pixel's centre, and pixels of each frame. */
  frames: readonly { number: number; position: readonly number[]; pixels: Uint8Array }[];
  /** Attributes beside these, or in their place. */
  more?: NaturalizedDataset;
}

/** A BINARY segmentation as other software writes it: nothing but names says which organ a segment is. */
export function encodeForeign(foreign: ForeignSegmentation): ArrayBuffer {
  const { labels, columns, rows, voxel, direction, frames, more } = foreign;
  const code = { CodeValue: '85756007', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Tissue' };
  const dataset: NaturalizedDataset = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
    SOPInstanceUID: '2.25.9001',
    StudyInstanceUID: '2.25.1001',
    SeriesInstanceUID: '2.25.9000',
    Modality: 'SEG',
    Manufacturer: 'Someone Else',
    SeriesDescription: 'Regions',
    FrameOfReferenceUID: '2.25.3001',
    SegmentationType: 'BINARY',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    Rows: rows,
    Columns: columns,
    NumberOfFrames: frames.length,
    SegmentSequence: labels.map((SegmentLabel, n) => ({
      SegmentNumber: n + 1,
      SegmentLabel,
      SegmentAlgorithmType: 'MANUAL',
      SegmentedPropertyCategoryCodeSequence: [code],
      SegmentedPropertyTypeCodeSequence: [code],
    })),
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: direction.slice(0, 6) }],
        PixelMeasuresSequence: [
          { PixelSpacing: [voxel[1], voxel[0]], SpacingBetweenSlices: voxel[2] },
        ],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(({ number, position }) => ({
      PlanePositionSequence: [{ ImagePositionPatient: position }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: number }],
    })),
    PixelData: [packBits(frames.map(({ pixels }) => pixels))],
    ...more,
  };
  return encodePart10(dataset, '', { pixelVr: 'OB' }).file;
}
