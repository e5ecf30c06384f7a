import { EAR_SIDES, RefusedInputError } from '@inner-ear-hydrops/core';
import type { Measurement } from '@inner-ear-hydrops/core';
import type { EncodedPart, RestoreOptions } from '@inner-ear-hydrops/core/dicom';
import type { Archive } from '../host/Archive';
import { choicesOf } from '../state/choices';
import type { Findings } from '../state/findingFields';
import { INITIAL_STATE, type HydropsState } from '../state/HydropsState';
import { choicesRestored, resultRestored, type Store } from '../state/transitions';
import { openSegmentation, type SegmentationParts } from './openSegmentation';
import type { ResultHolder } from './ResultHolder';
import type { Work } from './Work';

/** A segmentation in the archive: a result of ours, or another software's. */
export interface StoredSegmentation {
  seriesInstanceUid: string;
  sopInstanceUid: string;
  label: string;
}

/** What this browser keeps. */
export interface KeptResultSource {
  /** Null when another tab has taken it. */
  read(id: string): Promise<{ result: { findings?: Findings }; parts: EncodedPart[] } | null>;
  /** A kept result has become the open result. */
  adopt(id: string): void;
}

export interface ResultOpeningParts extends Omit<SegmentationParts, 'method'> {
  store: Store;
  work: Pick<Work, 'run'>;
  archive: Pick<Archive, 'fetch'>;
  kept: KeptResultSource;
  result: Pick<ResultHolder, 'open'>;
  /** The site's name for the reader; empty where it has none. */
  reader: string;
}

interface Opening {
  /** What the archive lists it as, where it is one of ours there. */
  stored?: StoredSegmentation;
  /** The reader's findings where they are later than the file. */
  findings?: Findings;
  /** What this browser cannot keep of the result on the screen is discarded. */
  discardUnsaved: boolean;
  /** What applies to a segmentation of other software alone. */
  foreign?: Pick<RestoreOptions, 'assigned' | 'choices'>;
}

/** Opens results that exist: the archive's, another software's region, and those that this browser keeps. */
export class ResultOpening {
  constructor(private readonly parts: ResultOpeningParts) {}

  /** Reads a stored result back; without UIDs the newest. */
  async loadStored(
    uids: { seriesInstanceUid?: string; sopInstanceUid?: string },
    discardUnsaved = false
  ): Promise<void> {
    const load = async (signal: AbortSignal) => {
      const stored = this.parts.store.getState().storedResults;
      const chosen = uids.sopInstanceUid
        ? stored.find((candidate) => candidate.sopInstanceUid === uids.sopInstanceUid)
        : stored[0];
      if (!chosen) {
        throw new RefusedInputError(
          'no-result',
          'The archive holds no result of Inner Ear Hydrops for this study.',
          'Press Compute EH to make a result.'
        );
      }
      await this.open(await this.fetch(chosen), signal, { stored: chosen, discardUnsaved });
    };
    await this.parts.work.run('load', load, { retry: 'loadHydropsResults', retryOptions: uids });
  }

  /** Takes another software's segmentation of the organs as the region to measure. */
  async useAsRoi(segmentation: StoredSegmentation, discardUnsaved = false): Promise<void> {
    const { seriesInstanceUid, sopInstanceUid, label } = segmentation;
    await this.parts.work.run(
      'load',
      async (signal) => {
        const state = this.parts.store.getState();
        const assigned = state.segmentAssignments[sopInstanceUid];
        // Its ears lie where it was drawn, wherever the reader had the network look.
        const choices = choicesOf({ ...state, earCenters: {} });
        const foreign = { assigned, choices };
        await this.open(await this.fetch(segmentation), signal, { discardUnsaved, foreign });
      },
      {
        retry: 'useSegmentationAsRoi',
        retryOptions: { seriesInstanceUid, sopInstanceUid, label },
      }
    );
  }

  /** Opens a result that this browser has kept. */
  async restoreUnsaved(id: string, discardUnsaved = false): Promise<void> {
    const restore = async (signal: AbortSignal) => {
      const kept = await this.parts.kept.read(id);
      const object = kept?.parts.find(({ part }) => part === 'segmentation')?.objects[0];
      if (!kept || !object) {
        throw new RefusedInputError(
          'not-kept',
          'This browser no longer keeps the labels of that result.',
          'Look for it among the stored results.'
        );
      }
      const { findings } = kept.result;
      await this.open(object.file, signal, { findings, discardUnsaved });
      this.parts.kept.adopt(id);
    };
    await this.parts.work.run('load', restore, {
      retry: 'restoreUnsavedResult',
      retryOptions: { id },
    });
  }

  /** @throws RefusedInputError `archive-…` */
  private fetch({ seriesInstanceUid, sopInstanceUid, label }: StoredSegmentation) {
    const uids = {
      studyInstanceUID: this.parts.store.getState().studyInstanceUid ?? '',
      seriesInstanceUID: seriesInstanceUid,
      sopInstanceUID: sopInstanceUid,
    };
    return this.parts.archive.fetch(uids, `the stored result "${label}"`);
  }

  private async open(
    file: ArrayBuffer,
    signal: AbortSignal,
    { stored, findings: later, discardUnsaved, foreign }: Opening
  ): Promise<void> {
    const { store, reader } = this.parts;
    const method = () => store.getState().method;
    const parts = { ...this.parts, method };
    const { input, findings } = await openSegmentation(parts, file, signal, foreign);
    const restored = later ?? findings ?? { ...INITIAL_STATE.findings, reader };
    const foundEars = softwaresEars(input.measurement);
    const choices = { ...input.measuredWith, findings: restored, foundEars };
    await this.parts.result.open(input, { before: choicesRestored(choices), discardUnsaved });
    store.apply(resultRestored(input, stored));
  }
}

/** LPS mm: where the software had found the ears of a stored result, also where the reader then moved them. */
function softwaresEars({ choices, earPositions }: Measurement): HydropsState['foundEars'] {
  return Object.fromEntries(
    EAR_SIDES.flatMap((ear) => {
      const isReaders = choices.ears[ear] === 'reader';
      const found = isReaders ? choices.automatic?.ears[ear] : earPositions?.[ear];
      return found ? [[ear, found]] : [];
    })
  );
}
