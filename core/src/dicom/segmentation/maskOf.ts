import { originOfMasks, resultOrigin, type ResultOrigin } from '../../measurement/readerChoices';
import type { MaskOrigin, Segment } from '../../types';
import type { SegmentationInput } from './segmentationInput';

/** Where an organ's voxels come from: as the measurement says, else as the caller says of all. */
export function maskOf({ ear, organ }: Segment, input: SegmentationInput): MaskOrigin {
  return (
    input.measurement?.ears[ear]?.[organ]?.mask ??
    input.mask ??
    (input.model ? 'automatic' : 'drawn')
  );
}

/** How the whole object came about. */
export function originOf(segments: readonly Segment[], input: SegmentationInput): ResultOrigin {
  const ofMasks = originOfMasks(segments.map((segment) => maskOf(segment, input)));
  const isAdjusted = ofMasks === 'automatic' && input.measurement !== undefined;
  return isAdjusted ? resultOrigin(input.measurement!) : ofMasks;
}
