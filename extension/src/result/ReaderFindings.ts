import type { EarSide } from '@inner-ear-hydrops/core';
import type { History } from '../state/History';
import { isEmptyReading, withField, type Reading } from '../state/readingFields';
import { findingStated, resultRead, type Store } from '../state/transitions';
import type { OpenResult } from './OpenResult';

export interface ReaderFindingsParts {
  store: Store;
  /** The result on the screen. */
  result(): Pick<OpenResult, 'created'> | null;
  history: Pick<History, 'changed'>;
  /** Called when a result's findings are no longer those that were saved. */
  onChange(): void;
}

/** The reader's own findings, beside the measurement. */
export class ReaderFindings {
  constructor(private readonly parts: ReaderFindingsParts) {}

  /** @param ear absent for a field of the study. */
  set(field: string, value: string, ear?: EarSide): void {
    const { store } = this.parts;
    const before = store.getState().reading;
    const reading = withField(before, field, value, ear);
    if (reading === before) return;
    this.put(reading);
    this.parts.history.changed(before, reading, (of) => this.put(of));
  }

  private put(reading: Reading): void {
    const { store } = this.parts;
    const before = store.getState().reading;
    const result = this.parts.result();
    // A name alone states nothing of the result.
    if (!result || (isEmptyReading(before) && isEmptyReading(reading))) {
      return store.apply(findingStated(reading));
    }
    result.created = new Date();
    store.apply(resultRead(reading));
    this.parts.onChange();
  }
}
