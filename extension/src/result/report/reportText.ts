import type { ReportCell, ReportContent } from './reportContent';
import type { PatientLines } from './reportPage';

/**
 * Plain text for a RIS, which shows neither tables nor a font of fixed width. It names patient and examination, so that
 * text that was pasted into another patient's report is noticed.
 */
export function reportText(
  { title, notice, head, rows, sections }: ReportContent,
  patient: PatientLines
): string {
  const organs = rows.map(([name, ...cells]) => {
    // A single cell says why there are no numbers.
    const said = cells.map((cell, index) =>
      cells.length === 1 ? textOf(cell) : `${head[index + 1]} ${textOf(cell)}`
    );
    return `${name}: ${said.join('; ')}`;
  });
  const paragraphs = [
    [title, notice],
    patient.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`),
    organs,
    ...sections.map(([heading, lines]) => [heading, ...lines]),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function textOf(cell: ReportCell): string {
  if (typeof cell === 'string') return cell;
  return `not measurable (${cell.counted} counted; ${cell.reason})${cell.note}`;
}
