import type { LabelVolume, Series } from '@inner-ear-hydrops/core';
import { encodeForeign } from '../../core/test/foreignSegmentation';

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
      const position = [0, 1, 2].map(
        (axis) => origin[axis]! + k * spacing[2] * direction[6 + axis]!
      );
      return { number: n + 1, position, pixels: new Uint8Array(pixels) };
    }).filter(({ pixels }) => pixels.includes(1))
  );
  return encodeForeign({
    labels: names.map(([name]) => name),
    columns: size[0],
    rows: size[1],
    voxel: spacing,
    direction,
    frames,
    more: {
      StudyInstanceUID: header.studyInstanceUid,
      SeriesNumber: 77,
      InstanceNumber: 1,
      ContentLabel: 'REGIONS',
      PatientID: header.attributes['PatientID'],
      FrameOfReferenceUID: header.frameOfReferenceUid ?? '',
    },
  });
}
