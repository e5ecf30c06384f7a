import {
  percent,
  resultRows,
  warningSentence,
  type Measurement,
  type ResultRow,
  itemAt,
} from '@inner-ear-hydrops/core';

/** The result as it is printed: a table, what the grades stand on, and the warnings. */
export function textTable(measurement: Measurement): string {
  const found = resultRows(measurement);
  const head = ['', 'area ratio', 'volume ratio', 'endolymph mm³', 'total mm³'];
  const rows = [head, ...found.map(cellsOf)];
  const widths = head.map((_, column) =>
    Math.max(column === 0 ? 18 : 15, ...rows.map((row) => itemAt(row, column).length + 2))
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = itemAt(widths, column);
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('')
  );
  const warnings = measurement.warnings.map(
    (warning) => `warning ${warning.code}: ${warningSentence(warning)}`
  );
  return [...lines, ...found.flatMap(gradeLines), ...warnings, measurement.notice, ''].join('\n');
}

function cellsOf({ label, status, measured }: ResultRow): string[] {
  const name = label.toLowerCase();
  if (!measured) return [name, 'not found', 'not found', '–', '–'];
  const { area, volume } = measured;
  const ratio = (value: number): string =>
    status === 'measured' ? percent(value) : `not measurable (${percent(value)} counted)`;
  return [
    name,
    area ? ratio(area.ratio) : '–',
    ratio(volume.ratio),
    status === 'measured' ? volume.endolymphMm3.toFixed(1) : '–',
    volume.totalMm3.toFixed(1),
  ];
}

function gradeLines({ label, measured, reasons }: ResultRow): string[] {
  const grade = measured?.grade;
  if (grade) {
    const doubts = grade.doubts.map(({ message }) => `  ${message}`);
    const how = grade.borderline ? ', borderline:' : '';
    return [`${label}: suggested grade ${grade.suggested} (Nakashima, by area)${how}`, ...doubts];
  }
  const codes = reasons('grade').map(({ code }) => code);
  return codes.length > 0 ? [`${label}: no grade (${[...new Set(codes)].join(', ')})`] : [];
}
