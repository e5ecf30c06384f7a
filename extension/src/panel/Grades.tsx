import { METHODS } from '@inner-ear-hydrops/core';
import type { EarSide, Measurement, OrganMeasurement } from '@inner-ear-hydrops/core';
import { reasonWords } from './words';

const SIDES: readonly { ear: EarSide; label: string }[] = [
  { ear: 'left', label: 'Left' },
  { ear: 'right', label: 'Right' },
];

/** Nakashima's vestibular grade, by area, with what it stands on; a suggestion, never a finding. */
export function Grades({ measurement }: { measurement: Measurement }) {
  const { label, allows } = METHODS[measurement.method];
  if (!allows.includes('grade')) {
    return (
      <p className="grades">
        No grade is suggested: Nakashima&rsquo;s thresholds were not made for {label}.
      </p>
    );
  }
  const vestibules = SIDES.flatMap(({ ear, label: side }) => {
    const vestibule = measurement.ears[ear]?.vestibule;
    return vestibule ? [{ side, vestibule }] : [];
  });
  if (vestibules.length === 0) return null;
  return (
    <div className="grades">
      <p>Vestibular hydrops after Nakashima, by area (suggested):</p>
      <ul aria-label="Suggested grades">
        {vestibules.map(({ side, vestibule }) => (
          <li key={side}>
            {side}: <Grade vestibule={vestibule} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Grade({ vestibule: { grade, voided, area } }: { vestibule: OrganMeasurement }) {
  if (!grade) {
    const reason = area ? reasonWords(voided.grade) : 'no area ratio';
    return <>no grade{reason && ` (${reason})`}</>;
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
