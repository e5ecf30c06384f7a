import type { ReportCell, ReportContent } from './reportContent';

/** Who and which examination, for paper; empty values are left out. */
export type PatientLines = [name: string, value: string][];

const STYLE = `
  @page { size: A4; margin: 18mm; }
  body { font: 10.5pt/1.4 'Helvetica Neue', Arial, sans-serif; color: #111; margin: 0; max-width: 174mm; }
  h1 { font-size: 15pt; margin: 0 0 2mm; }
  h2 { font-size: 11pt; margin: 5mm 0 1mm; }
  .notice { border: 1px solid #111; padding: 1.5mm 3mm; font-weight: bold; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 4mm; margin: 3mm 0; }
  dt { color: #555; } dd { margin: 0; }
  table { border-collapse: collapse; width: 100%; margin: 3mm 0; }
  th, td { border-bottom: 1px solid #999; padding: 1.2mm 2mm; text-align: right; }
  th:first-child, td[colspan] { text-align: left; }
  tbody th { font-weight: normal; white-space: nowrap; }
  ul { margin: 0; padding-left: 5mm; }
  li { overflow-wrap: anywhere; white-space: pre-line; }
  section { break-inside: avoid; }
`;

/** A page of its own, without scripts or anything to fetch. */
export function reportPage(content: ReportContent, patient: PatientLines): string {
  const { head, rows } = content;
  const row = ([name, ...cells]: [string, ...ReportCell[]]) => {
    // A single cell says why there are no numbers.
    const span = cells.length === 1 ? ` colspan="${head.length - 1}"` : '';
    const said = cells.map((cell) => `<td${span}>${cellOf(cell)}</td>`).join('');
    return `<tr><th scope="row">${escaped(name)}</th>${said}</tr>`;
  };
  const who = patient
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`)
    .join('');
  const columns = head.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const body = rows.map(row).join('');
  const sections = content.sections.map(([heading, lines]) => {
    const items = lines.map((text) => `<li>${escaped(text)}</li>`).join('');
    return `<section><h2>${escaped(heading)}</h2><ul>${items}</ul></section>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(content.title)}</title>
<style>${STYLE}</style></head>
<body><h1>${escaped(content.title)}</h1><p class="notice">${escaped(content.notice)}</p>
<dl>${who}</dl>
<table><thead><tr>${columns}</tr></thead><tbody>${body}</tbody></table>
${sections.join('\n')}
</body></html>`;
}

function cellOf(cell: ReportCell): string {
  if (typeof cell === 'string') return escaped(cell);
  const { counted, note, reason } = cell;
  return `<s>${escaped(counted)}</s>${escaped(note)}<br>not measurable: ${escaped(reason)}`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
