import type { LabelVolume, Segment, Vector3 } from '../../types';
import { FLUIDS } from '../../registry';
import { imagesOf, shortImageName, sliceOfImage } from '../../volume';
import { GLYPH_ADVANCE } from './font';
import type { Raster } from './raster';
import type { SummaryContent } from './summaryContent';

/** Side in pixels. */
export const TILE = 240;
const TILE_MM = 24;
const LINE = 20;
const PADDING = 8;
const GREY: Vector3 = [170, 170, 170];
const AMBER: Vector3 = [255, 190, 70];
const BACKGROUND: Vector3 = [30, 30, 30];
const CHARACTERS = Math.floor(TILE / (2 * GLYPH_ADVANCE));

/** An organ's representative slice, and below it the organ's name, the image's, and whose choice it is. */
export function drawTile(
  raster: Raster,
  x: number,
  y: number,
  content: SummaryContent,
  segment: Segment
): void {
  const { ears } = content.measurement;
  const area = ears[segment.ear]?.[segment.organ]?.area;
  const slice = area ? sliceOfImage(imagesOf(content.mrc), area.image) : -1;
  const center = slice < 0 ? null : organCenter(content.labels, segment.number, slice);
  raster.fill(x, y, TILE, TILE, BACKGROUND);
  raster.text(x, y + TILE + 4, segment.label, segment.color);
  if (!area || !center) {
    const text = ears[segment.ear] ? 'no area' : 'not found';
    raster.text(x + PADDING, y + TILE / 2, text, GREY);
    return;
  }
  drawSlice(raster, x, y, content, segment, slice, center);
  raster.text(x, y + TILE + 4 + LINE, shortImageName(area.image).slice(0, CHARACTERS), GREY);
  if (area.chosenBy === 'reader')
    raster.text(x, y + TILE + 4 + 2 * LINE, 'chosen by the reader', AMBER);
}

/** 24 × 24 mm of MRC about the organ, in the orientation stored. */
function drawSlice(
  raster: Raster,
  x: number,
  y: number,
  { mrc, labels, endolymph, measurement }: SummaryContent,
  segment: Segment,
  slice: number,
  center: [number, number]
): void {
  const { size, spacing, data } = mrc.volume;
  // What a warning voids would be read as hydrops.
  const isMeasurable = measurement.ears[segment.ear]?.[segment.organ]?.measurable ?? false;
  const white = brightest(data, size, slice);
  const isOrgan = (i: number, j: number): boolean =>
    i >= 0 &&
    j >= 0 &&
    i < size[0] &&
    j < size[1] &&
    labels.data[i + size[0] * (j + size[1] * slice)] === segment.number;
  /** Voxel index under each pixel of the tile, along an axis. */
  const under = (axis: 0 | 1): Int32Array =>
    Int32Array.from({ length: TILE }, (_, pixel) =>
      Math.round(center[axis] + ((pixel + 0.5) / TILE - 0.5) * (TILE_MM / spacing[axis]))
    );
  const [across, down] = [under(0), under(1)];
  for (let row = 0; row < TILE; row++)
    for (let column = 0; column < TILE; column++) {
      const [i, j] = [across[column]!, down[row]!];
      if (i < 0 || j < 0 || i >= size[0] || j >= size[1]) continue;
      const voxel = i + size[0] * (j + size[1] * slice);
      const grey = Math.max(0, Math.min(255, (255 * data[voxel]!) / white));
      let shade: Vector3 = [grey, grey, grey];
      if (isOrgan(i, j)) {
        if (isMeasurable && endolymph?.[voxel] === 1)
          shade = shade.map(
            (value, c) => 0.5 * value + 0.5 * FLUIDS.endolymph.color[c]!
          ) as Vector3;
        const isInside =
          isOrgan(across[column - 1] ?? -1, j) &&
          isOrgan(across[column + 1] ?? -1, j) &&
          isOrgan(i, down[row - 1] ?? -1) &&
          isOrgan(i, down[row + 1] ?? -1);
        if (!isInside) shade = segment.color;
      }
      raster.set(x + column, y + row, shade);
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
