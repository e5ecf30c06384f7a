import type { EarSide, LabelVolume, Organ } from '@inner-ear-hydrops/core';

/**
 * Labels in which one organ is as the network made it: its voxels come back, also from other organs, and what was
 * added to it becomes what it was. Other edits stay. Both on one grid.
 */
export function withAutomaticOrgan(
  labels: LabelVolume,
  automatic: LabelVolume,
  { ear, organ }: { ear: EarSide; organ: Organ }
): LabelVolume {
  const number = labels.segments.find(
    (candidate) => candidate.ear === ear && candidate.organ === organ
  )?.number;
  const data = labels.data.map((value, n) => {
    const before = automatic.data[n] ?? 0;
    return value === number || before === number ? before : value;
  });
  return { ...labels, data };
}
