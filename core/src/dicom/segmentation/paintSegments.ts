import { RefusedInputError, type LabelVolume, type Segment, type Series } from '../../types';
import type { Warning } from '../../types';
import { voxelIndex } from './frameGeometry';
import { placementOf, segmentNumber, type StoredGroups } from './framePlacements';

/** The frames of a stored segmentation, and what their values mean. */
export interface SegmentFrames {
  groups: StoredGroups;
  /** Values are Segment Numbers; otherwise a frame shows one segment, and values are 0 and 1. */
  isLabelmap: boolean;
  /** Values of a frame, row by row. */
  pixels(index: number): Uint8Array | Uint16Array;
  /** Organ by Segment Number. */
  organs: ReadonlyMap<number, Segment>;
  /** Value of `ANATOMY`, with the ear's offset, by Segment Number. */
  structures: ReadonlyMap<number, number>;
}

/** Segment Number that all values of a frame mean; 0 where they are such numbers themselves. */
export function segmentOfFrame({ groups, isLabelmap }: SegmentFrames, index: number): number {
  return isLabelmap ? 0 : segmentNumber(groups.perFrame[index]!, groups);
}

/**
 * Writes the organs' numbers into `labels`, from frames whose pixels are voxels of MRC.
 *
 * @returns the value of `ANATOMY` of each voxel of a structure
 * @throws RefusedInputError `segmentation-grid-differs`
 */
export function paintSegments(
  frames: SegmentFrames,
  mrc: Series,
  labels: LabelVolume,
  warnings: Warning[]
): Map<number, number> {
  const { groups, organs, structures } = frames;
  const anatomy = new Map<number, number>();
  let outside = 0;
  let overlapping = 0;
  groups.perFrame.forEach((group, index) => {
    const segmentNumber = segmentOfFrame(frames, index);
    if (!frames.isLabelmap && !organs.has(segmentNumber) && !structures.has(segmentNumber)) return;
    const placement = placementOf(group, groups, mrc);
    const values = frames.pixels(index);
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      const number = segmentNumber || values[i]!;
      const segment = organs.get(number);
      const structure = structures.get(number);
      if (!segment && structure === undefined) continue;
      const column = i % groups.columns;
      const voxel = voxelIndex(placement, column, Math.floor(i / groups.columns), mrc.volume);
      if (voxel < 0) outside++;
      else if (structure !== undefined) anatomy.set(voxel, structure);
      else if (!segment) continue;
      else if (labels.data[voxel] !== 0 && labels.data[voxel] !== segment.number) overlapping++;
      else labels.data[voxel] = segment.number;
    }
  });
  refuseOutside(outside, mrc);
  warnOfOverlap(overlapping, warnings);
  return anatomy;
}

/** @throws RefusedInputError `segmentation-grid-differs` */
export function refuseOutside(outside: number, mrc: Series): void {
  if (outside === 0) return;
  throw new RefusedInputError(
    'segmentation-grid-differs',
    `${outside} segmented voxels lie outside series "${mrc.header.seriesDescription}".`,
    'Choose the MRC series that the segmentation was drawn on.',
    { outside }
  );
}

export function warnOfOverlap(overlapping: number, warnings: Warning[]): void {
  if (overlapping === 0) return;
  warnings.push({
    code: 'segments-overlap',
    message: `${overlapping} voxels belong to two organs in the stored segmentation; the first organ keeps them.`,
    ear: null,
    values: { voxels: overlapping },
  });
}
