import { PNG } from 'pngjs';
import {
  type EarSide,
  FLUIDS,
  type LabelVolume,
  type Organ,
  type PreparedStudy,
  segmentOf,
} from '@inner-ear-hydrops/core';

/** Millimetres of the square that an overlay shows, and picture pixels a millimetre. */
const FIELD_MM = 40;
const PIXELS_PER_MM = 9;

/**
 * PNG of one representative slice: MRC in grey, the organ's outline in its segment colour and its
 * endolymph (`prepared.endolymph`) tinted in the colour of endolymph. Orientation as stored in the series.
 *
 * @param slice k index on the MRC grid
 * @returns null when the organ has no voxel on the slice
 */
export function drawOverlay(
  prepared: PreparedStudy,
  labels: LabelVolume,
  ear: EarSide,
  organ: Organ,
  slice: number
): Buffer | null {
  const segment = segmentOf(ear, organ);
  const [columns, rows] = labels.size;
  const offset = slice * columns * rows;
  const inOrgan = (i: number, j: number) =>
    i >= 0 &&
    j >= 0 &&
    i < columns &&
    j < rows &&
    labels.data[offset + j * columns + i] === segment.number;
  let sumI = 0;
  let sumJ = 0;
  let count = 0;
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      if (!inOrgan(i, j)) continue;
      sumI += i;
      sumJ += j;
      count++;
    }
  }
  if (count === 0) return null;
  const window = displayRange(prepared.mrc.data, offset, columns * rows);
  const side = FIELD_MM * PIXELS_PER_MM;
  const png = new PNG({ width: side, height: side });
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const u = sumI / count + (x - side / 2 + 0.5) / PIXELS_PER_MM / labels.spacing[0];
      const v = sumJ / count + (y - side / 2 + 0.5) / PIXELS_PER_MM / labels.spacing[1];
      const i = Math.round(u);
      const j = Math.round(v);
      const inside = i >= 0 && j >= 0 && i < columns && j < rows;
      const value = inside ? prepared.mrc.data[offset + j * columns + i]! : 0;
      const grey = 255 * Math.min(1, Math.max(0, (value - window[0]) / (window[1] - window[0])));
      let color = [grey, grey, grey];
      if (inOrgan(i, j)) {
        if (prepared.endolymph[offset + j * columns + i]) {
          color = mix(color, FLUIDS.endolymph.color, 0.45);
        }
        if (isEdge(u, v, i, j, inOrgan)) color = [...segment.color];
      }
      const at = 4 * (y * side + x);
      for (let c = 0; c < 3; c++) png.data[at + c] = Math.round(color[c]!);
      png.data[at + 3] = 255;
    }
  }
  return PNG.sync.write(png);
}

/** Within a fifth of a voxel of a neighbour that is not in the organ. */
function isEdge(
  u: number,
  v: number,
  i: number,
  j: number,
  inOrgan: (i: number, j: number) => boolean
): boolean {
  const du = u - i;
  const dv = v - j;
  return (
    (Math.abs(du) > 0.3 && !inOrgan(i + Math.sign(du), j)) ||
    (Math.abs(dv) > 0.3 && !inOrgan(i, j + Math.sign(dv)))
  );
}

function mix(a: number[], b: readonly number[], share: number): number[] {
  return a.map((value, c) => value * (1 - share) + b[c]! * share);
}

function displayRange(data: Float32Array, offset: number, length: number): [number, number] {
  const sorted = Float32Array.from(data.subarray(offset, offset + length)).sort();
  return [0, Math.max(1e-6, sorted[Math.floor(0.995 * (length - 1))]!)];
}
