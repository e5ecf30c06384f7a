import {
  METHODS,
  WARNINGS,
  voidedBy,
  type Output,
  type WarningCode,
} from '@inner-ear-hydrops/core';

/** Warnings that no measurement carries: of annotations for training and evaluation (docs/training.md). */
const OF_ANNOTATIONS: readonly WarningCode[] = [
  'too-few-patients',
  'annotation-set-empty',
  'annotation-empty',
  'annotation-too-large',
  'annotation-without-images',
];

const NAMES: Record<Output, string> = {
  ratio: 'ratio',
  mixture: 'mixture fraction',
  grade: 'grade',
};

/** Markdown: every warning of a measurement, what it says and what it voids. */
function warningsTable(): string {
  const codes = (Object.keys(WARNINGS) as WarningCode[]).filter(
    (code) => !OF_ANNOTATIONS.includes(code)
  );
  return table(
    ['code', 'what it says', 'voids'],
    codes.map((code) => [`\`${code}\``, WARNINGS[code].meaning, words(voidedBy(code))])
  );
}

/** Markdown: what each method counts and what is made of it. */
function methodsTable(): string {
  return table(
    ['method', 'endolymph', 'has'],
    Object.entries(METHODS).map(([method, { label, formula, allows }]) => [
      `${label} (\`${method}\`)`,
      formula,
      words(allows),
    ])
  );
}

function words(outputs: readonly Output[]): string {
  return outputs.map((output) => NAMES[output]).join(', ') || '–';
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '-').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Parts of pages that are made from the code: between `<!-- NAME -->` and `<!-- /NAME -->`. */
export const PARTS: Record<string, () => string> = {
  warnings: warningsTable,
  methods: methodsTable,
};

/**
 * A page with its parts made again.
 *
 * @throws Error where a marker has no end
 */
export function withParts(page: string): string {
  return Object.entries(PARTS).reduce((text, [name, make]) => {
    const [begin, end] = [`<!-- ${name}: made by npm run reference -->`, `<!-- /${name} -->`];
    const at = text.indexOf(begin);
    if (at < 0) return text;
    const until = text.indexOf(end, at);
    if (until < 0) throw new Error(`"${begin}" has no "${end}".`);
    return `${text.slice(0, at)}${begin}\n\n${make()}\n\n${text.slice(until)}`;
  }, page);
}
