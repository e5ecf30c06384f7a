import { earCentersOf, measure, sliceOfImage } from '@inner-ear-hydrops/core';
import type {
  Choices,
  EarFinding,
  EarSide,
  LabelVolume,
  Measurement,
  ModelIdentity,
  Organ,
  PreparedStudy,
  Role,
  Warning,
} from '@inner-ear-hydrops/core';
import { HydropsLabelmap } from './labelmap';
import { automaticImages, imagesAt, stackOf } from './imageStack';
import { withAutomaticOrgan } from './resetOrgan';
import { goToImage, settleOnImage, showEar, viewportsShowing } from './viewports';
import { showDerived } from './showDerived';
import type { HydropsSession } from './session';
import type { HydropsState, MeasuredWith, OrganImages } from './state';
import type { ReadResult } from './reading';

/** Slices k; they stay inside, the state names images. */
export type SliceChoices = Partial<Record<EarSide, Partial<Record<Organ, number>>>>;

export interface OrganName {
  ear: EarSide;
  organ: Organ;
}

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
  /** Who chose method, roles and ear positions; absent in results of the first version. */
  choices?: Choices;
  measuredWith: MeasuredWith;
  edited: boolean;
  created: Date;
  /** Those that the reader chose. */
  representativeSlices: SliceChoices;
}

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
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly automatic: LabelVolume;
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
    result.labelmap = await HydropsLabelmap.create(
      session.services,
      mrc,
      read.imageIds,
      input.labels,
      () => result.onEdit()
    );
    return result;
  }

  /** Shows derived images, labels and numbers. */
  async show(): Promise<void> {
    const { session, input } = this;
    const { prepared } = input;
    showDerived(session, prepared, input.read, this.labels.data);
    this.publish({
      measuredWith: input.measuredWith,
      stack: stackOf(prepared.mrc, prepared.images),
    });
    const mrc = session.displaySetOf('mrc');
    if (!mrc) return;
    const viewports = viewportsShowing(session.services, mrc.displaySetInstanceUID);
    for (const { viewportId } of viewports) await this.labelmap?.showIn(viewportId);
    const first = firstOrgan(this.measurement);
    const imageId = first ? this.imageIdOf(first.ear, first.organ) : undefined;
    if (!imageId) return;
    const mi2 = session.derived.displaySetUid('hydrops-mi2');
    await settleOnImage(session.services, mrc.displaySetInstanceUID, imageId, mi2);
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
    if (this.labelmap?.exists()) this.labelmap.write(this.labels);
    this.remeasure();
  }

  /** Brings the viewports to a slice k, by default the organ's representative one, and enlarges its ear. */
  async goTo(ear: EarSide, organ: Organ, slice?: number): Promise<void> {
    const mrc = this.session.displaySetOf('mrc');
    const imageId =
      slice === undefined ? this.imageIdOf(ear, organ) : this.input.read.mrc?.imageIds[slice];
    if (!mrc || !imageId) return;
    await goToImage(this.session.services, mrc.displaySetInstanceUID, imageId);
    const center = earCentersOf(this.labels)[ear];
    if (center) showEar(this.session.services, center);
  }

  /** Image id of the slice on which the organ's area is measured. */
  private imageIdOf(ear: EarSide, organ: Organ): string | undefined {
    const image = this.measurement.ears[ear]?.[organ]?.area?.image;
    const slice =
      this.representativeSlices[ear]?.[organ] ??
      (image && sliceOfImage(this.input.prepared.images, image));
    return slice === undefined ? undefined : this.input.read.mrc?.imageIds[slice];
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.labelmap?.dispose();
    this.labelmap = null;
  }

  private onEdit(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.remeasure(), SETTLE_MS);
  }

  private remeasure(): void {
    const labels = this.currentLabels();
    const { prepared, anatomy, ears, model, extraWarnings, choices } = this.input;
    const changed = !sameLabels(labels, this.automatic);
    this.edited = changed;
    this.created = new Date();
    const measurement = measure({
      prepared,
      labels,
      anatomy,
      ears,
      automatic: model ? this.automatic : undefined,
      choices,
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

function sameLabels(a: LabelVolume, b: LabelVolume): boolean {
  return a.data.length === b.data.length && a.data.every((value, index) => value === b.data[index]);
}

function firstOrgan(measurement: Measurement): { ear: EarSide; organ: Organ } | null {
  for (const ear of ['left', 'right'] as const) {
    for (const organ of ['cochlea', 'vestibule'] as const) {
      if (measurement.ears[ear]?.[organ]?.area) return { ear, organ };
    }
  }
  return null;
}
