import {
  SEGMENTS,
  type EarSide,
  type LabelVolume,
  type Organ,
  type Segment,
  type Vector3,
} from '../types';
import { EAR_SIDES, ORGAN_KEYS } from '../registry';
import type { PreparedStudy } from '../study';
import { voxelToWorld } from '../volume';

/** The voxels of one organ of one ear, in storage order. */
export interface OrganVoxels {
  ear: EarSide;
  organ: Organ;
  /** Positions in `Volume.data`. */
  indices: Int32Array;
  /** LPS mm: mean position. */
  center: Vector3;
}

/**
 * Collects the voxels of the segments in one pass over the labels. Segments without a voxel
 * are left out. Numbers are read through `labels.segments`, or `SEGMENTS` where that is empty.
 */
export function collectOrgans(labels: LabelVolume): OrganVoxels[] {
  const table: (Segment | undefined)[] = new Array<Segment | undefined>(256);
  for (const segment of labels.segments.length ? labels.segments : SEGMENTS) {
    table[segment.number] = segment;
  }
  const found = new Map<number, number[]>();
  const { data } = labels;
  for (let n = 0; n < data.length; n++) {
    const value = data[n]!;
    if (value === 0 || table[value] === undefined) continue;
    const list = found.get(value);
    if (list) list.push(n);
    else found.set(value, [n]);
  }
  // Several numbers may name one organ (another vendor's SEG): they are one ROI.
  const organs: OrganVoxels[] = [];
  for (const ear of EAR_SIDES) {
    for (const organ of ORGAN_KEYS) {
      const indices: number[] = [];
      for (const [number, list] of found) {
        const segment = table[number];
        if (segment?.ear === ear && segment.organ === organ) for (const n of list) indices.push(n);
      }
      if (indices.length === 0) continue;
      const sorted = Int32Array.from(indices).sort();
      organs.push({ ear, organ, indices: sorted, center: centerOf(labels, sorted) });
    }
  }
  return organs;
}

/**
 * The organ without the voxels at which a series was not measured: padding is no signal. All of them where none was:
 * what is counted then is void (`signal-missing`).
 */
export function measuredVoxels(
  organ: OrganVoxels,
  { missing }: Pick<PreparedStudy, 'missing'>
): OrganVoxels {
  if (!missing) return organ;
  const indices = organ.indices.filter((n) => missing[n] === 0);
  return indices.length === 0 ? organ : { ...organ, indices };
}

/** LPS mm of the middle of each labelled ear (mean of its organs' voxels). */
export function earCentersOf(labels: LabelVolume): Partial<Record<EarSide, Vector3>> {
  const centers: Partial<Record<EarSide, Vector3>> = {};
  const organs = collectOrgans(labels);
  for (const ear of EAR_SIDES) {
    const parts = organs.filter((part) => part.ear === ear);
    const total = parts.reduce((sum, part) => sum + part.indices.length, 0);
    if (total === 0) continue;
    centers[ear] = [0, 1, 2].map(
      (axis) =>
        parts.reduce((sum, part) => sum + part.center[axis]! * part.indices.length, 0) / total
    ) as Vector3;
  }
  return centers;
}

function centerOf(labels: LabelVolume, indices: Int32Array): Vector3 {
  const [columns, rows] = labels.size;
  const sum: Vector3 = [0, 0, 0];
  for (const n of indices) {
    sum[0] += n % columns;
    sum[1] += Math.floor(n / columns) % rows;
    sum[2] += Math.floor(n / (columns * rows));
  }
  const count = indices.length;
  return voxelToWorld(labels, [sum[0] / count, sum[1] / count, sum[2] / count]);
}
