import type { Geometry, LabelVolume } from '../src/types';
import { resample } from '../src/volume';

/**
 * Labels on another grid, as a test of pixel sizes needs them: a voxel belongs to the ROI where labels fill at least
 * half of it, by linear interpolation averaged over its extent, and bears the label that fills most; 0 outside. The
 * nearest label would move the border by up to half a voxel of either grid.
 */
export function resampleLabels(labels: LabelVolume, target: Geometry): LabelVolume {
  const { size, spacing, origin, direction } = target;
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  const total = new Float32Array(data.length);
  const most = new Float32Array(data.length);
  for (const value of [...new Set(labels.data)].filter(Boolean).sort((a, b) => a - b)) {
    const mask = Float32Array.from(labels.data, (label) => (label === value ? 1 : 0));
    resample({ ...labels, data: mask }, target).data.forEach((share, n) => {
      total[n]! += share;
      if (share <= most[n]!) return;
      most[n] = share;
      data[n] = value;
    });
  }
  // A hair below one half: half a voxel in two parts must not be lost to rounding.
  for (let n = 0; n < data.length; n++) if (total[n]! < 0.5 - 1e-6) data[n] = 0;
  return { size, spacing, origin, direction, data, segments: labels.segments };
}
