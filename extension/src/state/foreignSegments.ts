import { SEGMENTS } from '@inner-ear-hydrops/core';
import type { SegmentAssignments } from '@inner-ear-hydrops/core/dicom';

/** A segment of another software's segmentation. */
export interface ForeignSegment {
  /** Segment Number. */
  number: number;
  label: string;
  /** Number of `SEGMENTS` that its codes and its name say; null where they say none. */
  organ: number | null;
}

/** What readers assigned, by SOP Instance UID of the segmentation. */
export type AssignmentsBySegmentation = Readonly<Record<string, SegmentAssignments>>;

/** Stands for a segment that is no organ, whatever its name says. */
export const NO_ORGAN = 0;

/** Names of the organs that a segmentation is taken to hold, by assignment or by name, in the order of `SEGMENTS`. */
export function organsOf(
  segments: readonly ForeignSegment[],
  assigned: SegmentAssignments = {}
): string[] {
  const numbers = new Set(segments.map(({ number, organ }) => assigned[number] ?? organ));
  return SEGMENTS.filter(({ number }) => numbers.has(number)).map(({ label }) => label);
}

/** One assignment changed; null: the segment is again what its name says. */
export function withAssignment(
  all: AssignmentsBySegmentation,
  sopInstanceUid: string,
  segment: number,
  organ: number | null
): AssignmentsBySegmentation {
  const { [sopInstanceUid]: before, ...others } = all;
  const own: Record<number, number> = { ...before };
  if (organ === null) delete own[segment];
  else own[segment] = organ;
  // Last, since the oldest are forgotten first.
  return Object.keys(own).length === 0 ? others : { ...others, [sopInstanceUid]: own };
}
