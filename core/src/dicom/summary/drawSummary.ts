import {
  RESEARCH_NOTICE,
  SEGMENTS,
  type LabelVolume,
  type Measurement,
  type Segment,
  type Series,
  type Vector3,
  type Volume,
} from '../../types';
import { GLYPH_ADVANCE } from './font';
import { Raster } from './raster';

export interface SummaryContent {
  mrc: Series;
  labels: LabelVolume;
  /** Tints the endolymph (below zero) within the organs. */
  hydrops?: Volume;
  measurement: Measurement;
  edited: boolean;
}

const WIDTH = 800;
const TILE = 192;
const TILE_MM = 24;
const GAP = 8;
const LINE = 20;
const WHITE: Vector3 = [255, 255, 255];
const GREY: Vector3 = [170, 170, 170];
const AMBER: Vector3 = [255, 190, 70];
const ENDOLYMPH: Vector3 = [60, 60, 255];

/** Title, the four representative slices with outlines, the table, warnings, the research notice. */
export function drawSummary(content: SummaryContent): Raster {
  const { measurement, hydrops } = content;
  const warnings = measurement.warnings.slice(0, 6);
  const left = measurement.warnings.length - warnings.length;
  const rows = 5 + warnings.length + (left > 0 ? 1 : 0) + 2;
  const raster = new Raster(WIDTH, 2 * LINE + GAP + TILE + 2 * LINE + rows * LINE + GAP);
  raster.text(
    GAP,
    GAP,
    `Inner ear hydrops: EH ratio${content.edited ? ', edited by reader' : ', automatic'}`,
    WHITE
  );
  raster.text(GAP, GAP + LINE, RESEARCH_NOTICE, AMBER);
  const top = 2 * LINE + GAP;
  SEGMENTS.forEach((segment, i) => {
    const x = GAP + i * (TILE + GAP);
    drawTile(raster, x, top, content, segment);
    raster.text(x, top + TILE + 4, segment.label, segment.color);
  });
  let y = top + TILE + LINE + GAP;
  raster.text(GAP, y, 'Organ              area  volume  endolymph/total mm3', GREY);
  for (const segment of SEGMENTS)
    raster.text(GAP, (y += LINE), tableRow(segment, measurement), WHITE);
  for (const { ear, message } of warnings)
    raster.text(GAP, (y += LINE), shorten(`! ${ear ? `${ear}: ` : ''}${message}`), AMBER);
  if (left > 0) raster.text(GAP, (y += LINE), `! and ${left} more warnings in the report`, AMBER);
  const { model } = measurement;
  raster.text(
    GAP,
    (y += LINE),
    shorten(`Model: ${model ? `${model.name} ${model.version}` : 'none'}`),
    GREY
  );
  raster.text(
    GAP,
    (y += LINE),
    shorten(
      `Method: ${measurement.method}${hydrops ? '. Blue in the outlines: endolymph (below zero)' : ''}`
    ),
    GREY
  );
  return raster;
}

const shorten = (text: string): string => {
  const longest = Math.floor((WIDTH - 2 * GAP) / (2 * GLYPH_ADVANCE));
  return text.length <= longest ? text : `${text.slice(0, longest - 3)}...`;
};

function tableRow({ ear, organ, label }: Segment, { ears }: Measurement): string {
  const measured = ears[ear]?.[organ];
  const name = label.padEnd(16);
  if (!measured) return `${name} not measured`;
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)}%`.padStart(6);
  const area = measured.area ? percent(measured.area.ratio) : '     -';
  const { ratio, endolymphMm3, totalMm3 } = measured.volume;
  const grade = measured.grade ? `  suggested: ${measured.grade.suggested}` : '';
  return `${name} ${area}  ${percent(ratio)}  ${endolymphMm3.toFixed(1)}/${totalMm3.toFixed(1)}${grade}`;
}

/** The organ's representative slice of MRC, 24 × 24 mm about the organ, in the orientation stored. */
function drawTile(
  raster: Raster,
  x: number,
  y: number,
  content: SummaryContent,
  segment: Segment
): void {
  const { mrc, labels, hydrops, measurement } = content;
  const { size, spacing, data } = mrc.volume;
  const slice = measurement.ears[segment.ear]?.[segment.organ]?.area?.slice;
  const center = slice === undefined ? null : organCenter(labels, segment.number, slice);
  raster.fill(x, y, TILE, TILE, [30, 30, 30]);
  if (slice === undefined || !center) {
    raster.text(x + GAP, y + TILE / 2, 'no area', GREY);
    return;
  }
  const white = brightest(data, size, slice);
  const isOrgan = (i: number, j: number): boolean =>
    i >= 0 &&
    j >= 0 &&
    i < size[0] &&
    j < size[1] &&
    labels.data[i + size[0] * (j + size[1] * slice)] === segment.number;
  const at = (pixel: number, axis: 0 | 1): number =>
    Math.round(center[axis] + ((pixel + 0.5) / TILE - 0.5) * (TILE_MM / spacing[axis]));
  for (let row = 0; row < TILE; row++)
    for (let column = 0; column < TILE; column++) {
      const [i, j] = [at(column, 0), at(row, 1)];
      if (i < 0 || j < 0 || i >= size[0] || j >= size[1]) continue;
      const voxel = i + size[0] * (j + size[1] * slice);
      const grey = Math.max(0, Math.min(255, (255 * data[voxel]!) / white));
      const isEdge =
        isOrgan(i, j) &&
        [
          [-1, 0],
          [1, 0],
          [0, -1],
          [0, 1],
        ].some(([dx, dy]) => !isOrgan(at(column + dx!, 0), at(row + dy!, 1)));
      const isEndolymph = isOrgan(i, j) && hydrops !== undefined && hydrops.data[voxel]! < 0;
      const shade: Vector3 = [grey, grey, grey];
      const tinted = isEndolymph
        ? (shade.map((value, c) => 0.5 * value + 0.5 * ENDOLYMPH[c]!) as Vector3)
        : shade;
      raster.set(x + column, y + row, isEdge ? segment.color : tinted);
    }
}

function organCenter(labels: LabelVolume, number: number, slice: number): [number, number] | null {
  const [columns, rows] = labels.size;
  let [sumI, sumJ, count] = [0, 0, 0];
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      if (labels.data[i + columns * (j + rows * slice)] !== number) continue;
      sumI += i;
      sumJ += j;
      count++;
    }
  return count === 0 ? null : [sumI / count, sumJ / count];
}

/** 99.5th percentile of the slice: white of the tiles. */
function brightest(data: Float32Array, size: Vector3, slice: number): number {
  const length = size[0] * size[1];
  const sorted = data.slice(slice * length, (slice + 1) * length).sort();
  return Math.max(sorted[Math.floor(0.995 * (length - 1))]!, Number.MIN_VALUE);
}
