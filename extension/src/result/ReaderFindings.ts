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

/** Text of one field, typed without a longer pause, is taken back at once. */
const TYPING_MS = 2000;

/** The reader's own findings, beside the measurement. */
export class ReaderFindings {
  private typing: { field: string; until: number; join(after: Findings): boolean } | null = null;

  constructor(private readonly parts: ReaderFindingsParts) {}

  /** @param ear absent for a field of the study. */
  set(field: string, value: string, ear?: EarSide): void {
    const { store } = this.parts;
    const before = store.getState().findings;
    const findings = withField(before, field, value, ear);
    if (findings === before) return;
    this.put(findings);
    // Grades are chosen, not typed.
    const now = Date.now();
    const { typing } = this;
    const goesOn = !ear && typing?.field === field && now < typing.until && typing.join(findings);
    const join = goesOn
      ? typing.join
      : this.parts.history.changed(before, findings, (of) => this.put(of));
    this.typing = ear ? null : { field, until: now + TYPING_MS, join };
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
