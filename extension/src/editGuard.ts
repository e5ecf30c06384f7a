import { isBeyondEar, SEGMENTS, voxelToWorld } from '@inner-ear-hydrops/core';
import type { EarSide, Geometry, Vector3 } from '@inner-ear-hydrops/core';

/** What the guard needs of a labelmap. */
export interface GuardedLabelmap {
  /** The host's own arrays, one for each slice k. Written in place. */
  voxels(): { slice: number; data: Uint8Array }[];
  /** Has the viewports draw what was written; no edit. */
  redraw(): void;
}

/** Voxels of one segment that a stroke was not allowed to set. */
export interface Refusal {
  label: string;
  ear: EarSide;
  voxels: number;
}

/** A stroke is over when nothing of it has been refused for this long. */
const STROKE_MS = 250;

/**
 * Keeps each ear's segments to that ear (`isBeyondEar`). A voxel that a stroke gives to the wrong ear is
 * put back at once, while the host still collects the stroke: its undo and redo, which it completes when
 * the button is released, then never hold that voxel. Erasing is allowed everywhere, and so are segments
 * that the reader has added, which belong to no ear.
 */
export class EditGuard {
  /** Labels by slice, as last accepted; a reader's own segments included. */
  private accepted = new Map<number, Uint8Array>();
  /** Labels that an undo may bring back wherever they lie: nobody painted them. */
  private given = new Map<number, Uint8Array>();
  private readonly refused = new Map<number, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param geometry grid of the labels.
   * @param centers LPS mm: the middle of each ear that is known.
   * @param onRefused told once after each stroke of which something was put back.
   */
  constructor(
    private readonly labelmap: GuardedLabelmap,
    private readonly geometry: Geometry,
    private readonly centers: Partial<Record<EarSide, Vector3>>,
    private readonly onRefused: (refusals: Refusal[]) => void
  ) {
    this.accept();
  }

  /** Takes the labels as they stand: they were written by us, not painted. */
  accept(): void {
    this.accepted = new Map();
    for (const { slice, data } of this.labelmap.voxels()) {
      this.accepted.set(slice, Uint8Array.from(data));
    }
    this.given = new Map([...this.accepted].map(([slice, data]) => [slice, data.slice()]));
  }

  /**
   * Looks at what has changed since the last look and puts back what lies beyond its ear.
   * @returns whether any change remains.
   */
  check(): boolean {
    let changed = false;
    let putBack = false;
    const perSlice = this.geometry.size[0] * this.geometry.size[1];
    for (const { slice, data } of this.labelmap.voxels()) {
      const before = this.accepted.get(slice);
      const given = this.given.get(slice);
      if (!before || !given || equal(before, data)) continue;
      for (let at = 0; at < data.length; at++) {
        const value = data[at] as number;
        if (value === before[at]) continue;
        if (value !== given[at] && this.isBeyond(value, slice, at)) {
          this.refused.set(slice * perSlice + at, value);
          data[at] = before[at] as number;
          putBack = true;
        } else {
          before[at] = value;
          changed = true;
        }
      }
    }
    if (putBack) {
      this.labelmap.redraw();
      this.tellSoon();
    }
    return changed;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.refused.clear();
  }

  private isBeyond(value: number, slice: number, at: number): boolean {
    const segment = SEGMENTS.find(({ number }) => number === value);
    if (!segment) return false;
    const columns = this.geometry.size[0];
    const point = voxelToWorld(this.geometry, [at % columns, Math.floor(at / columns), slice]);
    return isBeyondEar(point, segment.ear, this.centers);
  }

  private tellSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const refusals = SEGMENTS.flatMap(({ number, label, ear }): Refusal[] => {
        const voxels = [...this.refused.values()].filter((value) => value === number).length;
        return voxels > 0 ? [{ label, ear, voxels }] : [];
      });
      this.refused.clear();
      this.onRefused(refusals);
    }, STROKE_MS);
  }
}

/** The words for the reader, for what the guard has put back. */
export function refusalNotice(refusals: readonly Refusal[]): {
  code: 'painted-beyond-ear';
  title: string;
  message: string;
} {
  const ears = [...new Set(refusals.map(({ ear }) => ear))];
  const total = refusals.reduce((sum, { voxels }) => sum + voxels, 0);
  const what = refusals.map(
    ({ label, voxels }) => `${voxels} ${voxels === 1 ? 'voxel' : 'voxels'} of ${label}`
  );
  const beyond = `beyond the ${ears.join(' and the ')} ear`;
  return {
    code: 'painted-beyond-ear',
    title: `Painted ${beyond}`,
    message:
      `${what.join(' and ')} would lie ${beyond} and ${total === 1 ? 'was' : 'were'} not kept. ` +
      'To paint the other ear, choose one of its segments. If the ear itself was found in the wrong place, ' +
      'set it under Ear positions and compute again.',
  };
}

/** Compares four voxels at a time: every movement of a brush looks at the whole stack. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  const aligned = a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0;
  const words = aligned ? a.length >> 2 : 0;
  if (words > 0) {
    const wordsOfA = new Uint32Array(a.buffer, a.byteOffset, words);
    const wordsOfB = new Uint32Array(b.buffer, b.byteOffset, words);
    for (let n = 0; n < words; n++) if (wordsOfA[n] !== wordsOfB[n]) return false;
  }
  for (let n = words * 4; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}
