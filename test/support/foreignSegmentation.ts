import type { NaturalizedDataset } from 'dcmjs';
import type { LabelVolume, Series } from '@inner-ear-hydrops/core';
import { encodePart10 } from '../../core/src/dicom/encode/part10';
import { packBits } from '../../core/src/dicom/segmentation/packBits';

/**
 * A BINARY segmentation as other software writes it, on MRC's grid: nothing but names says which organ a segment is.
 *
 * @param names Segment Label of each segment, and which value of `labels` it holds, in the order of Segment Number
 */
export function foreignSegmentation(
  { header, volume }: Series,
  labels: LabelVolume,
  names: readonly (readonly [name: string, value: number])[]
): ArrayBuffer {
  const { size, spacing, origin, direction } = volume;
  const plane = size[0] * size[1];
  const frames = names.flatMap(([, value], n) =>
    Array.from({ length: size[2] }, (_, k) => {
      const pixels = labels.data
        .subarray(k * plane, (k + 1) * plane)
        .map((label) => (label === value ? 1 : 0));
      return { number: n + 1, k, pixels };
    }).filter(({ pixels }) => pixels.includes(1))
  );
  const code = { CodeValue: '85756007', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Tissue' };
  const dataset: NaturalizedDataset = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
    SOPInstanceUID: '2.25.9001',
    StudyInstanceUID: header.studyInstanceUid,
    SeriesInstanceUID: '2.25.9000',
    Modality: 'SEG',
    Manufacturer: 'Someone Else',
    SeriesDescription: 'Regions',
    SeriesNumber: 77,
    InstanceNumber: 1,
    ContentLabel: 'REGIONS',
    PatientID: header.attributes['PatientID'],
    FrameOfReferenceUID: header.frameOfReferenceUid ?? '',
    SegmentationType: 'BINARY',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    Rows: size[1],
    Columns: size[0],
    NumberOfFrames: frames.length,
    SegmentSequence: names.map(([SegmentLabel], n) => ({
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
          { PixelSpacing: [spacing[1], spacing[0]], SpacingBetweenSlices: spacing[2] },
        ],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(({ number, k }) => ({
      PlanePositionSequence: [
        {
          ImagePositionPatient: [0, 1, 2].map(
            (axis) => origin[axis]! + k * spacing[2] * direction[6 + axis]!
          ),
        },
      ],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: number }],
    })),
    PixelData: [packBits(frames.map(({ pixels }) => pixels))],
  };
  return encodePart10(dataset, '', { pixelVr: 'OB' }).file;
}
