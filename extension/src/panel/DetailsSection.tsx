import type { AlignmentReport, Measurement } from '@inner-ear-hydrops/core';
import { cubicMillimetres, percent, percentRange, ROWS } from './words';

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
      <summary>Noise, mixture estimate and alignment</summary>
      <table aria-label="Noise and mixture estimate">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">Organ</span>
            </th>
            <th scope="col">95 % interval of the volume ratio</th>
            <th scope="col">Voxels within noise</th>
            <th scope="col">Mixture fraction (experi&shy;mental)</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, organ: { volume, mixture } }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{volume.interval ? percentRange(volume.interval) : '–'}</td>
              <td>{volume.withinNoise === null ? '–' : percent(volume.withinNoise)}</td>
              <td>
                {mixture ? `${percent(mixture.fraction)} ± ${percent(mixture.uncertainty)}` : '–'}
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

function alignmentWords(report: AlignmentReport): string {
  if (report.treatment === 'identical') return 'on MRC’s grid, used as it is';
  const how = report.interpolation === 'none' ? '' : `, ${report.interpolation} interpolation`;
  if (report.treatment === 'resampled') return `resampled to MRC’s grid${how}`;
  return `moved by ${cubicMillimetres(report.displacement)} mm against MRC, corrected${how}`;
}
