import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { EarSide } from '@inner-ear-hydrops/core';
import { messageOf, problemOf } from '../state/problems';
import { isEmptyReading, withField } from '../state/readingFields';
import { exportReport, type ReportFormat } from '../result/report/exportReport';
import { downloadResult } from '../result/resultFiles';
import type { HydropsSession } from '../session';
import type { SavePart } from '../state/HydropsState';
import { rememberParts } from './rememberedParts';
import { withPart } from '../state/saveParts';

/** The commands that store, keep, report or hand out the open result. */
export class ResultKeeping {
  constructor(private readonly session: HydropsSession) {}

  async save(): Promise<void> {
    const { result } = this.session;
    if (!result) return this.session.refuse('There is no result to save yet.', 'store');
    await this.store(() => this.session.saver.save(result), true);
  }

  /** Finishes the storing of a result that this browser has kept. */
  async saveUnsaved(id: string): Promise<void> {
    await this.store(() => this.session.saver.resume(id), false);
  }

  /** @param isOpen false for a result that is not the open one, whose state then stays what it was. */
  private async store(work: () => Promise<string>, isOpen: boolean): Promise<void> {
    const { save: before, studyInstanceUid } = this.session.service.getState();
    if (before.status === 'saving') return;
    this.session.service.update({
      save: { status: 'saving', message: 'Saving…' },
      saveItems: [],
      problem: null,
    });
    try {
      const message = await work();
      if (this.session.ended) return;
      const status = isOpen || !this.session.result ? 'saved' : before.status;
      this.session.service.update({ save: { status, message } });
      this.session.refresh();
    } catch (error) {
      if (this.session.ended) return;
      const problem = problemOf(error, 'store');
      this.session.service.update({
        save:
          isOpen || !this.session.result ? { status: 'failed', message: 'Not stored.' } : before,
        // A kept result has its own Save, which tries again.
        problem: isOpen ? problem : { ...problem, retry: null },
      });
      if (studyInstanceUid) await this.session.saver.keeper.offer(studyInstanceUid);
    }
  }

  discardUnsaved(id: string): void {
    void this.session.saver.keeper.discard(id);
  }

  /** Chooses or leaves out a part for this and the next saves in this browser. */
  setSavePart(part: SavePart, chosen: boolean): void {
    const saveParts = withPart(this.session.service.getState().saveParts, part, chosen);
    rememberParts(saveParts);
    this.session.service.update({ saveParts });
  }

  setReaderField(field: string, value: string, ear?: EarSide): void {
    const before = this.session.service.getState().reading;
    const reading = withField(before, field, value, ear);
    if (reading === before) return;
    this.session.service.update({ reading });
    if (!this.session.result || (isEmptyReading(before) && isEmptyReading(reading))) return;
    this.session.result.created = new Date();
    this.session.service.update({ save: { status: 'none', message: '' }, saveItems: [] });
    this.session.saver.resultChanged();
  }

  /** @returns the report's text, or null where there is no result. */
  async exportReport(format: ReportFormat): Promise<string | null> {
    if (!this.session.result) {
      this.session.refuse('There is no result to report yet.', 'store');
      return null;
    }
    try {
      return await exportReport(this.session, this.session.result, format);
    } catch (error) {
      const remedy = 'Print the report instead, or allow this page to write to the clipboard.';
      const refusal = new RefusedInputError('report-not-copied', messageOf(error), remedy);
      this.session.service.update({ problem: { ...problemOf(refusal, 'store'), retry: null } });
      return null;
    }
  }

  async download(): Promise<void> {
    if (!this.session.result)
      return this.session.refuse('There is no result to download yet.', 'store');
    try {
      await downloadResult(this.session, this.session.result);
    } catch (error) {
      if (this.session.ended) return;
      this.session.service.update({ problem: problemOf(error, 'store') });
    }
  }
}
