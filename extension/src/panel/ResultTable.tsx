import { Fragment, type ReactNode } from 'react';
import { cssColor, imageName, ORGAN_KEYS, resultRows, segmentOf } from '@inner-ear-hydrops/core';
import type {
  AbsenceReason,
  EarSide,
  Measurement,
  Organ,
  OrganMeasurement,
  ResultRow,
} from '@inner-ear-hydrops/core';
import { ImageWords } from './ImageWords';
import { run, type PanelService } from './service';
import { cubicMillimetres, percent, reasonWords } from './words';

interface Props {
  measurement: Measurement;
  /** Id of the words that say that the result is out of date, where it is. */
  outOfDateId: string | undefined;
  service: PanelService;
}

/** The paper's ratio by area and the ratio by volume, side by side and never mixed. */
export function ResultTable({ measurement, outOfDateId, service }: Props) {
  return (
    <table aria-label="EH ratio" aria-describedby={outOfDateId}>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">Organ</span>
          </th>
          <th scope="col">Area ratio</th>
          <th scope="col">Volume ratio</th>
          <th scope="col">Endo&shy;lymph mm³</th>
          <th scope="col">Total mm³</th>
        </tr>
      </thead>
      <tbody>
        {resultRows(measurement).map((row) => {
          const { ear, organ, label, measured } = row;
          const reason = row.status === 'not-measurable' && reasonWords(measured?.voided.ratio);
          return (
            <Fragment key={label}>
              <tr>
                <th scope="row">
                  <span
                    className="swatch"
                    style={{ background: cssColor(segmentOf(ear, organ).color) }}
                  />
                  {label}
                  {measured && measured.mask !== 'automatic' && (
                    <span className="badge edited">{measured.mask}</span>
                  )}
                </th>
                {measured ? (
                  <Numbers {...{ ear, organ, label, measured, service }} />
                ) : (
                  <td colSpan={4} className="absent">
                    <Absence {...row} />
                  </td>
                )}
              </tr>
              {reason && (
                <tr className="void">
                  <td colSpan={5}>Not measurable: {reason}</td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface NumbersProps {
  ear: EarSide;
  organ: Organ;
  label: string;
  measured: OrganMeasurement;
  service: PanelService;
}

function Numbers({ ear, organ, label, measured, service }: NumbersProps) {
  const { area, volume, measurable } = measured;
  return (
    <>
      <td>
        {area ? <Counted measurable={measurable}>{percent(area.ratio)}</Counted> : '–'}
        {area && (
          <button
            type="button"
            className="link"
            aria-label={`Go to ${imageName(area.image)}, ${label}`}
            onClick={() => void run(service, 'goToOrgan', { ear, organ })}
          >
            <ImageWords image={area.image} />
          </button>
        )}
        {area?.chosenBy === 'reader' && <span className="badge edited">reader</span>}
        <BeforeEdit measured={measured} ratio={measured.automatic?.areaRatio} />
      </td>
      <td>
        <Counted measurable={measurable}>{percent(volume.ratio)}</Counted>
        <BeforeEdit measured={measured} ratio={measured.automatic?.volumeRatio} />
      </td>
      <td>
        <Counted measurable={measurable}>{cubicMillimetres(volume.endolymphMm3)}</Counted>
      </td>
      <td>{cubicMillimetres(volume.totalMm3)}</td>
    </>
  );
}

/** What an edited region gave before. @param ratio null: it had no pixel there; undefined: no longer known */
function BeforeEdit(props: { measured: OrganMeasurement; ratio: number | null | undefined }) {
  const { measured, ratio } = props;
  if (measured.mask !== 'edited') return null;
  return (
    <span className="reason">
      AI:{' '}
      {typeof ratio === 'number' ? (
        <span className="unbroken">
          <Counted measurable={measured.measurable}>{percent(ratio)}</Counted>
        </span>
      ) : ratio === null ? (
        'none'
      ) : (
        'not known'
      )}
    </span>
  );
}

/** A number as it stands, or struck where it was counted and measures nothing. */
export function Counted({ measurable, children }: { measurable: boolean; children: ReactNode }) {
  if (measurable) return <>{children}</>;
  return (
    <>
      <span className="hidden">not measurable, counted </span>
      <s>{children}</s>
    </>
  );
}

/** Why there are no numbers. The reason stands once, with the first organ of the ear. */
function Absence({ organ, absence, isEarLost }: ResultRow) {
  if (!absence || !isEarLost) return <>no ROI</>;
  return (
    <>
      not found
      {organ === ORGAN_KEYS[0] && <span className="reason">{ABSENCES[absence]}</span>}
    </>
  );
}

/** In short; the warning says the rest. */
const ABSENCES: Record<AbsenceReason, string> = {
  'no-region': 'no region',
  'field-of-view': 'outside the images or at their border',
  noise: 'too much noise',
  'not-recognised': 'nothing was recognised as this ear',
};
