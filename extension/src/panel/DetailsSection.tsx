import type { AlignmentReport, Measurement } from '@inner-ear-hydrops/core';
import { Counted } from './ResultTable';
import { cubicMillimetres, percent, percentRange, reasonWords, ROWS } from './words';

const INTERVALS = ['Area ratio', 'Volume ratio'].map(
  (ratio) => `${ratio}, 95\u00a0% interval (noise, alignment)`
);

/** What stands behind the numbers: noise, the experimental mixture estimate, alignment. */
export function DetailsSection({ measurement }: { measurement: Measurement }) {
  const rows = ROWS.flatMap((row) => {
    const organ = measurement.ears[row.ear]?.[row.organ];
    return organ ? [{ ...row, organ }] : [];
  });
  if (rows.length === 0) return null;
  const { alignment } = measurement;
  return (
    <details>
      <summary>Intervals, noise, mixture estimate and alignment</summary>
      <table aria-label="95 % intervals (noise, alignment)">
        <Head columns={INTERVALS} />
        <tbody>
          {rows.map(({ label, organ: { area, volume, measurable } }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>
                <Interval measurable={measurable} interval={area?.interval ?? null} />
              </td>
              <td>
                <Interval measurable={measurable} interval={volume.interval} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <table aria-label="Noise and mixture estimate">
        <Head columns={['Voxels within noise', 'Mixture fraction (experimental)']} />
        <tbody>
          {rows.map(({ label, organ: { volume, mixture, voided } }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{volume.withinNoise === null ? '–' : percent(volume.withinNoise)}</td>
              <td>
                {mixture
                  ? `${percent(mixture.fraction)} ± ${percent(mixture.uncertainty)}`
                  : reasonWords(voided.mixture) || '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="caption">
        The mixture fraction is experimental. It estimates how much of each voxel is endolymph; it
        is not the EH ratio and has no thresholds.
      </p>
      {alignment && (
        <ul className="plain">
          <li>PPI: {alignmentWords(alignment.ppi)}</li>
          {alignment.pei && <li>PEI: {alignmentWords(alignment.pei)}</li>}
        </ul>
      )}
    </details>
  );
}

function Head({ columns }: { columns: string[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span className="hidden">Organ</span>
        </th>
        {columns.map((column) => (
          <th key={column} scope="col">
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Interval(props: { measurable: boolean; interval: [number, number] | null }) {
  const { measurable, interval } = props;
  if (!interval) return <>–</>;
  return <Counted measurable={measurable}>{percentRange(interval)}</Counted>;
}

function alignmentWords(report: AlignmentReport): string {
  if (report.treatment === 'identical') return 'on the grid of MRC, used as it is';
  const how = report.interpolation === 'none' ? '' : `, ${report.interpolation} interpolation`;
  if (report.treatment === 'resampled') return `resampled to the grid of MRC${how}`;
  return `moved by ${cubicMillimetres(report.displacement)} mm relative to MRC, corrected${how}`;
}
