import {
  EAR_SIDES,
  earCentersOf,
  ORGAN_KEYS,
  SEGMENTS,
  voxelToWorld,
  worldToVoxel,
} from '@inner-ear-hydrops/core';
import type { EarSide, LabelVolume, Measurement, Organ, Vector3 } from '@inner-ear-hydrops/core';

/**
 * LPS mm of the middle of an organ's voxels on slice k; where the reader has chosen a slice without any, of the ear on
 * that slice.
 */
export function placeOnSlice(
  labels: LabelVolume,
  ear: EarSide,
  organ: Organ,
  slice: number
): Vector3 | undefined {
  const { data, size } = labels;
  const segment = SEGMENTS.find(
    (candidate) => candidate.ear === ear && candidate.organ === organ
  )?.number;
  const [columns, rows] = size;
  let [count, i, j] = [0, 0, 0];
  for (let n = slice * columns * rows; n < (slice + 1) * columns * rows; n++) {
    if (data[n] !== segment) continue;
    count++;
    i += n % columns;
    j += Math.floor(n / columns) % rows;
  }
  if (count > 0) return voxelToWorld(labels, [i / count, j / count, slice]);
  const center = earCentersOf(labels)[ear];
  if (!center) return undefined;
  const [column, row] = worldToVoxel(labels, center);
  return voxelToWorld(labels, [column, row, slice]);
}

/** The first organ that has an area to look at; null where none has. */
export function firstOrgan(measurement: Measurement): { ear: EarSide; organ: Organ } | null {
  for (const ear of EAR_SIDES) {
    for (const organ of ORGAN_KEYS) {
      if (measurement.ears[ear]?.[organ]?.area) return { ear, organ };
    }
  }
  return null;
}
