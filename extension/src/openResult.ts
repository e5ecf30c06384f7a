import {
  EAR_SIDES,
  earCentersOf,
  ORGAN_KEYS,
  readerChoices,
  SEGMENTS,
  sliceOfImage,
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
  Role,
  SliceChoices,
  Vector3,
} from '@inner-ear-hydrops/core';
import { EditGuard, refusalNotice } from './editGuard';
import { forgetEmptyEdit } from './host';
import type { HydropsLabelmap } from './labelmap';
import { automaticImages, imagesAt, stackOf } from './imageStack';
import type { Roi } from './overlay/roi';
import { withAutomaticOrgan } from './resetOrgan';
import { problemOf } from './problems';
import type { HydropsSession } from './session';
import type { HydropsState, MeasuredWith, OrganImages } from './state';
import type { HeldStudy } from './study/Engine';
import type { ReadResult } from './study/readSeries';
import type { ShownImages } from './worker';

export interface OrganName {
  ear: EarSide;
  organ: Organ;
}

export interface OpenResultInput {
  read: Partial<Record<Role, ReadResult>>;
  /** Copies of what is shown; the worker holds the study itself. */
  prepared: ShownImages;
  held: HeldStudy;
  /** The labels as they are shown first. */
  labels: LabelVolume;
  /** The automatic labels, where `labels` is an edited version of them. */
  automatic?: LabelVolume;
  ears: EarFinding[];
  model: ModelIdentity | null;
  backend: string | null;
  measurement: Measurement;
  measuredWith: MeasuredWith;
  edited: boolean;
  created: Date;
  /** Those that the reader chose; k stays inside, the state names images. */
  representativeSlices: SliceChoices;
}

/** Side of the square about an ear that is fitted into the viewports, mm: the crop that the network sees. */
const EAR_FIELD = 50;
/** An edit is measured this long after the last stroke; the table follows within a second. */
const SETTLE_MS = 250;

/** Long enough to read two sentences. */
const NOTICE_MS = 8000;

