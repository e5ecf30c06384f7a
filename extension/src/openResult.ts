import {
  earCentersOf,
  measure,
  SEGMENTS,
  voxelToWorld,
  worldToVoxel,
} from '@inner-ear-hydrops/core';
import type {
  EarFinding,
  EarSide,
  LabelVolume,
  Measurement,
  ModelIdentity,
  Organ,
  PreparedStudy,
  Role,
  Vector3,
  Warning,
} from '@inner-ear-hydrops/core';
import type { HydropsLabelmap } from './labelmap';
import type { Roi } from './overlay/roi';
import { shownOrder } from './viewports';
import type { HydropsSession } from './session';
import type { HydropsState } from './state';
import type { ReadResult } from './reading';

export type SliceChoices = HydropsState['representativeSlices'];

export interface OpenResultInput {
  read: Partial<Record<Role, ReadResult>>;
  prepared: PreparedStudy;
  /** The labels as they are shown first. */
  labels: LabelVolume;
  /** The automatic labels, where `labels` is an edited version of them. */
  automatic?: LabelVolume;
  anatomy: Uint8Array | undefined;
  ears: EarFinding[];
  model: ModelIdentity | null;
  backend: string | null;
  measurement: Measurement;
  /** Warnings that measuring again would not find: of reading, of the first run. */
  extraWarnings: Warning[];
  edited: boolean;
  created: Date;
  representativeSlices: SliceChoices;
}

/** Side of the square about an ear that is fitted into the viewports, mm: the crop that the network sees. */
const EAR_FIELD = 50;
/** An edit is measured this long after the last stroke; the table follows within a second. */
const SETTLE_MS = 250;

/** A result on the screen: labelmap, derived images, and the measurement that follows the edits. */
export class OpenResult {
  measurement: Measurement;
  edited: boolean;
  created: Date;
  representativeSlices: SliceChoices;
  private labels: LabelVolume;
  private labelmap: HydropsLabelmap | null = null;
  private unfollow: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly automatic: LabelVolume;

  private constructor(
    private readonly session: HydropsSession,
    readonly input: OpenResultInput
  ) {
    this.labels = input.labels;
    this.automatic = input.automatic ?? input.labels;
    this.measurement = input.measurement;
    this.edited = input.edited;
    this.created = input.created;
    this.representativeSlices = input.representativeSlices;
  }

  static async create(session: HydropsSession, input: OpenResultInput): Promise<OpenResult> {
    const result = new OpenResult(session, input);
    const mrc = session.displaySetOf('mrc');
    const read = input.read.mrc;
    if (!mrc || !read) throw new Error('A result needs the MRC series that it belongs to.');
    result.labelmap = await session.images.openLabelmap(mrc, read, input.labels);
    result.unfollow = result.labelmap.follow(() => result.onEdit());
    return result;
  }

  /** Shows derived images, labels and numbers. */
  async show(): Promise<void> {
    const { session, input } = this;
    const { prepared } = input;
    session.images.showDerived(prepared, input.read, this.labels.data);
    this.publish();
    const mrc = session.displaySetOf('mrc');
    const read = input.read.mrc;
    if (!mrc || !read) return;
    session.service.update({
      sliceNumbers: sliceNumbers(shownOrder(session.services, mrc), read.imageIds),
    });
    await session.images.showRegion();
    const first = firstOrgan(this.measurement);
    const point = first && this.placeOf(first.ear, first.organ);
    if (point) await session.images.goTo({ point });
  }

  /** The region that is measured, as the reader sees it now. */
  roi(): Roi {
    const mi2 = this.input.prepared.hydropsMi2.data;
    return { labels: this.currentLabels(), isEndolymph: (n) => (mi2[n] ?? 0) < 0 };
  }

  /** The labels as the reader sees them now. */
  currentLabels(): LabelVolume {
    if (this.labelmap?.exists()) this.labels = this.labelmap.read(this.labels);
    return this.labels;
  }

  setRepresentativeSlice(ear: EarSide, organ: Organ, slice: number): void {
    this.representativeSlices = {
      ...this.representativeSlices,
      [ear]: { ...this.representativeSlices[ear], [organ]: slice },
    };
    this.remeasure();
  }

