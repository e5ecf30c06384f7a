import { PNG } from 'pngjs';
import {
  ANATOMY,
  EARS,
  type EarSide,
  type ImageReference,
  imagesOf,
  type Series,
  itemAt,
  type Vector3,
} from '@inner-ear-hydrops/core';
import type { OrganResult } from './evaluateStudy';

/** Millimetres of the square that a picture shows, and its pixels a millimetre. */
const FIELD_MM = 24;
const PIXELS_PER_MM = 12;
/** Annotated outline and found outline. */
const ANNOTATED = [74, 222, 128];
const FOUND = [251, 113, 133];

/** An organ's region in both label sets, kept small so that many can wait to be chosen. */
export interface Picture {
  study: string;
  ear: EarSide;
  organ: OrganResult['organ'];
  dice: number;
  image: ImageReference;
  png: Buffer;
}

/**
 * MRC about an organ on the slice where annotation and finding differ most, with both outlines of
 * cochlea and vestibule: annotated green, found red. Orientation as stored.
 */
export function drawComparison(
  study: string,
  series: Series,
  annotated: Uint8Array,
  found: Uint8Array,
  result: OrganResult
): Picture {
  const offset = EARS[result.ear].anatomyOffset;
  const code = ANATOMY[result.organ] + offset;
  const mrc = series.volume;
  const [columns, rows, slices] = mrc.size;
  const plane = columns * rows;
  let slice = 0;
  let most = -1;
  const center: Vector3 = [0, 0, 0];
  for (let k = 0; k < slices; k++) {
    let different = 0;
    for (let n = k * plane; n < (k + 1) * plane; n++) {
      if (annotated[n] === code) {
        center[0] += n % columns;
        center[1] += Math.floor(n / columns) % rows;
        center[2]++;
      }
      if ((annotated[n] === code) !== (found[n] === code)) different++;
    }
    if (different > most) [slice, most] = [k, different];
  }
  const base = slice * plane;
  const sorted = Float32Array.from(mrc.data.subarray(base, base + plane)).sort();
  const white = Math.max(1e-6, sorted[Math.floor(0.997 * (plane - 1))]!);
  const side = FIELD_MM * PIXELS_PER_MM;
  const png = new PNG({ width: side, height: side });
  const isOrgan = (labels: Uint8Array, i: number, j: number, wanted: number) =>
    i >= 0 && j >= 0 && i < columns && j < rows && labels[base + j * columns + i] === wanted;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const u = center[0] / center[2] + (x - side / 2 + 0.5) / PIXELS_PER_MM / mrc.spacing[0];
      const v = center[1] / center[2] + (y - side / 2 + 0.5) / PIXELS_PER_MM / mrc.spacing[1];
      const [i, j] = [Math.round(u), Math.round(v)];
      const inside = i >= 0 && j >= 0 && i < columns && j < rows;
      const grey = inside ? 255 * Math.min(1, mrc.data[base + j * columns + i]! / white) : 0;
      let color = [grey, grey, grey];
      for (const wanted of [1 + offset, 2 + offset]) {
        if (onEdge(u, v, i, j, (a, b) => isOrgan(annotated, a, b, wanted))) color = ANNOTATED;
        else if (onEdge(u, v, i, j, (a, b) => isOrgan(found, a, b, wanted), 0.3)) color = FOUND;
      }
      const at = 4 * (y * side + x);
      for (let c = 0; c < 3; c++) png.data[at + c] = Math.round(color[c]!);
      png.data[at + 3] = 255;
    }
  }
  const { ear, organ, dice } = result;
  return {
    study,
    ear,
    organ,
    dice,
    image: itemAt(imagesOf(series), slice),
    png: PNG.sync.write(png),
  };
}

/** Just inside the region's border; `inset` moves one outline off the other. */
function onEdge(
  u: number,
  v: number,
  i: number,
  j: number,
  isIn: (i: number, j: number) => boolean,
  inset = 0.15
): boolean {
  if (!isIn(i, j)) return false;
  const near = (distance: number) =>
    Math.abs(distance) > 0.5 - inset && Math.abs(distance) <= 0.5 - inset + 0.15;
  const [du, dv] = [u - i, v - j];
  return (near(du) && !isIn(i + Math.sign(du), j)) || (near(dv) && !isIn(i, j + Math.sign(dv)));
}
