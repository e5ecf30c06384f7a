import { SEGMENTS, type EarSide, type Measurement, type Organ } from '@inner-ear-hydrops/core';
import { run, type PanelService } from './service';
import { cubicMillimetres, percent, ROWS } from './words';

interface Props {
  measurement: Measurement;
  /** Number of slice k as the viewports show it. */
  sliceNumber(k: number): number;
  service: PanelService;
}

/** The paper's ratio by area and the ratio by volume, side by side and never mixed. */
export function ResultTable({ measurement, sliceNumber, service }: Props) {
  return (
    <table aria-label="EH ratio">
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
        {ROWS.map(({ ear, organ, label }) => {
          const measured = measurement.ears[ear]?.[organ] ?? null;
          return (
            <tr key={label}>
              <th scope="row">
                <span className="swatch" style={{ background: colorOf(ear, organ) }} />
                {label}
              </th>
              {measured === null ? (
                <td colSpan={4} className="absent">
                  {measurement.ears[ear] === null ? 'ear not found' : 'no ROI'}
                </td>
              ) : (
                <>
                  <td>
                    {measured.area ? percent(measured.area.ratio) : '–'}
                    {measured.area && (
                      <button
                        type="button"
                        className="link"
                        aria-label={`Go to slice ${sliceNumber(measured.area.slice)}, ${label}`}
                        onClick={() => void run(service, 'goToOrgan', { ear, organ })}
                      >
                        slice {sliceNumber(measured.area.slice)}
                      </button>
                    )}
                  </td>
                  <td>{percent(measured.volume.ratio)}</td>
                  <td>{cubicMillimetres(measured.volume.endolymphMm3)}</td>
                  <td>{cubicMillimetres(measured.volume.totalMm3)}</td>
                </>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function colorOf(ear: EarSide, organ: Organ): string {
  const segment = SEGMENTS.find((one) => one.ear === ear && one.organ === organ);
  return segment ? `rgb(${segment.color.join(' ')})` : 'transparent';
}
