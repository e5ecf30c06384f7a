import { SEGMENTS } from '@inner-ear-hydrops/core';
import type { Geometry, LabelVolume, Measurement, Volume } from '@inner-ear-hydrops/core';
import type { DisplaySet } from '../src/host/types';
import { DONE, imageAt, MEASUREMENT } from './testState';
import { History, type Step } from '../src/state/History';
import { HydropsService } from '../src/state/HydropsService';
import type { HydropsState } from '../src/state/HydropsState';
import type { HeldStudy } from '../src/study/Engine';
import type { ReadResult } from '../src/study/readSeries';
import type { OpenResultInput, ResultImages, ResultLabelmap } from '../src/result/resultParts';

// A study of 4 × 4 × 48 voxels for the tests of results. Nothing of it is of a patient.

export const GRID: Geometry = {
  size: [4, 4, 48],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const VOXELS = 4 * 4 * 48;
/** Index of voxel (i, j, k). */
export const at = (i: number, j: number, k: number): number => i + 4 * (j + 4 * k);

const volume = (): Volume => ({ ...GRID, data: new Float32Array(VOXELS) });

/** One voxel of each organ. */
export function labels(): LabelVolume {
  const data = new Uint8Array(VOXELS);
  SEGMENTS.forEach(({ number }, n) => (data[at(n, 1, 22)] = number));
  return { ...GRID, data, segments: [...SEGMENTS] };
}

export const read = {
  key: 'ds-2',
  warnings: [],
  imageIds: [],
  instances: [],
} as Partial<ReadResult> as ReadResult;

/** A study in the worker, whose measurements come when the test says. */
export class Held {
  readonly asked: { labels: LabelVolume; slices: unknown; answer(of: Measurement): void }[] = [];
  dispose = jest.fn();
  measure: HeldStudy['measure'] = (of, slices) =>
    new Promise((answer) => this.asked.push({ labels: of, slices, answer }));
  encode: HeldStudy['encode'] = () => Promise.reject(new Error('not asked'));
}

export function input(change: Partial<OpenResultInput> = {}): OpenResultInput {
  return {
    read: { mrc: read },
    prepared: {
      method: 'hydrops-mi2',
      hydrops: volume(),
      hydropsMi2: volume(),
      endolymph: new Uint8Array(VOXELS),
      corrected: {},
      images: Array.from({ length: 48 }, (_, k) => imageAt(k)),
    },
    held: new Held() as Pick<HeldStudy, 'measure' | 'encode' | 'dispose'> as HeldStudy,
    labels: labels(),
    ears: [],
    model: MEASUREMENT.model,
    backend: 'wasm',
    measurement: MEASUREMENT,
    measuredWith: { method: 'hydrops-mi2', roles: DONE.roles, inversionTimes: {}, earCenters: {} },
    edited: false,
    created: new Date(2026, 4, 4),
    representativeSlices: {},
    ...change,
  };
}

/** The host's labelmap without the host: what a reader paints is written into `data`. */
export class FakeLabelmap implements ResultLabelmap {
  readonly segmentationId = 'labels';
  private onEdit: (() => void) | null = null;
  constructor(public data: Uint8Array) {}
  exists = () => true;
  read = (like: LabelVolume): LabelVolume => ({ ...like, data: this.data.slice() });
  write = jest.fn((of: LabelVolume) => void this.data.set(of.data));
  follow = (onEdit: () => void) => {
    this.onEdit = onEdit;
    return () => void (this.onEdit = null);
  };
  activate = jest.fn();
  voxels = () =>
    Array.from({ length: 48 }, (_, slice) => ({
      slice,
      data: this.data.subarray(16 * slice, 16 * (slice + 1)),
    }));
  redraw = jest.fn();
  moved = () => [];
  moveBack = () => true;

  paint(voxel: number, segment: number): void {
    this.data[voxel] = segment;
    this.onEdit?.();
  }
}

export class FakeImages implements ResultImages {
  readonly labelmap = new FakeLabelmap(new Uint8Array(VOXELS));
  openLabelmap: ResultImages['openLabelmap'] = async (_mrc, _read, of) => {
    this.labelmap.write(of);
    return this.labelmap;
  };
  showDerived = jest.fn();
  showRegion = jest.fn(async () => undefined);
  goTo = jest.fn(async () => undefined);
}

/** Steps as the viewer takes them back, without its own. */
export class FakeHistory extends History {
  private readonly done: Step[];
  private readonly undone: Step[] = [];
  constructor() {
    const done: Step[] = [];
    super({ push: (step) => void done.push(step), clear: () => void (done.length = 0) });
    this.done = done;
  }
  undo(): void {
    const step = this.done.pop();
    step?.undo();
    if (step) this.undone.push(step);
  }
  redo(): void {
    const step = this.undone.pop();
    step?.redo();
    if (step) this.done.push(step);
  }
}

export const MRC = { displaySetInstanceUID: 'ds-2' } as DisplaySet;

/** The state of an open study. */
export function openStudy(change: Partial<HydropsState> = {}): HydropsService {
  const service = new HydropsService({ runCommand: () => undefined });
  service.apply(() => ({ ...DONE, measurement: null, measuredWith: null, ...change }));
  return service;
}
