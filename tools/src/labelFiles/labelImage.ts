import type { PerAxis, Vector3 } from '@inner-ear-hydrops/core';

/** The places of an image's voxels: voxel (i, j, k) lies at origin + i·steps[0] + j·steps[1] + k·steps[2], LPS mm. */
export interface Lattice {
  size: Vector3;
  /** Centre of voxel (0, 0, 0). */
  origin: Vector3;
  /** From a voxel to the next along i, j and k; of either handedness. */
  steps: PerAxis<Vector3>;
}

/** A NIfTI or NRRD file whose voxels hold labels. */
export interface LabelImage extends Lattice {
  /** Labels of voxel i + columns·(j + rows·k); several where segments may overlap. */
  layers: Int32Array[];
  /** What the file itself says of its labels. */
  named: NamedLabel[];
}

export interface NamedLabel {
  layer: number;
  value: number;
  name: string;
}

/** A label of a file, whether it is named or not. */
export interface StoredLabel extends Omit<NamedLabel, 'name'> {
  /** Null where nothing names it. */
  name: string | null;
  voxels: number;
}

/** Distinct labels from which on a file is an image: atlases of the whole body have some 120. */
export const MOST_LABELS = 200;

/** The labels of an image, by layer and value, without 0, which is no label; null where it is an image of grey levels. */
export function countLabels({ layers }: Pick<LabelImage, 'layers'>): StoredLabel[] | null {
  const found: StoredLabel[] = [];
  for (const [layer, data] of layers.entries()) {
    const counts = new Map<number, number>();
    for (const value of data) {
      if (value === 0) continue;
      counts.set(value, (counts.get(value) ?? 0) + 1);
      if (counts.size > MOST_LABELS) return null;
    }
    const sorted = [...counts].sort(([a], [b]) => a - b);
    found.push(...sorted.map(([value, voxels]) => ({ layer, value, name: null, voxels })));
  }
  return found;
}
