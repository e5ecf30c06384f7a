import {
  RefusedInputError,
  SEGMENTS,
  worldToVoxel,
  type LabelVolume,
  type Segment,
  type Series,
  type Vector3,
  itemAt,
} from '@inner-ear-hydrops/core';
import { itemsOf, numbersOf, readPart10 } from '@inner-ear-hydrops/core/dicom';

const CLOSED: ReadonlySet<string> = new Set(['CLOSED_PLANAR', 'CLOSEDPLANAR_XOR']);

/**
 * The four organs from an RT Structure Set (PS3.3 A.19): closed planar contours in LPS millimetres,
 * filled on the slice of MRC that they lie on. A voxel belongs to a region when its centre lies inside
 * an odd number of its contours: holes are contours inside contours, as CLOSED_PLANAR or CLOSEDPLANAR_XOR (C.8.8.6.3).
 * @param organs which organ a region is, by ROI Number; the other regions are left out
 * @returns the labels, and how many voxels belong to two organs: the first region keeps them
 * @throws NotDicomError
 * @throws RefusedInputError `structure-set-without-organs`, `structure-set-grid-differs`, `structure-set-not-closed`,
 * `structure-set-incomplete`, `value-unreadable`
 */
export function decodeStructureSet(
  file: ArrayBuffer,
  mrc: Series,
  organs: ReadonlyMap<number, Segment>
): { labels: LabelVolume; overlapping: number } {
  const { dataset } = readPart10(file);
  const { size, spacing, origin, direction } = mrc.volume;
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  let found = 0;
  let overlapping = 0;
  for (const roi of itemsOf(dataset, 'ROIContourSequence')) {
    const segment = organs.get(Number(roi.ReferencedROINumber));
    if (!segment) continue;
    found++;
    const inside = new Map<number, Uint8Array>();
    for (const contour of itemsOf(roi, 'ContourSequence', dataset)) {
      const type = String(contour.ContourGeometricType ?? '').trim();
      if (!CLOSED.has(type)) throw notClosed(segment.label, type);
      const points = pointsOf(contour, dataset, segment.label);
      if (points.length === 0) continue;
      const { slice, polygon } = contourOnGrid(points, mrc, segment.label);
      const plane = inside.get(slice) ?? new Uint8Array(size[0] * size[1]);
      inside.set(slice, plane);
      togglePolygon(plane, size[0], size[1], polygon);
    }
    for (const [slice, plane] of inside) {
      const start = slice * plane.length;
      plane.forEach((value, pixel) => {
        if (!value) return;
        if (data[start + pixel] === 0) data[start + pixel] = segment.number;
        else if (data[start + pixel] !== segment.number) overlapping++;
      });
    }
  }
  if (found === 0) {
    const names = itemsOf(dataset, 'StructureSetROISequence').map((roi) =>
      String(roi.ROIName ?? '')
    );
    throw new RefusedInputError(
      'structure-set-without-organs',
      `None of the regions (${names.map((name) => `"${name}"`).join(', ')}) is a left or right cochlea or vestibule.`,
      'Name the regions by side and organ, for example "Left cochlea".'
    );
  }
  return {
    labels: { size, spacing, origin, direction, data, segments: [...SEGMENTS] },
    overlapping,
  };
}

/** A point or an open line encloses nothing: what it belongs to cannot be filled. */
function notClosed(label: string, type: string): RefusedInputError {
  return new RefusedInputError(
    'structure-set-not-closed',
    `A contour of "${label}" is of Contour Geometric Type (3006,0042) "${type || '(empty)'}", which encloses no region.`,
    'Export the regions as closed planar contours.',
    { type }
  );
}

type Attributes = Record<string, unknown>;

/** LPS mm. @throws RefusedInputError `value-unreadable`, `structure-set-incomplete` */
function pointsOf(contour: Attributes, instance: Attributes, label: string): Vector3[] {
  const values = [contour.ContourData ?? []].flat();
  const numbers = numbersOf(contour, 'ContourData', instance);
  const [stated = numbers.length / 3] = numbersOf(contour, 'NumberOfContourPoints', instance);
  if (numbers.length !== values.length || numbers.length !== 3 * stated) {
    throw new RefusedInputError(
      'structure-set-incomplete',
      `A contour of "${label}" has ${numbers.length} coordinates in Contour Data (3006,0050) for ${stated} points (3006,0046).`,
      'Export the structure set again.',
      { coordinates: numbers.length, points: stated }
    );
  }
  const points: Vector3[] = [];
  for (let n = 0; n < numbers.length; n += 3) {
    points.push([numbers[n]!, numbers[n + 1]!, numbers[n + 2]!]);
  }
  return points;
}

function contourOnGrid(
  places: readonly Vector3[],
  mrc: Series,
  label: string
): { slice: number; polygon: [number, number][] } {
  const points = places.map((place) => worldToVoxel(mrc.volume, place));
  const depths = points.map((point) => point[2]);
  const slice = Math.round(depths.reduce((sum, depth) => sum + depth, 0) / depths.length);
  const off = Math.max(...depths.map((depth) => Math.abs(depth - slice)));
  const outside = slice < 0 || slice >= mrc.volume.size[2];
  if (!(off <= 0.3) || outside) {
    throw new RefusedInputError(
      'structure-set-grid-differs',
      `A contour of "${label}" does not lie on a slice of series "${mrc.header.seriesDescription}"` +
        (outside ? '' : ` (${(off * mrc.volume.spacing[2]).toFixed(2)} mm off)`) +
        '.',
      'Provide the series that the contours were drawn on, or draw them again on this series.'
    );
  }
  return { slice, polygon: points.map((point) => [point[0], point[1]]) };
}

/** Flips every pixel whose centre lies inside the polygon (even–odd rule, one scan line a row). */
function togglePolygon(
  plane: Uint8Array,
  columns: number,
  rows: number,
  polygon: readonly (readonly [number, number])[]
): void {
  for (let j = 0; j < rows; j++) {
    const crossings: number[] = [];
    polygon.forEach(([x1, y1], n) => {
      const [x2, y2] = itemAt(polygon, (n + 1) % polygon.length);
      if (y1 <= j === y2 <= j) return;
      crossings.push(x1 + ((j - y1) / (y2 - y1)) * (x2 - x1));
    });
    crossings.sort((a, b) => a - b);
    for (let n = 0; n + 1 < crossings.length; n += 2) {
      const from = Math.max(Math.ceil(crossings[n]!), 0);
      const to = Math.min(Math.ceil(crossings[n + 1]!) - 1, columns - 1);
      for (let i = from; i <= to; i++) plane[i + columns * j]! ^= 1;
    }
  }
}
