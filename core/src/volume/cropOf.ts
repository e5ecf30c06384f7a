import type { Vector3, Volume } from '../types';
import { voxelToWorld } from './geometry';

/** A box of a volume, copied: `size` voxels from voxel `low` on. */
export function cropOf(volume: Volume, low: Vector3, size: Vector3): Volume {
  const data = new Float32Array(size[0] * size[1] * size[2]);
  const missing = volume.missing && new Uint8Array(data.length);
  let n = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const from = low[0] + volume.size[0] * (low[1] + j + volume.size[1] * (low[2] + k));
      data.set(volume.data.subarray(from, from + size[0]), n);
      if (volume.missing) missing?.set(volume.missing.subarray(from, from + size[0]), n);
      n += size[0];
    }
  }
  return {
    size,
    spacing: [...volume.spacing],
    direction: [...volume.direction],
    origin: voxelToWorld(volume, low),
    data,
    ...(missing?.includes(1) ? { missing } : {}),
  };
}
