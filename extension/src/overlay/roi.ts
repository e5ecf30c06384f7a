import { SEGMENTS } from '@inner-ear-hydrops/core';
import type { LabelVolume } from '@inner-ear-hydrops/core';
import type { Bounds, Section } from './section';
import { fillPath, outlinePath } from './paths';

/** The region that was measured, as it stands. */
export interface Roi {
  labels: LabelVolume;
  /** Whether voxel n is counted as endolymph where it lies in the region. */
  isEndolymph: (n: number) => boolean;
}

/** What is drawn of a region on one plane: SVG paths in the section's pixels. */
export interface RoiPaths {
  /** By segment number; segments that the plane misses are left out. */
  outlines: Map<number, string>;
  endolymph: string;
  perilymph: string;
}

/** The voxels that carry a label; null where none does. */
export function boundsOf({ data, size }: LabelVolume): Bounds | null {
  const [columns, rows] = size;
  const bounds: Bounds = [
    [Infinity, -Infinity],
    [Infinity, -Infinity],
    [Infinity, -Infinity],
  ];
  const include = (axis: 0 | 1 | 2, value: number) => {
    const range = bounds[axis];
    if (value < range[0]) range[0] = value;
    if (value > range[1]) range[1] = value;
  };
  for (let n = 0; n < data.length; n++) {
    if (data[n] === 0) continue;
    include(0, n % columns);
    include(1, Math.floor(n / columns) % rows);
    include(2, Math.floor(n / (columns * rows)));
  }
  return Number.isFinite(bounds[0][0]) ? bounds : null;
}

export function pathsOf({ labels, isEndolymph }: Roi, section: Section): RoiPaths {
  const { columns, rows, voxels } = section;
  const labelAt = (column: number, row: number): number => {
    const n = voxels[column + columns * row] ?? -1;
    return n < 0 ? 0 : (labels.data[n] ?? 0);
  };
  const fluid = (endolymph: boolean) =>
    fillPath(columns, rows, (column, row) => {
      const n = voxels[column + columns * row] ?? -1;
      return n >= 0 && labels.data[n] !== 0 && isEndolymph(n) === endolymph;
    });
  const outlines = new Map<number, string>();
  for (const { number } of SEGMENTS) {
    const path = outlinePath(columns, rows, (column, row) => labelAt(column, row) === number);
    if (path) outlines.set(number, path);
  }
  return { outlines, endolymph: fluid(true), perilymph: fluid(false) };
}
