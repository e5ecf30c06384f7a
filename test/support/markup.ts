import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Faults of texts that people read, each in words with its line; none where a text is whole. */

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** Marks that a merge leaves where two versions were not brought together. */
export function conflictMarkers(text: string): string[] {
  const marks = /^(?:<{7} .*|>{7} .*|\|{7} .*|={7})$/gm;
  return [...text.replaceAll('\r', '').matchAll(marks)].map(
    ({ 0: mark, index }) => `line ${lineOf(text, index)}: mark of a merge "${mark}"`
  );
}

/** What only this repository's history explains: a document has to be understood where that is not at hand. */
export function namesOfHistory(text: string): string[] {
  const names =
    /\b(?=[\da-f]*[a-f])(?=[\da-f]*\d)[\da-f]{7,40}\b|\b[Ii]ssue #?\d+|(?<![\w&/(])#\d+\b/g;
  return [...text.matchAll(names)]
    .filter(({ 0: name }) => name !== '0123456789abcdef')
    .map(({ 0: name, index }) => `line ${lineOf(text, index)}: names "${name}"`);
}

/** Elements of HTML without an end tag. */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
/** What a browser ends a paragraph before. */
const ENDS_PARAGRAPH = new Set(
  'address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul'.split(
    ' '
  )
);
const TOKEN =
  /<!--[\s\S]*?-->|<!doctype[^>]*>|<\?xml[^>]*\?>|<(style|script)\b[^>]*>[\s\S]*?<\/\1>|<(\/?)([a-zA-Z][\w:-]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*(\/?)>/gi;
const ATTRIBUTE = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
const ENTITY = /^&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i;
/** A value that was missing when the text was put together. */
const MISSING = /\bundefined\b|\bNaN\b|\[object \w+\]|\bnull\b/;

/** Of HTML and SVG: elements that are not closed or closed in another order, loose "<" and "&", doubled attributes and ids, values that were missing. */
export function brokenMarkup(text: string): string[] {
  const faults: string[] = [];
  const open: { name: string; at: number }[] = [];
  const ids = new Set<string>();
  const say = (at: number, fault: string) => faults.push(`line ${lineOf(text, at)}: ${fault}`);
  const checkText = (from: number, to: number) => {
    const part = text.slice(from, to);
    for (const { 0: sign, index } of part.matchAll(/[<&]/g)) {
      if (sign === '&' && ENTITY.test(part.slice(index))) continue;
      say(from + index, `a loose "${sign}" before "${part.slice(index, index + 20)}"`);
    }
    const missing = MISSING.exec(part);
    if (missing) say(from + missing.index, `"${missing[0]}" where a value should be`);
  };
  let end = 0;
  for (const token of text.matchAll(TOKEN)) {
    checkText(end, token.index);
    end = token.index + token[0].length;
    const [, , slash = '', written = '', attributes = '', isClosed = ''] = token;
    if (!written) continue;
    const inSvg = open.some(({ name }) => name === 'svg');
    const name = inSvg ? written : written.toLowerCase();
    if (slash) {
      const last = open.pop();
      if (last?.name !== name)
        say(
          token.index,
          `</${name}> closes ${last ? `<${last.name}> of line ${lineOf(text, last.at)}` : 'nothing'}`
        );
      continue;
    }
    checkAttributes(attributes, ids, (fault) => say(token.index, `<${name}>: ${fault}`));
    if (!inSvg && ENDS_PARAGRAPH.has(name) && open.at(-1)?.name === 'p')
      say(token.index, `<${name}> within a paragraph`);
    const isEmpty = inSvg || name === 'svg' ? isClosed !== '' : VOID.has(name);
    if (!isEmpty) open.push({ name, at: token.index });
  }
  checkText(end, text.length);
  for (const { name, at } of open) say(at, `<${name}> is not closed`);
  return faults;
}

function checkAttributes(text: string, ids: Set<string>, say: (fault: string) => void): void {
  const names = new Set<string>();
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? bare ?? '';
    if (names.has(name)) say(`${name} stands twice`);
    names.add(name);
    if (name === 'id') {
      if (ids.has(value)) say(`the id "${value}" stands twice on the page`);
      ids.add(value);
    }
    if (MISSING.test(value)) say(`${name}="${value.slice(0, 60)}" lacks a value`);
  }
}

/** Of Markdown: a fence that is not closed, table rows of another length than their head, links that lead nowhere. */
export function brokenMarkdown(text: string, file: string): string[] {
  const faults: string[] = [];
  const lines = text.split('\n');
  let fence: number | null = null;
  let cells: number | null = null;
  lines.forEach((line, n) => {
    const say = (fault: string) => faults.push(`line ${n + 1}: ${fault}`);
    if (/^\s*(```|~~~)/.test(line)) fence = fence === null ? n : null;
    if (fence !== null) return;
    if (/^\s*\|/.test(line)) {
      const count = cellsOf(line);
      if (cells !== null && count !== cells) say(`${count} cells in a table of ${cells}`);
      cells ??= count;
    } else cells = null;
    for (const [, target = ''] of withoutCode(line).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)) {
      const fault = brokenLink(target, file, text);
      if (fault) say(fault);
    }
  });
  if (fence !== null) faults.push(`line ${fence + 1}: a fence that is not closed`);
  return faults;
}

const withoutCode = (line: string): string => line.replace(/`[^`]*`/g, '');

const cellsOf = (line: string): number =>
  withoutCode(line).replace(/\\\|/g, '').trim().split('|').length - 2;

function brokenLink(target: string, file: string, text: string): string | null {
  if (/^(?:[a-z]+:|\/\/)/i.test(target)) return null;
  const [path = '', anchor] = decodeURIComponent(target).split('#');
  const linked = path === '' ? file : resolve(dirname(file), path);
  if (!existsSync(linked)) return `the link "${target}" leads nowhere`;
  if (anchor === undefined || !linked.endsWith('.md') || statSync(linked).isDirectory())
    return null;
  const content = linked === file ? text : readFileSync(join(linked), 'utf8');
  return anchorsOf(content).has(anchor)
    ? null
    : `no heading of "${path || 'the page'}" is #${anchor}`;
}

/** Headings as GitHub makes anchors of them. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of markdown.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replace(/ /g, '-');
    let name = anchor;
    for (let n = 1; anchors.has(name); n++) name = `${anchor}-${n}`;
    anchors.add(name);
  }
  return anchors;
}
