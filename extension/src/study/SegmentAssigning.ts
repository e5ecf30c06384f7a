import { SEGMENTS } from '@inner-ear-hydrops/core';
import { NO_ORGAN, withAssignment, type AssignmentsBySegmentation } from '../state/foreignSegments';
import { segmentAssigned, type Store } from '../state/transitions';

const REMEMBERED = 'inner-ear-hydrops.segment-organs';
/** Segmentations whose assignments a browser remembers. */
const MOST = 50;

export interface SegmentAssigningParts {
  store: Store;
  /** Whether this browser may keep what the reader did. */
  isKept: boolean;
}

/** Which organ a reader takes a segment of other software for: kept in this browser, by UID and number alone. */
export class SegmentAssigning {
  constructor(private readonly parts: SegmentAssigningParts) {}

  /** What was assigned before this stay. */
  remembered(): AssignmentsBySegmentation {
    if (!this.parts.isKept) return {};
    try {
      return checked(JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}'));
    } catch {
      // Storage may be switched off, or hold what is no JSON; assignments then last as long as the page.
      return {};
    }
  }

  /**
   * @param organ number of `SEGMENTS`; `NO_ORGAN`: the segment is none; null: what its name says. Other numbers change
   * nothing.
   */
  assign(sopInstanceUid: string, segment: number, organ: number | null): void {
    const { store, isKept } = this.parts;
    if (organ !== null && !isAssignable(organ)) return;
    const { segmentAssignments } = store.getState();
    const all = withAssignment(segmentAssignments, sopInstanceUid, segment, organ);
    store.apply(segmentAssigned(all));
    if (!isKept) return;
    try {
      const latest = Object.fromEntries(Object.entries(all).slice(-MOST));
      localStorage.setItem(REMEMBERED, JSON.stringify(latest));
    } catch {
      // As above.
    }
  }
}

const isAssignable = (organ: unknown): organ is number =>
  organ === NO_ORGAN || SEGMENTS.some(({ number }) => number === organ);

/** Without what this version does not know. */
function checked(stored: unknown): AssignmentsBySegmentation {
  if (stored === null || typeof stored !== 'object') return {};
  return Object.fromEntries(
    Object.entries(stored).flatMap(([uid, own]: [string, unknown]) => {
      if (own === null || typeof own !== 'object') return [];
      const known = Object.entries(own).filter(
        ([segment, organ]) => Number.isInteger(Number(segment)) && isAssignable(organ)
      );
      return known.length > 0 ? [[uid, Object.fromEntries(known)]] : [];
    })
  );
}
