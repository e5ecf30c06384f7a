import { EARS, isGraded, METHODS, resultRows } from '@inner-ear-hydrops/core';
import type { Measurement, OrganMeasurement } from '@inner-ear-hydrops/core';
import { reasonWords } from './words';

interface Props {
  measurement: Measurement;
  /** Id of the words that say that the result is out of date, where it is. */
  outOfDateId: string | undefined;
}

/** Nakashima's vestibular grade, by area, with what it stands on; a suggestion, never a finding. */
export function Grades({ measurement, outOfDateId }: Props) {
  const { label, allows } = METHODS[measurement.method];
  if (!allows.includes('grade')) {
    return (
      <p className="grades">
        No grade is suggested: Nakashima&rsquo;s thresholds were not made for {label}.
      </p>
    );
  }
  const graded = resultRows(measurement).flatMap(({ ear, organ, measured }) =>
    measured && isGraded(organ) ? [{ side: EARS[ear].label, measured }] : []
  );
  if (graded.length === 0) return null;
  return (
    <div className="grades">
      <p>Vestibular hydrops, Nakashima grade by area (suggested):</p>
      <ul aria-label="Suggested grades" aria-describedby={outOfDateId}>
        {graded.map(({ side, measured }) => (
          <li key={side}>
            {side}: <Grade measured={measured} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Grade({ measured: { grade, voided, area } }: { measured: OrganMeasurement }) {
  if (!grade) {
    const reason = area ? reasonWords(voided.grade) : 'no area ratio';
    return <>no grade{reason && `: ${reason}`}</>;
  }
  return (
    <>
      <strong>{grade.suggested}</strong>
      {grade.borderline && <span className="badge edited">borderline</span>}
      {grade.doubts.map(({ code, message }) => (
        <span key={`${code} ${message}`} className="reason">
          {message}
        </span>
      ))}
    </>
  );
}
