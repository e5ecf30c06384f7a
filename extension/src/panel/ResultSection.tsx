import { useEffect, useRef, type ReactNode } from 'react';
import { METHODS, readerChoices, resultOrigin } from '@inner-ear-hydrops/core';
import type { Measurement, ResultOrigin, Warning } from '@inner-ear-hydrops/core';
import { outOfDate } from '../state/outOfDate';
import type { HydropsState } from '../state/HydropsState';
import { DetailsSection } from './DetailsSection';
import { Grades } from './Grades';
import { ReaderSection } from './ReaderSection';
import { RepresentativeSlices } from './RepresentativeSlices';
import { ResultTable } from './ResultTable';
import { SaveSection } from './SaveSection';
import { SliceList } from './SliceList';
import type { PanelService } from './service';
import { CountedWarnings, Warnings } from './Warnings';
import { list } from './words';

interface Props {
  state: HydropsState;
  measurement: Measurement;
  service: PanelService;
}

const OUT_OF_DATE_ID = 'out-of-date';

/** The numbers with a line that counts the warnings, the warnings in full, then what may be done with the result. */
export function ResultSection({ state, measurement, service }: Props) {
  const changes = outOfDate(state);
  const outOfDateId = changes.length > 0 ? OUT_OF_DATE_ID : undefined;
  const { label, formula } = METHODS[measurement.method];
  const section = useRef<HTMLElement>(null);
  // A new result, not one that is measured again.
  useEffect(() => toTop(section.current), [state.measuredWith]);
  const warnings = notYetSaid(state, measurement);
  return (
    <section aria-label="Result" ref={section}>
      <h2>
        EH ratio
        <Origin measurement={measurement} isOutOfDate={changes.length > 0} />
      </h2>
      <div className="out-of-date-words" id={OUT_OF_DATE_ID} aria-live="polite">
        {changes.length > 0 && (
          <p>
            <strong>Out of date:</strong> {list(changes)}. Press Compute EH.
          </p>
        )}
      </div>
      <OfResult outOfDateId={outOfDateId}>
        <ReadersChoices measurement={measurement} />
        <CountedWarnings warnings={warnings} label="Warnings" />
        <ResultTable measurement={measurement} outOfDateId={outOfDateId} service={service} />
        <Grades measurement={measurement} outOfDateId={outOfDateId} />
        <p className="caption">
          {label}: endolymph is {formula}. Area ratio: on the representative slice of{' '}
          {mrcName(state)}. Volume ratio: in the whole stack. Do not compare one with the other.
        </p>
        <Warnings warnings={warnings} label="Warnings" />
      </OfResult>
      <SaveSection state={state} service={service} />
      <ReaderSection state={state} service={service} />
      <OfResult outOfDateId={outOfDateId}>
        <RepresentativeSlices state={state} measurement={measurement} service={service} />
        <SliceList measurement={measurement} service={service} />
        <DetailsSection measurement={measurement} />
      </OfResult>
    </section>
  );
}

/** Brings the result to the upper edge of the panel, and moves neither the focus nor what lies around the panel. */
function toTop(section: HTMLElement | null): void {
  const root = section?.getRootNode();
  if (!section || !(root instanceof ShadowRoot)) return;
  const panel = root.host;
  panel.scrollTop += section.getBoundingClientRect().top - panel.getBoundingClientRect().top;
}

/** All that hangs on the result looks out of date where the result is; the words stand once, above. */
function OfResult(props: { outOfDateId: string | undefined; children: ReactNode }) {
  return <div className={props.outOfDateId && 'out-of-date'}>{props.children}</div>;
}

/** The result's warnings without those that stand beside the series already, in the same words. */
function notYetSaid({ roleWarnings }: HydropsState, { warnings }: Measurement): Warning[] {
  const said = new Set(roleWarnings.map(({ message }) => message));
  return warnings.filter(({ message }) => !said.has(message));
}

function mrcName({ stack }: HydropsState): string {
  const number = stack?.images[0]?.seriesNumber ?? null;
  return number === null ? 'MRC' : `MRC (series ${number})`;
}

const ORIGINS: Record<ResultOrigin, string> = {
  automatic: 'AI result, unedited',
  'choices edited': 'Changed by the reader',
  edited: 'Edited by the reader',
  drawn: 'Not an AI result',
};

function Origin(props: { measurement: Measurement; isOutOfDate: boolean }) {
  const { measurement, isOutOfDate } = props;
  const origin = resultOrigin(measurement);
  const classes = ['badge', origin !== 'automatic' && 'edited', isOutOfDate && 'out-of-date'];
  return <span className={classes.filter(Boolean).join(' ')}>{ORIGINS[origin]}</span>;
}

/** What of the measurement is the reader's; nothing where all is automatic. */
function ReadersChoices({ measurement }: { measurement: Measurement }) {
  const choices = readerChoices(measurement);
  if (choices.length === 0) return null;
  const whose = measurement.model ? 'By the reader' : 'By the reader or other software';
  return (
    <p className="caption readers">
      {whose}: {choices.map(({ text }) => text).join('; ')}. All else is automatic.
    </p>
  );
}
