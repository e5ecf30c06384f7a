import {
  earCentersOf,
  nextTask,
  readerChoices,
  SEGMENTS,
  sliceOfImage,
} from '@inner-ear-hydrops/core';
import type {
  EarSide,
  LabelVolume,
  Measurement,
  Organ,
  SliceChoices,
  Vector3,
} from '@inner-ear-hydrops/core';
import type { OrganImages } from '../state/HydropsState';
import { automaticImages, imagesAt, stackOf } from '../state/imageStack';
import { problemOf } from '../state/problems';
import { failed, measuredAgain, resultShown, type Measured } from '../state/transitions';
import type { EditGuard } from './editGuard';
import { guardLabels } from './guardLabels';
import { firstOrgan, placeOnSlice } from './organPlace';
import { withAutomaticOrgan } from './resetOrgan';
import type { OpenResultInput, OpenResultParts, ResultLabelmap } from './resultParts';

export interface OrganName {
  ear: EarSide;
  organ: Organ;
}

/** What a measurement is made of. */
interface Region {
  labels: LabelVolume;
  slices: SliceChoices;
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
  private labelmap: ResultLabelmap | null = null;
  private guard: EditGuard | null = null;
  private unfollow: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly automatic: LabelVolume;
  /** The measurement that runs, or the last measurement. */
  private measuring: Promise<void> = Promise.resolve();
  /** How many measurements were begun: a later measurement overtakes those before. */
  private turn = 0;
  /** The measurement that was shown last. */
  private shownTurn = 0;
  /** True when the labels have changed since the last measurement was begun, or it failed. */
  private isStale = false;
  private automaticImages: OrganImages = {};

  private constructor(
    private readonly parts: OpenResultParts,
    readonly input: OpenResultInput
  ) {
    this.labels = input.labels;
    this.automatic = input.automatic ?? input.labels;
    this.measurement = input.measurement;
    this.edited = input.edited;
    this.created = input.created;
    this.representativeSlices = input.representativeSlices;
  }

  static async create(parts: OpenResultParts, input: OpenResultInput): Promise<OpenResult> {
    const result = new OpenResult(parts, input);
    const mrc = parts.mrc();
    const read = input.read.mrc;
    if (!mrc || !read) throw new Error('A result needs the MRC series that it belongs to.');
    result.labelmap = await parts.images.openLabelmap(mrc, read, input.labels);
    // Undone into these labels, a stroke would put voxels of the labels before among them.
    parts.history.forget();
    result.guard = guardLabels(parts, result.labelmap, input);
    result.unfollow = result.labelmap.follow(() => result.onEdit());
    return result;
  }

  /** Shows derived images, labels and numbers. */
  async show(): Promise<void> {
    const { input } = this;
    const { store, images } = this.parts;
    const { prepared } = input;
    await nextTask();
    images.showDerived(prepared, input.read, this.labels.data);
    await nextTask();
    store.apply(
      resultShown({
        ...this.measured(),
        measuredWith: input.measuredWith,
        stack: stackOf(prepared.hydrops, prepared.images),
      })
    );
    await nextTask();
    await images.showRegion();
    const first = firstOrgan(this.measurement);
    const point = first && this.placeOf(first.ear, first.organ);
    if (point) await images.goTo({ point });
  }

