import type { ReportContent } from './reportContent';

/** Plain text for a RIS, which shows neither tables nor a font of fixed width. */
export function reportText(content: ReportContent): string {
  const [head = [], ...rows] = content.table;
  const organs = rows.map(([name, ...values]) => {
    const said = values.flatMap((value, index) =>
      value === '' ? [] : [value === 'not measured' ? value : `${head[index + 1]} ${value}`]
    );
    return `${name}: ${said.join('; ')}`;
  });
  const paragraphs = [
    [content.title, content.notice],
    organs,
    ...content.sections.map(([heading, lines]) => [heading, ...lines]),
  ];
  return `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
