import { readerChoices, resultOrigin, type ResultOrigin } from '../../measurement/readerChoices';
import { warningSentence } from '../../measurement/warningSentence';
import { METHODS } from '../../registry/methods';
import { RESEARCH_NOTICE, SEGMENTS, type Vector3 } from '../../types';
import { describeSeries } from '../../volume';
import { drawTable } from './drawTable';
import { drawTile, TILE } from './drawTile';
import { GLYPH_ADVANCE } from './font';
import { Raster } from './raster';
import type { SummaryContent } from './summaryContent';

const GAP = 8;
const LINE = 20;
const WIDTH = GAP + SEGMENTS.length * (TILE + GAP);
const WHITE: Vector3 = [255, 255, 255];
const GREY: Vector3 = [170, 170, 170];
const AMBER: Vector3 = [255, 190, 70];

const TITLE: Record<ResultOrigin, string> = {
  automatic: 'automatic',
  'choices edited': 'choices edited by the reader',
  edited: 'edited by the reader',
  drawn: 'drawn by the reader',
};

/** Title, the four representative slices with outlines and names, the table, warnings, the research notice. */
export function drawSummary(content: SummaryContent): Raster {
  const { measurement, mrc } = content;
  const lines = closingLines(content);
  const top = 3 * LINE + GAP;
  const underTiles = 3 * LINE;
  const table = (1 + SEGMENTS.length) * LINE;
  const height = top + TILE + underTiles + table + lines.length * LINE + 2 * GAP;
  const raster = new Raster(WIDTH, height);
  const title = `Inner ear hydrops: EH ratio, ${TITLE[resultOrigin(measurement)]}`;
  raster.text(GAP, GAP, title, WHITE);
  raster.text(GAP, GAP + LINE, RESEARCH_NOTICE, AMBER);
  raster.text(GAP, GAP + 2 * LINE, shorten(`Slices of ${describeSeries(mrc.header)}`), GREY);
  SEGMENTS.forEach((segment, i) => drawTile(raster, GAP + i * (TILE + GAP), top, content, segment));
  let y = top + TILE + underTiles + GAP;
  drawTable(raster, GAP, y, LINE, measurement);
  y += table;
  for (const { text, color } of lines) {
    raster.text(GAP, y, shorten(text), color);
    y += LINE;
  }
  return raster;
}

/** Doubts and warnings, the reader's choices, model and method. */
function closingLines({
  measurement,
  endolymph,
}: SummaryContent): { text: string; color: Vector3 }[] {
  const doubts = SEGMENTS.flatMap(({ ear, organ }) =>
    (measurement.ears[ear]?.[organ]?.grade?.doubts ?? []).map(
      ({ message }) => `? ${ear} ${organ}, borderline: ${message}`
    )
  );
  const warnings = measurement.warnings.map((warning) => `! ${warningSentence(warning)}`);
  const all = [...doubts, ...warnings];
  const shown = all.slice(0, 8);
  if (all.length > shown.length)
    shown.push(`! and ${all.length - shown.length} more in the report`);
  const chosen = readerChoices(measurement).map(({ text }) => text);
  const { model, method } = measurement;
  return [
    ...shown.map((text) => ({ text, color: AMBER })),
    ...(chosen.length > 0 ? wrapped(`By the reader: ${chosen.join('; ')}`) : []).map((text) => ({
      text,
      color: AMBER,
    })),
    { text: `Model: ${model ? `${model.name} ${model.version}` : 'none'}`, color: GREY },
    {
      text: `Method: ${METHODS[method].label}${endolymph ? '. Orange in the outlines: endolymph (below zero)' : ''}`,
      color: GREY,
    },
  ];
}

const MAX_LINE_LENGTH = Math.floor((WIDTH - 2 * GAP) / (2 * GLYPH_ADVANCE));

const shorten = (text: string): string =>
  text.length <= MAX_LINE_LENGTH ? text : `${text.slice(0, MAX_LINE_LENGTH - 3)}...`;

/** A text in lines that fit, broken between words. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= MAX_LINE_LENGTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : `  ${word}`);
  }
  return lines;
}
