import { resultRows, type ResultRow } from '../../measurement/resultRows';
import type { Measurement, Vector3 } from '../../types';
import { GLYPH_ADVANCE, GLYPH_HEIGHT } from './font';
import type { Raster } from './raster';

const SCALE = 2;
const WHITE: Vector3 = [255, 255, 255];
const GREY: Vector3 = [170, 170, 170];
const AMBER: Vector3 = [255, 190, 70];

/** Columns, in characters from the left. */
const COLUMN = { name: 0, area: 17, volume: 25, volumes: 33, remark: 46 };

/** A header line and a line for each organ; numbers that a warning voids are struck through. */
export function drawTable(
  raster: Raster,
  x: number,
  y: number,
  line: number,
  measurement: Measurement
): void {
  const at = (column: number): number => x + column * GLYPH_ADVANCE * SCALE;
  raster.text(at(COLUMN.name), y, 'Organ', GREY, SCALE);
  raster.text(at(COLUMN.area), y, '  area', GREY, SCALE);
  raster.text(at(COLUMN.volume), y, 'volume', GREY, SCALE);
  raster.text(at(COLUMN.volumes), y, 'endolymph/total mm3', GREY, SCALE);
  resultRows(measurement).forEach((row, index) => {
    const top = y + (index + 1) * line;
    for (const cell of cellsOf(row)) {
      raster.text(at(cell.column), top, cell.text, cell.color ?? WHITE, SCALE);
      if (cell.struck) strike(raster, at(cell.column), top, cell.text);
    }
  });
}

interface Cell {
  column: number;
  text: string;
  color?: Vector3;
  struck?: boolean;
}

function cellsOf({ label, measured, isEarLost, status }: ResultRow): Cell[] {
  const name = { column: COLUMN.name, text: label };
  if (!measured) {
    const text = isEarLost ? 'not found' : 'not measured';
    return [name, { column: COLUMN.area, text, color: AMBER }];
  }
  const { area, volume, grade } = measured;
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)}%`.padStart(6);
  const struck = status !== 'measured';
  const endolymph = volume.endolymphMm3.toFixed(1);
  const cells: Cell[] = [
    name,
    area
      ? { column: COLUMN.area, text: percent(area.ratio), struck }
      : { column: COLUMN.area, text: '     -' },
    { column: COLUMN.volume, text: percent(volume.ratio), struck },
    { column: COLUMN.volumes, text: endolymph, struck },
    { column: COLUMN.volumes + endolymph.length, text: `/${volume.totalMm3.toFixed(1)}` },
  ];
  if (struck) cells.push({ column: COLUMN.remark, text: 'not measurable', color: AMBER });
  else if (grade)
    cells.push({
      column: COLUMN.remark,
      text: `suggested: ${grade.suggested}${grade.borderline ? ', borderline' : ''}`,
      color: grade.borderline ? AMBER : WHITE,
    });
  return cells;
}

/** A line through a text, from its first sign that is not a space. */
function strike(raster: Raster, x: number, y: number, text: string): void {
  const indent = text.length - text.trimStart().length;
  const advance = GLYPH_ADVANCE * SCALE;
  const middle = y + Math.floor((GLYPH_HEIGHT * SCALE) / 2) - 1;
  const width = (text.length - indent) * advance;
  raster.fill(x + indent * advance - SCALE, middle, width + SCALE, SCALE, AMBER);
}
