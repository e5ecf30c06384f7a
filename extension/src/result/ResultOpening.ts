import { RefusedInputError } from '@inner-ear-hydrops/core';
import { INITIAL_STATE } from '../state/HydropsState';
import { OpenResult } from './OpenResult';
import { fetchSegmentation, openSegmentation, type StoredSegmentation } from './resultFiles';
import type { HydropsSession } from '../session';

/** Opens results that exist: the archive's, another software's region, and those that this browser keeps. */
export class ResultOpening {
  constructor(private readonly session: HydropsSession) {}

  /** Reads a stored result back; without UIDs the newest one. */
  async loadStored(uids: { seriesInstanceUid?: string; sopInstanceUid?: string }): Promise<void> {
    await this.session.run('load', async (signal) => {
      const stored = this.session.service.getState().storedResults;
      const chosen = uids.sopInstanceUid
        ? stored.find((one) => one.sopInstanceUid === uids.sopInstanceUid)
        : stored[0];
      if (!chosen) {
        throw new RefusedInputError(
          'no-result',
          'The archive holds no result of Inner Ear Hydrops for this study.',
          'Press Compute EH to make one.'
        );
      }
      await this.openFile(await fetchSegmentation(this.session, chosen), signal);
      this.session.service.update({
        save: { status: 'saved', message: `Restored from the archive: ${chosen.label}` },
      });
    });
  }

  /** Takes another software's segmentation of the organs as the region to measure. */
  async useAsRoi(segmentation: StoredSegmentation): Promise<void> {
    await this.session.run('load', async (signal) => {
      await this.openFile(await fetchSegmentation(this.session, segmentation), signal);
      this.session.service.update({ save: { status: 'none', message: '' } });
    });
  }

  /** Opens a result that this browser has kept. */
  async restoreUnsaved(id: string): Promise<void> {
    await this.session.run('load', async (signal) => {
      const kept = await this.session.saver.keeper.read(id);
      const object = kept?.parts.find(({ part }) => part === 'segmentation')?.objects[0];
      if (!object) {
        throw new RefusedInputError(
          'not-kept',
          'This browser does not keep the labels of that result any more.',
          'Look for it among the stored results.'
        );
      }
      await this.openFile(object.file, signal);
      this.session.saver.keeper.adopt(id);
      this.session.service.update({ save: { status: 'none', message: '' } });
    });
  }

  private async openFile(file: ArrayBuffer, signal: AbortSignal): Promise<void> {
    const { input, reading } = await openSegmentation(this.session, file, signal);
    // Before the result is shown, so that it is not taken for a change of the reader's.
    this.session.service.update({
      reading: reading ?? {
        ...INITIAL_STATE.reading,
        reader: this.session.config.readerName ?? '',
      },
      saveItems: [],
    });
    const result = await OpenResult.create(this.session, input);
    const { method, earCenters } = input.measuredWith;
    this.session.service.update({ method, earCenters });
    await this.session.open(result);
    this.session.service.update({
      status: 'ready',
      backend: input.backend,
      model: input.model ?? this.session.service.getState().model,
    });
  }
}
