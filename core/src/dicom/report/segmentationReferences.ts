import type { ImageReference, Segment } from '../../types';
import type { EncodedObject } from '../encode/part10';
import { items, text } from '../encode/read';
import { matchSegment } from '../segmentation/matchSegment';

/**
 * Segment Number of an organ in a segmentation of ours.
 *
 * @throws RangeError when it has no such segment
 */
export function segmentNumberOf({ dataset }: EncodedObject, segment: Segment): number {
  const item = items(dataset.SegmentSequence).find((stored) => matchSegment(stored) === segment);
  if (item) return Number(item.SegmentNumber);
  throw new RangeError(`The segmentation has no segment "${segment.label}", which was measured.`);
}

/** 1-based frame of an organ on an MRC image, 0 when the segmentation has none there. */
export function segmentationFrameNumber(
  segmentation: EncodedObject,
  segment: Segment,
  image: Pick<ImageReference, 'sopInstanceUid' | 'frameNumber'>
): number {
  const number = segmentNumberOf(segmentation, segment);
  return (
    items(segmentation.dataset.PerFrameFunctionalGroupsSequence).findIndex((frame) => {
      const shown = items(frame.SegmentIdentificationSequence)[0];
      const derivation = items(frame.DerivationImageSequence)[0];
      const source = items(derivation?.SourceImageSequence)[0];
      return (
        // A frame of a LABELMAP shows all segments of its slice.
        (!shown || Number(shown.ReferencedSegmentNumber) === number) &&
        text(source?.ReferencedSOPInstanceUID) === image.sopInstanceUid &&
        // The slices of a multi-frame image differ in nothing else.
        Number(source?.ReferencedFrameNumber ?? 0) === (image.frameNumber ?? 0)
      );
    }) + 1
  );
}
