import { mapAxes } from '../../axes';
import { ORGANS } from '../../registry';
import type { Geometry, Vector3, Warning } from '../../types';
import { voxelVolume } from '../../volume';
import type { OrganVoxels } from '../organVoxels';

/**
 * Parts of a region that are smaller than this, in all, are not worth a word: a network leaves a voxel or two beside
 * an organ (mm³; 8 voxels of the paper's 0.5 × 0.5 × 1.0 mm).
 */
const MIN_VOLUME = 2;

/** A connected part (26 neighbours) of one organ's region. */
export interface RegionPart {
  voxels: number;
  /** Voxel indices, continuous. */
  center: Vector3;
}

/** Regions with detached parts, the network's or the reader's: a stray dab, or fluid of something else. */
export function islandWarnings(grid: Geometry, organs: readonly OrganVoxels[]): Warning[] {
  return organs.flatMap(({ ear, organ, indices }): Warning[] => {
    const [main, ...islands] = regionParts(grid.size, indices);
    if (!main) return [];
    const distance = (part: RegionPart) =>
      Math.hypot(...part.center.map((at, axis) => (at - main.center[axis]!) * grid.spacing[axis]!));
    const voxels = islands.reduce((sum, part) => sum + part.voxels, 0);
    const volume = voxels * voxelVolume(grid);
    if (volume < MIN_VOLUME) return [];
    const farthest = Math.max(...islands.map(distance));
    const isFar = farthest > ORGANS[organ].reach;
    const parts = `${islands.length} detached ${islands.length === 1 ? 'part' : 'parts'}`;
    return [
      {
        code: isFar ? 'roi-part-far' : 'roi-in-parts',
        message:
          `The region of the ${ear} ${organ} has ${parts} beside the main one: ${voxels} of ${indices.length} voxels ` +
          `(${volume.toFixed(1)} mm³), up to ${farthest.toFixed(1)} mm from its middle` +
          `${isFar ? ', farther than the organ reaches' : ''}. They count like the rest: check whether they belong to it.`,
        ear,
        organ,
        values: { parts: islands.length, voxels, volume, farthest },
      },
    ];
  });
}

/** The connected parts of a region, the largest first. */
export function regionParts([columns, rows]: Vector3, indices: Int32Array): RegionPart[] {
  const open = new Set(indices);
  const parts: RegionPart[] = [];
  for (const start of indices) {
    if (!open.delete(start)) continue;
    const found = [start];
    const sum: Vector3 = [0, 0, 0];
    for (let head = 0; head < found.length; head++) {
      const at: Vector3 = [
        found[head]! % columns,
        Math.floor(found[head]! / columns) % rows,
        Math.floor(found[head]! / (columns * rows)),
      ];
      at.forEach((value, axis) => (sum[axis]! += value));
      for (const [a, b, c] of NEIGHBOURS) {
        const [i, j] = [at[0] + a, at[1] + b];
        if (i < 0 || i >= columns || j < 0 || j >= rows) continue;
        const next = i + columns * (j + rows * (at[2] + c));
        if (open.delete(next)) found.push(next);
      }
    }
    const center = mapAxes(sum, (value) => value / found.length);
    parts.push({ voxels: found.length, center });
  }
  return parts.sort((a, b) => b.voxels - a.voxels);
}

const STEPS = [-1, 0, 1];
const NEIGHBOURS = STEPS.flatMap((c) => STEPS.flatMap((b) => STEPS.map((a) => [a, b, c] as const)));
