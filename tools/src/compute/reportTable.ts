import {
  absenceWords,
  imageName,
  percent,
  resultRows,
  type MaskOrigin,
  type Measurement,
  type Output,
  type ResultRow,
} from '@inner-ear-hydrops/core';
import { escapeHtml } from '../html';

const HEAD = [
  'Organ',
  'Area ratio (pixels)',
  'Image',
  'Volume ratio',
  'Endolymph mm³',
  'Total mm³',
  'Mixture fraction (experimental)',
  'Nakashima grade, by area',
];

const MASKS: Record<MaskOrigin, string> = {
  automatic: 'outline by the network',
  edited: 'outline by the network, edited',
  drawn: 'outline drawn by hand',
};

/** One row an organ. What was counted and is no measurement is struck, with the reason beside it. */
export function reportTable(measurement: Measurement): string {
  const head = HEAD.map((name) => `<th>${name}</th>`).join('');
  const rows = resultRows(measurement).map(rowOf).join('\n');
  return `<table aria-label="EH ratio"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}

function rowOf(row: ResultRow): string {
  const { ear, label, measured, absence, status } = row;
  if (!measured) {
    const why = absence ? `: ${escapeHtml(absenceWords(ear, absence))}` : ': it has no region';
    return `<tr><td>${label}</td><td colspan="${HEAD.length - 1}">not found${why}</td></tr>`;
  }
  const { area, volume, mixture } = measured;
  const struck = (text: string): string => (status === 'measured' ? text : `<s>${text}</s>`);
  const why = status === 'measured' ? '' : ` not measurable${becauseOf(row, 'ratio')}`;
  const cells = [
    `${label}<br><small>${MASKS[measured.mask]}</small>`,
    area
      ? struck(`${percent(area.ratio)} (${area.endolymphPixels}/${area.totalPixels})`) +
        (why || intervalOf(area.interval))
      : '–',
    area
      ? `${escapeHtml(imageName(area.image))}${area.chosenBy === 'reader' ? ' (chosen by the reader)' : ''}`
      : 'none',
    struck(percent(volume.ratio)) + (why || intervalOf(volume.interval)),
    struck(volume.endolymphMm3.toFixed(1)),
    volume.totalMm3.toFixed(1),
    mixture
      ? `${percent(mixture.fraction)} ± ${percent(mixture.uncertainty)}`
      : `–${becauseOf(row, 'mixture')}`,
    gradeOf(row),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function intervalOf(interval: [number, number] | null): string {
  return interval
    ? `<br><small>95 % interval (noise, alignment): ${interval.map((end) => percent(end)).join(' to ')}</small>`
    : '';
}

function gradeOf(row: ResultRow): string {
  const grade = row.measured?.grade;
  if (!grade) return `–${becauseOf(row, 'grade')}`;
  const doubts = grade.doubts.map(({ message }) => `<br><small>${escapeHtml(message)}</small>`);
  return `${grade.suggested} (suggested${grade.borderline ? ', <strong>borderline</strong>' : ''})${doubts.join('')}`;
}

function becauseOf({ reasons }: ResultRow, output: Output): string {
  const codes = [...new Set(reasons(output).map(({ code }) => code))];
  return codes.length > 0 ? `<br><small>${codes.join(', ')}</small>` : '';
}
