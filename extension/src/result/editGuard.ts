import { isBeyondEar, SEGMENTS, voxelToWorld } from '@inner-ear-hydrops/core';
import type { EarSide, Geometry, Vector3 } from '@inner-ear-hydrops/core';

/** What the guard needs of a labelmap. */
export interface GuardedLabelmap {
  /** The host's own arrays, one for each slice k. Written in place. */
  voxels(): { slice: number; data: Uint8Array }[];
  /** Has the viewports draw what was written; no edit. */
  redraw(): void;
  /** Numbers of our segments that the host has moved out of the labels, into a layer of their own. */
  moved(): number[];
  /** Undoes the stroke with which it did; false while that stroke is not over. */
  moveBack(): boolean;
}

/** Whether the labels may not be changed at all now. */
export interface LabelHold {
  isOn(): boolean;
  /** Told once for each stroke that was put back. */
  onPutBack(): void;
}

/** Voxels of one segment that a stroke was not allowed to set; `locked`: the whole stroke, over a locked segment. */
export interface Refusal {
  reason: 'beyond-ear' | 'locked';
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
 *
 * Where a stroke meets a locked segment, 3.13.2 moves the whole painted segment into a layer of its own,
 * where nobody would measure it. Such a stroke is undone.
 *
 * While the labels are held, every change is put back in the same way, whatever tool or undo of the host it comes by.
 */
export class EditGuard {
  /** Labels by slice, as last accepted; a reader's own segments included. */
  private accepted = new Map<number, Uint8Array>();
  /** Labels that an undo may bring back wherever they lie: nobody painted them. */
  private given = new Map<number, Uint8Array>();
  private readonly refused = new Map<number, number>();
  /** Runs while a stroke goes on of which the reader has been told that it is put back. */
  private toldTimer: ReturnType<typeof setTimeout> | undefined;
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
    private readonly hold: LabelHold,
    private readonly onRefused: (refusals: Refusal[]) => void
  ) {
    this.accept();
  }

  /** Takes the labels as they stand: they were written by us, not painted. */
  accept(): void {
    this.resume();
    this.given = new Map([...this.accepted].map(([slice, data]) => [slice, data.slice()]));
  }

  /** As `accept`, for labels to which an undo or redo of ours has gone: what was given stays what it is. */
  resume(): void {
    this.accepted = new Map();
    for (const { slice, data } of this.labelmap.voxels()) {
      this.accepted.set(slice, data.slice());
    }
  }

  /**
   * Looks at what has changed since the last look and puts back what lies beyond its ear.
   * @returns whether any change remains.
   */
  check(): boolean {
    if (this.labelmap.moved().length > 0) {
      this.soon(() => this.moveBack());
      return false;
    }
    if (this.hold.isOn()) {
      this.putAllBack();
      return false;
    }
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
      this.soon(() => this.tell());
    }
    return changed;
  }

  private putAllBack(): void {
    let putBack = false;
    for (const { slice, data } of this.labelmap.voxels()) {
      const before = this.accepted.get(slice);
      if (!before || equal(before, data)) continue;
      data.set(before);
      putBack = true;
    }
    if (!putBack) return;
    this.labelmap.redraw();
    // At once: the result may be gone before the stroke is over.
    if (this.toldTimer === undefined) this.hold.onPutBack();
    clearTimeout(this.toldTimer);
    this.toldTimer = setTimeout(() => (this.toldTimer = undefined), STROKE_MS);
  }

  dispose(): void {
    clearTimeout(this.toldTimer);
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

  private soon(act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, STROKE_MS);
  }

  private tell(): void {
    const refusals = SEGMENTS.flatMap(({ number, label, ear }): Refusal[] => {
      const voxels = [...this.refused.values()].filter((value) => value === number).length;
      return voxels > 0 ? [{ reason: 'beyond-ear', label, ear, voxels }] : [];
    });
    this.refused.clear();
    this.onRefused(refusals);
  }

  private moveBack(): void {
    const moved = this.labelmap.moved();
    if (moved.length === 0) return;
    if (!this.labelmap.moveBack()) return this.soon(() => this.moveBack());
    this.refused.clear();
    const segments = SEGMENTS.filter(({ number }) => moved.includes(number));
    this.onRefused(
      segments.map(({ label, ear }): Refusal => ({ reason: 'locked', label, ear, voxels: 0 }))
    );
  }
}

/** The words for the reader, for what the guard has put back. */
export function refusalNotice(refusals: readonly Refusal[]): {
  code: 'painted-beyond-ear' | 'painted-over-locked';
  title: string;
  message: string;
} {
  const labels = refusals.map(({ label }) => label).join(' and ');
  if (refusals.some(({ reason }) => reason === 'locked')) {
    return {
      code: 'painted-over-locked',
      title: 'Painted over a locked segment',
      message: `The stroke of ${labels} was undone. Unlock the segment that lies there, or paint beside it.`,
    };
  }
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
