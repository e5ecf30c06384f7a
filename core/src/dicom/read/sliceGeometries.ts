import { capital, describeSeries } from '../../volume';
import { RefusedInputError, type SliceInput, type Vector3 } from '../../types';
import { frameCount, functionalGroup, isMultiFrame } from './functionalGroups';
import { imageTraits, requireReadable } from './imageTraits';
import { lossyByHeader } from './lossyCompression';
import {
  imageNameOf,
  numberOrNull,
  numbersOf,
  oneNumberOf,
  seriesNames,
  stringOf,
  unreadable,
  type Dataset,
} from './values';

export type SliceGeometry = Omit<SliceInput, 'pixels'>;

/**
 * Geometry and identity of each frame of a naturalised instance, in stored order: one entry for a
 * classic image, one a frame for Enhanced multi-frame images (plane position, plane orientation and
 * pixel measures from the functional groups).
 *
 * @throws RefusedInputError `geometry-missing`, `value-unreadable` naming the tag
 */
export function sliceGeometries(dataset: Dataset): SliceGeometry[] {
  const count = frameCount(dataset);
  const multiFrame = isMultiFrame(dataset) || count > 1;
  const lossy = lossyByHeader(dataset);
  const slices: SliceGeometry[] = [];
  for (let frame = 0; frame < count; frame++) {
    requireReadable(dataset, frame);
    const position = placed(dataset, frame, 'PlanePositionSequence', 'ImagePositionPatient', 3);
    const orientation = placed(
      dataset,
      frame,
      'PlaneOrientationSequence',
      'ImageOrientationPatient',
      6
    );
    const spacing = placed(dataset, frame, 'PixelMeasuresSequence', 'PixelSpacing', 2);
    slices.push({
      sopInstanceUid: stringOf(dataset, 'SOPInstanceUID'),
      sopClassUid: stringOf(dataset, 'SOPClassUID'),
      ...(multiFrame ? { frameNumber: frame + 1 } : {}),
      columns: oneNumberOf(dataset, 'Columns') ?? 0,
      rows: oneNumberOf(dataset, 'Rows') ?? 0,
      imagePositionPatient: position as Vector3,
      imageOrientationPatient: orientation as SliceGeometry['imageOrientationPatient'],
      pixelSpacing: spacing as [number, number],
      instanceNumber: numberOrNull(dataset, 'InstanceNumber'),
      traits: imageTraits(dataset, frame),
      ...(lossy ? { lossy } : {}),
    });
  }
  return slices;
}

const TAGS: Record<string, string> = {
  ImagePositionPatient: 'Image Position (Patient) (0020,0032)',
  ImageOrientationPatient: 'Image Orientation (Patient) (0020,0037)',
  PixelSpacing: 'Pixel Spacing (0028,0030)',
};

function placed(
  dataset: Dataset,
  frame: number,
  macro: string,
  keyword: string,
  length: number
): number[] {
  const group = functionalGroup(dataset, macro, frame);
  let source = group;
  let values = numbersOf(group, keyword, dataset);
  // Only a single frame may take its place from the dataset itself: frames cannot share a position.
  const shareable = keyword !== 'ImagePositionPatient' || frameCount(dataset) === 1;
  if (values.length === 0 && shareable) {
    source = dataset;
    values = numbersOf(dataset, keyword);
  }
  if (values.length === length) return values;
  if (values.length > 0) throw unreadable(source, keyword, dataset, `${length} numbers`);
  const series = seriesNames(dataset);
  throw new RefusedInputError(
    'geometry-missing',
    `${capital(describeSeries(series))}: ${TAGS[keyword]} is missing in ` +
      `${imageNameOf(dataset)}${frameCount(dataset) > 1 ? `, frame ${frame + 1}` : ''}.`,
    'Use the original MR images; screen captures and images without patient geometry cannot be measured.',
    {
      series: series.seriesInstanceUid,
      sopInstanceUid: stringOf(dataset, 'SOPInstanceUID'),
      keyword,
    }
  );
}