  /** The region that is measured, as the reader sees it now. */
  roi(): { labels: LabelVolume; isEndolymph: (n: number) => boolean } {
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

  /** @param slice k; the automatic slice, or null for it, is not a choice of the reader's. */
  setRepresentativeSlice(ear: EarSide, organ: Organ, slice: number | null): void {
    const automatic = this.automaticImages[ear]?.[organ];
    const { images } = this.input.prepared;
    const { [organ]: _before, ...others } = this.representativeSlices[ear] ?? {};
    const isChoice = slice !== null && !(automatic && sliceOfImage(images, automatic) === slice);
    const before = this.representativeSlices;
    const after = { ...before, [ear]: isChoice ? { ...others, [organ]: slice } : others };
    const put = (slices: SliceChoices) => {
      this.representativeSlices = slices;
      this.remeasure();
    };
    put(after);
    this.parts.history.changed(before, after, put);
  }

  /** Back to the automatic labels of an organ; without an organ, to the automatic labels and slices. */
  reset(target?: OrganName): void {
    const before: Region = { labels: this.currentLabels(), slices: this.representativeSlices };
    const after: Region = target
      ? { ...before, labels: withAutomaticOrgan(before.labels, this.automatic, target) }
      : { labels: this.automatic, slices: {} };
    this.put(after);
    this.guard?.accept();
    this.parts.history.changed(before, after, (region) => {
      this.put(region);
      this.guard?.resume();
    });
  }

  private put({ labels, slices }: Region): void {
    this.labels = labels;
    this.representativeSlices = slices;
    if (this.labelmap?.exists()) this.labelmap.write(labels);
    this.remeasure();
  }

  /**
   * Brings the viewports to a slice k, by default the organ's representative slice, enlarges its ear and makes its segment
   * the active segment.
   */
  async goTo(ear: EarSide, organ: Organ, slice?: number): Promise<void> {
    const segment = SEGMENTS.find(
      (candidate) => candidate.ear === ear && candidate.organ === organ
    );
    if (segment) this.labelmap?.activate(segment.number);
    const point = this.placeOf(ear, organ, slice);
    if (!point) return;
    const middle = earCentersOf(this.labels)[ear];
    await this.parts.images.goTo({ point, middle, halfHeight: EAR_FIELD / 2 });
  }

  /** LPS mm: the middle of an organ on slice k, by default the slice on which its area is measured. */
  private placeOf(ear: EarSide, organ: Organ, k?: number): Vector3 | undefined {
    const image = this.measurement.ears[ear]?.[organ]?.area?.image;
    const slice =
      k ??
      this.representativeSlices[ear]?.[organ] ??
      (image && sliceOfImage(this.input.prepared.images, image));
    return slice === undefined ? undefined : placeOnSlice(this.labels, ear, organ, slice);
  }

  /** The viewer is about to forget the labelmap: the labels stay as the reader left them, to be measured and kept. */
  leave(): void {
    this.labels = this.currentLabels();
    this.letGo();
  }

  private letGo(): void {
    clearTimeout(this.timer);
    this.guard?.dispose();
    this.unfollow();
    this.labelmap = null;
  }

  /** The labelmap holds the labels of the next result by now. */
  dispose(): void {
    this.letGo();
    this.turn++;
    this.input.held.dispose();
  }

  /** Whether `measurement` is of the labels as they stand; where it is not, `settled` waits for that. */
  isSettled(): boolean {
    return !this.isStale && this.shownTurn === this.turn;
  }

  /**
   * Resolves once `measurement` is of the labels as they stand: an edit just made is measured first.
   * @throws RefusedInputError where they cannot be measured.
   */
  async settled(): Promise<void> {
    let awaited: Promise<void>;
    do {
      if (this.isStale) this.remeasure();
      awaited = this.measuring;
      await awaited;
    } while (awaited !== this.measuring || this.isStale);
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
      if (turn !== this.turn) return;
      // Tried again with the next edit or save.
      this.isStale = true;
      this.parts.store.apply(failed(problemOf(error, 'compute')));
    });
  }

  /** Nothing is shown of a measurement that a later measurement has overtaken. */
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
    this.shownTurn = turn;
    this.parts.store.apply(measuredAgain(this.measured()));
    this.parts.onChange();
  }

  private measured(): Measured {
    const { images } = this.input.prepared;
    this.automaticImages = automaticImages(this.measurement, this.automaticImages);
    return {
      measurement: this.measurement,
      edited: this.edited,
      representativeImages: {
        chosen: imagesAt(images, this.representativeSlices),
        automatic: this.automaticImages,
      },
    };
  }
}
