import type {
  EarFinding,
  LabelVolume,
  Measurement,
  ModelIdentity,
  Role,
  SliceChoices,
  Vector3,
} from '@inner-ear-hydrops/core';
import type { HydropsLabelmap } from '../host/labelmap';
import type { DisplaySet, NotificationService } from '../host/types';
import type { History } from '../state/History';
import type { MeasuredWith } from '../state/HydropsState';
import type { Store } from '../state/transitions';
import type { HeldStudy } from '../study/Engine';
import type { ReadResult } from '../study/readSeries';
import type { ShownImages } from '../worker';
import type { GuardedLabelmap } from './editGuard';

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

/** Where the images and labels of a result are shown. */
export interface ResultImages {
  openLabelmap(mrc: DisplaySet, read: ReadResult, labels: LabelVolume): Promise<ResultLabelmap>;
  /** @param region on MRC's grid: where it is not zero, the windows are to show the values well */
  showDerived(
    prepared: ShownImages,
    read: Partial<Record<Role, ReadResult>>,
    region: Uint8Array
  ): void;
  /** Shows labels and region wherever they can be. */
  showRegion(): Promise<void>;
  goTo(target: { point: Vector3; middle?: Vector3; halfHeight?: number }): Promise<void>;
}

/** The labels as the reader edits them. */
export type ResultLabelmap = Pick<
  HydropsLabelmap,
  'segmentationId' | 'exists' | 'read' | 'write' | 'follow' | 'activate'
> &
  GuardedLabelmap;

export interface OpenResultParts {
  store: Store;
  images: ResultImages;
  mrc(): DisplaySet | undefined;
  history: Pick<History, 'changed' | 'forget'>;
  /** Shows a notice in a corner of the viewer. */
  notify(notice: Parameters<NotificationService['show']>[0]): void;
  /** Called when the result is no longer what was saved. */
  onChange(): void;
}
