import type { EarSide } from '@inner-ear-hydrops/core';
import type { History } from '../state/History';
import { hasNoFindings, withField, type Findings } from '../state/findingFields';
import { findingStated, resultFindingStated, type Store } from '../state/transitions';
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
    const before = store.getState().findings;
    const findings = withField(before, field, value, ear);
    if (findings === before) return;
    this.put(findings);
    this.parts.history.changed(before, findings, (of) => this.put(of));
  }

  private put(findings: Findings): void {
    const { store } = this.parts;
    const before = store.getState().findings;
    const result = this.parts.result();
    // A name alone states nothing of the result.
    if (!result || (hasNoFindings(before) && hasNoFindings(findings))) {
      return store.apply(findingStated(findings));
    }
    result.created = new Date();
    store.apply(resultFindingStated(findings));
    this.parts.onChange();
  }
}