/** A result on the screen: labelmap, derived images, and the measurement that follows the edits. */
export class OpenResult {
  measurement: Measurement;
  edited: boolean;
  created: Date;
  representativeSlices: SliceChoices;
  private labels: LabelVolume;
  private labelmap: HydropsLabelmap | null = null;
  private guard: EditGuard | null = null;
  private unfollow: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly automatic: LabelVolume;
  /** The measurement that runs, or the last one. */
  private measuring: Promise<void> = Promise.resolve();
  /** How many measurements were begun: a later one overtakes those before. */
  private turn = 0;
  /** True when the labels have changed since the last measurement was begun, or it failed. */
  private isStale = false;
  private automaticImages: OrganImages = {};

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
    result.guard = guardOf(session, result.labelmap, input);
    result.unfollow = result.labelmap.follow(() => result.onEdit());
    return result;
  }

  /** Shows derived images, labels and numbers. */
  async show(): Promise<void> {
    const { session, input } = this;
    const { prepared } = input;
    session.images.showDerived(prepared, input.read, this.labels.data);
    this.publish({
      measuredWith: input.measuredWith,
      stack: stackOf(prepared.hydrops, prepared.images),
    });
    await session.images.showRegion();
    const first = firstOrgan(this.measurement);
    const point = first && this.placeOf(first.ear, first.organ);
    if (point) await session.images.goTo({ point });
  }

  /** The region that is measured, as the reader sees it now. */
  roi(): Roi {
    const { endolymph } = this.input.prepared;
    return { labels: this.currentLabels(), isEndolymph: (n) => endolymph[n] === 1 };
  }

  /** The labels as the reader sees them now. */
  currentLabels(): LabelVolume {
    if (this.labelmap?.exists()) this.labels = this.labelmap.read(this.labels);
    return this.labels;
  }

  hasChosenSlices(): boolean {
    return Object.values(this.representativeSlices).some((ofEar) => Object.keys(ofEar).length > 0);
  }

  /** @param slice k; the automatic one, or null for it, is no choice of the reader's. */
  setRepresentativeSlice(ear: EarSide, organ: Organ, slice: number | null): void {
    const automatic = this.automaticImages[ear]?.[organ];
    const { images } = this.input.prepared;
    const { [organ]: _before, ...others } = this.representativeSlices[ear] ?? {};
    const isChoice = slice !== null && !(automatic && sliceOfImage(images, automatic) === slice);
    this.representativeSlices = {
      ...this.representativeSlices,
      [ear]: isChoice ? { ...others, [organ]: slice } : others,
    };
    this.remeasure();
  }

  /** Back to the automatic labels of an organ; without one, to the automatic labels and slices. */
  reset(target?: OrganName): void {
    clearTimeout(this.timer);
    if (target) {
      this.labels = withAutomaticOrgan(this.currentLabels(), this.automatic, target);
    } else {
      this.representativeSlices = {};
      this.labels = this.automatic;
    }
    if (this.labelmap?.exists()) {
      this.labelmap.write(this.labels);
      this.guard?.accept();
    }
    this.remeasure();
  }

  /**
   * Brings the viewports to a slice k, by default the organ's representative one, enlarges its ear and makes its segment
   * the active one.
   */
  async goTo(ear: EarSide, organ: Organ, slice?: number): Promise<void> {
    const segment = SEGMENTS.find((one) => one.ear === ear && one.organ === organ);
    if (segment) this.labelmap?.activate(segment.number);
    const point = this.placeOf(ear, organ, slice);
    if (!point) return;
    const middle = earCentersOf(this.labels)[ear];
    await this.session.images.goTo({ point, middle, halfHeight: EAR_FIELD / 2 });
  }

  /** LPS mm: the middle of an organ on slice k, by default the one on which its area is measured. */
  private placeOf(ear: EarSide, organ: Organ, k?: number): Vector3 | undefined {
    const image = this.measurement.ears[ear]?.[organ]?.area?.image;
    const slice =
      k ??
      this.representativeSlices[ear]?.[organ] ??
      (image && sliceOfImage(this.input.prepared.images, image));
    return slice === undefined ? undefined : placeOnSlice(this.labels, ear, organ, slice);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.guard?.dispose();
    this.turn++;
    this.unfollow();
    this.labelmap = null;
    this.input.held.dispose();
  }

  /**
   * Resolves once `measurement` is of the labels as they stand: an edit just made is measured first.
   * @throws RefusedInputError where they cannot be measured.
   */
  async settled(): Promise<void> {
    if (this.isStale) this.remeasure();
    let awaited: Promise<void>;
    do {
      awaited = this.measuring;
      await awaited;
    } while (awaited !== this.measuring);
  }

  private onEdit(): void {
    if (this.guard && !this.guard.check()) return;
    clearTimeout(this.timer);
    this.isStale = true;
    this.timer = setTimeout(() => this.remeasure(), SETTLE_MS);
  }

  private remeasure(): void {
    clearTimeout(this.timer);
    this.isStale = false;
    const turn = ++this.turn;
    this.measuring = this.measureAgain(turn);
    this.measuring.catch((error: unknown) => {
      if (turn !== this.turn || this.session.ended) return;
      // Tried again with the next edit or save.
      this.isStale = true;
      this.session.service.update({ problem: problemOf(error, 'compute') });
    });
  }

  /** Of a measurement that a later one has overtaken nothing is shown. */
  private async measureAgain(turn: number): Promise<void> {
    const labels = this.currentLabels();
    const created = new Date();
    const { held } = this.input;
    const measurement = await held.measure(
      labels,
      this.representativeSlices,
      this.input.measurement.timings
    );
    if (turn !== this.turn) return;
    this.edited = readerChoices(measurement).some(({ kind }) => kind === 'region');
    this.created = created;
    this.measurement = measurement;
    this.session.service.update({ save: { status: 'none', message: '' }, saveItems: [] });
    this.publish();
    this.session.saver.resultChanged();
  }

  private publish(more: Partial<HydropsState> = {}): void {
    this.automaticImages = automaticImages(this.measurement, this.automaticImages);
    this.session.service.update({
      measurement: this.measurement,
      edited: this.edited,
      representativeImages: {
        chosen: imagesAt(this.input.prepared.images, this.representativeSlices),
        automatic: this.automaticImages,
      },
      ...more,
    });
  }
}

/** An ear's middle is that of its automatic labels; where it has none, of the crop that was segmented. */
function guardOf(
  session: HydropsSession,
  labelmap: HydropsLabelmap,
  { labels, automatic, ears }: OpenResultInput
): EditGuard {
  const crops = Object.fromEntries(ears.map(({ side, center }) => [side, center]));
  const centers = { ...crops, ...earCentersOf(automatic ?? labels) };
  return new EditGuard(labelmap, labels, centers, (refusals) => {
    forgetEmptyEdit(labelmap.segmentationId);
    const { code, title, message } = refusalNotice(refusals);
    session.services.uiNotificationService?.show({
      id: code,
      title,
      message,
      type: 'warning',
      duration: NOTICE_MS,
      // The host keeps back a notice that it has shown in the last half minute.
      allowDuplicates: true,
    });
  });
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
  for (const ear of EAR_SIDES) {
    for (const organ of ORGAN_KEYS) {
      if (measurement.ears[ear]?.[organ]?.area) return { ear, organ };
    }
  }
  return null;
}
