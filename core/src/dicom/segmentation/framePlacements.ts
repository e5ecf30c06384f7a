import type { NaturalizedDataset } from 'dcmjs';
import { RefusedInputError, type Series, type Vector3 } from '../../types';
import { items, numbers, text } from '../encode/read';
import { placeFrame, type FramePlacement, type FramePlane } from './frameGeometry';

/** Functional groups of the frames of a stored segmentation (PS3.3 C.7.6.16). */
export interface StoredGroups {
  perFrame: NaturalizedDataset[];
  shared: NaturalizedDataset;
  rows: number;
  columns: number;
}

export function storedGroups(dataset: NaturalizedDataset): StoredGroups {
  return {
    perFrame: items(dataset.PerFrameFunctionalGroupsSequence),
    shared: items(dataset.SharedFunctionalGroupsSequence)[0] ?? {},
    rows: Number(dataset.Rows),
    columns: Number(dataset.Columns),
  };
}

/** A functional group of a frame, its own or the shared; empty where there is none. */
export const groupOf = (
  frame: NaturalizedDataset,
  shared: NaturalizedDataset,
  name: string
): NaturalizedDataset => items(frame[name])[0] ?? items(shared[name])[0] ?? {};

/** Segment that a frame shows; 0 where it names none. */
export const segmentNumber = (frame: NaturalizedDataset, shared: NaturalizedDataset): number =>
  numbers(groupOf(frame, shared, 'SegmentIdentificationSequence').ReferencedSegmentNumber)[0] ?? 0;

/** Plane of a frame in space; null where it does not state all of it. */
export function planeOf(
  frame: NaturalizedDataset,
  { shared, rows, columns }: StoredGroups
): FramePlane | null {
  const position = numbers(groupOf(frame, shared, 'PlanePositionSequence').ImagePositionPatient);
  const orientation = numbers(
    groupOf(frame, shared, 'PlaneOrientationSequence').ImageOrientationPatient
  );
  const spacing = numbers(groupOf(frame, shared, 'PixelMeasuresSequence').PixelSpacing);
  if (position.length !== 3 || orientation.length !== 6 || spacing.length !== 2) return null;
  const pixelSpacing = spacing as [number, number];
  return { position: position as Vector3, orientation, pixelSpacing, rows, columns };
}

/**
 * Where a frame lies on MRC's grid: by its position in space, else by the image that it names.
 * @throws RefusedInputError `segmentation-grid-differs`
 */
export function placementOf(
  frame: NaturalizedDataset,
  groups: StoredGroups,
  mrc: Series
): FramePlacement {
  const plane = planeOf(frame, groups);
  if (plane) return placeFrame(plane, mrc.volume, mrc.header.seriesDescription);
  return placementBySource(frame, groups.shared, mrc, groups.rows, groups.columns);
}

/** For objects without plane positions: the slice is the one of the image that the frame refers to. */
function placementBySource(
  frame: NaturalizedDataset,
  shared: NaturalizedDataset,
  mrc: Series,
  rows: number,
  columns: number
): FramePlacement {
  const source =
    items(groupOf(frame, shared, 'DerivationImageSequence').SourceImageSequence)[0] ?? {};
  const uid = text(source.ReferencedSOPInstanceUID);
  const number = numbers(source.ReferencedFrameNumber)[0];
  const slice = mrc.sources.findIndex(
    (candidate) =>
      candidate.sopInstanceUid === uid &&
      (candidate.frameNumber === undefined || candidate.frameNumber === number)
  );
  if (slice < 0 || rows !== mrc.volume.size[1] || columns !== mrc.volume.size[0])
    throw new RefusedInputError(
      'segmentation-grid-differs',
      `A frame of the segmentation (${columns} × ${rows}) names no position and refers to image ${uid || '(none)'}, which is not an image of series "${mrc.header.seriesDescription}" of that size.`,
      'Choose the MRC series that the segmentation was drawn on.'
    );
  return { start: [0, 0, slice], alongColumn: [1, 0, 0], alongRow: [0, 1, 0] };
}