  /** Back to the automatic labels and slices. */
  reset(): void {
    clearTimeout(this.timer);
    this.representativeSlices = {};
    this.labels = this.automatic;
    if (this.labelmap?.exists()) this.labelmap.write(this.automatic);
    this.remeasure();
  }

  /** Brings the viewports to an organ's representative slice, enlarges its ear and makes its segment the active one. */
  async goTo(ear: EarSide, organ: Organ): Promise<void> {
    const segment = SEGMENTS.find((one) => one.ear === ear && one.organ === organ);
    if (segment) this.labelmap?.activate(segment.number);
    const point = this.placeOf(ear, organ);
    if (!point) return;
    const middle = earCentersOf(this.labels)[ear];
    await this.session.images.goTo({ point, middle, halfHeight: EAR_FIELD / 2 });
  }

  /** LPS mm: the middle of an organ on the slice on which its area is measured. */
  private placeOf(ear: EarSide, organ: Organ): Vector3 | undefined {
    const slice =
      this.representativeSlices[ear]?.[organ] ?? this.measurement.ears[ear]?.[organ]?.area?.slice;
    return slice === undefined ? undefined : placeOnSlice(this.labels, ear, organ, slice);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.unfollow();
    this.labelmap = null;
  }

  private onEdit(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.remeasure(), SETTLE_MS);
  }

  private remeasure(): void {
    const labels = this.currentLabels();
    const { prepared, anatomy, ears, model, extraWarnings } = this.input;
    const changed = !sameLabels(labels, this.automatic);
    this.edited = changed;
    this.created = new Date();
    const measurement = measure({
      prepared,
      labels,
      anatomy,
      ears,
      representativeSlices: this.representativeSlices,
      model,
      timings: this.input.measurement.timings,
    });
    const known = new Set(measurement.warnings.map((warning) => warning.code));
    this.measurement = {
      ...measurement,
      warnings: [...extraWarnings.filter(({ code }) => !known.has(code)), ...measurement.warnings],
    };
    this.session.service.update({ save: { status: 'none', message: '' }, saveItems: [] });
    this.publish();
    this.session.saver.resultChanged();
  }

  private publish(): void {
    this.session.service.update({
      measurement: this.measurement,
      edited: this.edited,
      representativeSlices: this.representativeSlices,
    });
  }
}

function sameLabels(a: LabelVolume, b: LabelVolume): boolean {
  return a.data.length === b.data.length && a.data.every((value, index) => value === b.data[index]);
}

/** Number of slice k as the MRC viewport counts it. */
function sliceNumbers(shown: string[] | undefined, imageIds: string[]): number[] | undefined {
  if (!shown) return undefined;
  const position = new Map(shown.map((imageId, index) => [imageId, index + 1]));
  const numbers = imageIds.map((imageId) => position.get(imageId));
  return numbers.every((number): number is number => number !== undefined) ? numbers : undefined;
}

/**
 * LPS mm of the middle of an organ's voxels on slice k; where the reader has chosen a slice without any, of the ear on
 * that slice.
 */
function placeOnSlice(
  labels: LabelVolume,
  ear: EarSide,
  organ: Organ,
  slice: number
): Vector3 | undefined {
  const { data, size } = labels;
  const segment = SEGMENTS.find((one) => one.ear === ear && one.organ === organ)?.number;
  const [columns, rows] = size;
  let [count, i, j] = [0, 0, 0];
  for (let n = slice * columns * rows; n < (slice + 1) * columns * rows; n++) {
    if (data[n] !== segment) continue;
    count++;
    i += n % columns;
    j += Math.floor(n / columns) % rows;
  }
  if (count > 0) return voxelToWorld(labels, [i / count, j / count, slice]);
  const center = earCentersOf(labels)[ear];
  if (!center) return undefined;
  const [column, row] = worldToVoxel(labels, center);
  return voxelToWorld(labels, [column, row, slice]);
}

function firstOrgan(measurement: Measurement): { ear: EarSide; organ: Organ } | null {
  for (const ear of ['left', 'right'] as const) {
    for (const organ of ['cochlea', 'vestibule'] as const) {
      if (measurement.ears[ear]?.[organ]?.area) return { ear, organ };
    }
  }
  return null;
}
