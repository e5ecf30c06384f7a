import type { LabelVolume, MaskOrigin } from '../types';
import { collectOrgans, type OrganVoxels } from './organVoxels';

/** The network's labels do not change: their organs are looked for once, not with each brush stroke. */
const cache = new WeakMap<Uint8Array, OrganVoxels[]>();

/**
 * Tells for each organ whether its voxels are the network's (`automatic`), differ from them (`edited`) or
 * lie where the network had none (`drawn`).
 *
 * @param automatic the network's own labels; undefined where no network made any
 */
export function maskOrigins(
  labels: LabelVolume,
  automatic: LabelVolume | undefined
): (organ: OrganVoxels) => MaskOrigin {
  if (!automatic) return () => 'drawn';
  if (automatic.data === labels.data) return () => 'automatic';
  let known = cache.get(automatic.data);
  if (!known) cache.set(automatic.data, (known = collectOrgans(automatic)));
  const own = known;
  return ({ ear, organ, indices }) => {
    const before = own.find((entry) => entry.ear === ear && entry.organ === organ);
    if (!before) return 'drawn';
    return sameVoxels(before.indices, indices) ? 'automatic' : 'edited';
  };
}

function sameVoxels(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((n, at) => n === b[at]);
}
