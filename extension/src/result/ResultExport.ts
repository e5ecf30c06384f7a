import { RefusedInputError } from '@inner-ear-hydrops/core';
import { messageOf, problemOf } from '../state/problems';
import { failed, refused, type Store } from '../state/transitions';
import { downloadResult } from './downloadResult';
import type { OpenResult } from './OpenResult';
import { exportReport, type ReportFormat } from './report/exportReport';
import type { ResultEncoder } from './ResultEncoder';

export interface ResultExportParts {
  store: Store;
  /** The result on the screen. */
  result(): OpenResult | null;
  encoder: Pick<ResultEncoder, 'take' | 'encode'>;
}

/** The commands that hand the open result out: as a report, or as files. */
export class ResultExport {
  constructor(private readonly parts: ResultExportParts) {}

  /** @returns the report's text, or null where there is no result. */
  async report(format: ReportFormat): Promise<string | null> {
    const { store } = this.parts;
    const result = this.parts.result();
    if (!result) {
      store.apply(refused('There is no result to report yet.', 'store'));
      return null;
    }
    try {
      return await exportReport(store.getState(), result, format);
    } catch (error) {
      const remedy = 'Print the report instead, or allow this page to write to the clipboard.';
      const refusal = new RefusedInputError('report-not-copied', messageOf(error), remedy);
      store.apply(failed({ ...problemOf(refusal, 'store'), retry: null }));
      return null;
    }
  }

  async download(): Promise<void> {
    const { store, encoder } = this.parts;
    const result = this.parts.result();
    if (!result) return store.apply(refused('There is no result to download yet.', 'store'));
    try {
      await downloadResult(encoder, result, store.getState().saveParts);
    } catch (error) {
      store.apply(failed(problemOf(error, 'store')));
    }
  }
}
