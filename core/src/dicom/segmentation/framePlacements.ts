import type { NaturalizedDataset } from 'dcmjs';
import { RefusedInputError, type Series, type Vector3 } from '../../types';
import { text } from '../encode/read';
import { itemsOf, numbersOf, oneNumberOf } from '../read/values';
import { placeFrame, type FramePlacement, type FramePlane } from './frameGeometry';

/** Functional groups of the frames of a stored segmentation (PS3.3 C.7.6.16). */
export interface StoredGroups {
  perFrame: NaturalizedDataset[];
  shared: NaturalizedDataset;
  rows: number;
  columns: number;
  /** What holds them: messages name it. */
  instance: NaturalizedDataset;
}

/** @throws RefusedInputError `value-unreadable`, `frames-differ` */
export function storedGroups(instance: NaturalizedDataset): StoredGroups {
  const perFrame = itemsOf(instance, 'PerFrameFunctionalGroupsSequence');
  const frames = oneNumberOf(instance, 'NumberOfFrames') ?? perFrame.length;
  if (frames !== perFrame.length)
    throw new RefusedInputError(
      'frames-differ',
      `Segmentation "${text(instance.SeriesDescription) || 'without description'}": Number of Frames (0028,0008) is ${frames}, but its Per-frame Functional Groups (5200,9230) hold ${perFrame.length}; which frames are meant is not known.`,
      'Fetch the object from the archive again, or export it again.',
      { frames, groups: perFrame.length }
    );
  return {
    perFrame,
    shared: itemsOf(instance, 'SharedFunctionalGroupsSequence')[0] ?? {},
    rows: oneNumberOf(instance, 'Rows') ?? NaN,
    columns: oneNumberOf(instance, 'Columns') ?? NaN,
    instance,
  };
}

type Around = Pick<StoredGroups, 'shared' | 'instance'>;

/**
 * A functional group of a frame, its own or the shared; empty where there is none.
 * @throws RefusedInputError `value-unreadable`
 */
export const groupOf = (
  frame: NaturalizedDataset,
  { shared, instance }: Around,
  name: string
): NaturalizedDataset =>
  itemsOf(frame, name, instance)[0] ?? itemsOf(shared, name, instance)[0] ?? {};

/** Numbers of an attribute in a functional group, as `groupOf`. */
export const numbersIn = (
  frame: NaturalizedDataset,
  around: Around,
  name: string,
  keyword: string
): number[] => numbersOf(groupOf(frame, around, name), keyword, around.instance);

/** Segment that a frame shows; 0 where it names none. */
export const segmentNumber = (frame: NaturalizedDataset, around: Around): number =>
  numbersIn(frame, around, 'SegmentIdentificationSequence', 'ReferencedSegmentNumber')[0] ?? 0;

/**
 * Plane of a frame in space; null where it does not state all of it.
 * @throws RefusedInputError `value-unreadable`
 */
export function planeOf(frame: NaturalizedDataset, groups: StoredGroups): FramePlane | null {
  const { rows, columns } = groups;
  const position = numbersIn(frame, groups, 'PlanePositionSequence', 'ImagePositionPatient');
  const orientation = numbersIn(
    frame,
    groups,
    'PlaneOrientationSequence',
    'ImageOrientationPatient'
  );
  const spacing = numbersIn(frame, groups, 'PixelMeasuresSequence', 'PixelSpacing');
  if (position.length !== 3 || orientation.length !== 6 || spacing.length !== 2) return null;
  const pixelSpacing = spacing as [number, number];
  return { position: position as Vector3, orientation, pixelSpacing, rows, columns };
}

/**
 * Where a frame lies on MRC's grid: by its position in space, else by the image that it names.
 * @throws RefusedInputError `segmentation-grid-differs`, `value-unreadable`
 */
export function placementOf(
  frame: NaturalizedDataset,
  groups: StoredGroups,
  mrc: Series
): FramePlacement {
  const plane = planeOf(frame, groups);
  if (plane) return placeFrame(plane, mrc.volume, mrc.header.seriesDescription);
  return placementBySource(frame, groups, mrc);
}

/** For objects without plane positions: the slice is the one of the image that the frame refers to. */
function placementBySource(
  frame: NaturalizedDataset,
  groups: StoredGroups,
  mrc: Series
): FramePlacement {
  const { rows, columns, instance } = groups;
  const derivation = groupOf(frame, groups, 'DerivationImageSequence');
  const source = itemsOf(derivation, 'SourceImageSequence', instance)[0] ?? {};
  const uid = text(source.ReferencedSOPInstanceUID);
  const number = numbersOf(source, 'ReferencedFrameNumber', instance)[0];
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
