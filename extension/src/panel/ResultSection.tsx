import type { EarSide, Measurement } from '@inner-ear-hydrops/core';
import type { HydropsState } from '../state';
import { DetailsSection } from './DetailsSection';
import { ReaderSection } from './ReaderSection';
import { RepresentativeSlices } from './RepresentativeSlices';
import { ResultTable } from './ResultTable';
import { SaveSection } from './SaveSection';
import type { PanelService } from './service';
import { METHODS } from './words';

interface Props {
  state: HydropsState;
  measurement: Measurement;
  service: PanelService;
}

/** Warnings first, then the numbers, then what may be done with them. */
export function ResultSection({ state, measurement, service }: Props) {
  const sliceNumber = (k: number) => state.sliceNumbers?.[k] ?? k + 1;
  return (
    <section aria-label="Result">
      <h2>
        EH ratio
        <span className={state.edited ? 'badge edited' : 'badge'}>
          {state.edited ? 'Edited by the reader' : 'AI result, unedited'}
        </span>
      </h2>
      <Warnings measurement={measurement} />
      <ResultTable measurement={measurement} sliceNumber={sliceNumber} service={service} />
      <p className="caption">
        {METHODS[measurement.method]}. Area: representative slice. Volume: whole stack. The two are
        not interchangeable.
      </p>
      <Grades measurement={measurement} />
      <SaveSection state={state} service={service} />
      <ReaderSection state={state} service={service} />
      <RepresentativeSlices
        state={state}
        measurement={measurement}
        sliceNumber={sliceNumber}
        service={service}
      />
      <DetailsSection measurement={measurement} />
    </section>
  );
}

function Warnings({ measurement }: { measurement: Measurement }) {
  if (measurement.warnings.length === 0) return null;
  return (
    <ul className="warnings" aria-label="Warnings">
      {measurement.warnings.map(({ code, message, ear }, index) => (
        <li key={`${code}-${index}`} data-code={code}>
          {ear && <strong>{ear === 'left' ? 'Left ear: ' : 'Right ear: '}</strong>}
          {message}
        </li>
      ))}
    </ul>
  );
}

/** Nakashima's vestibular grade, by area; a suggestion, never a finding. */
function Grades({ measurement }: { measurement: Measurement }) {
  const sides: EarSide[] = ['left', 'right'];
  const graded = sides.flatMap((ear) => {
    const grade = measurement.ears[ear]?.vestibule?.grade;
    return grade ? [{ ear, suggested: grade.suggested }] : [];
  });
  if (graded.length === 0) return null;
  return (
    <p className="grades">
      Vestibular hydrops after Nakashima, by area (suggested):{' '}
      {graded.map(({ ear, suggested }, index) => (
        <span key={ear}>
          {index > 0 && ', '}
          {ear} <strong>{suggested}</strong>
        </span>
      ))}
    </p>
  );
}
