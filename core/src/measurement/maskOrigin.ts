import type { EarSide, LabelVolume, MaskOrigin, Organ } from '../types';
import { collectOrgans, type OrganVoxels } from './organVoxels';

/** Where the regions of a labelling come from; those that it does not name are the network's. */
export type MaskOrigins = Partial<Record<EarSide, Partial<Record<Organ, MaskOrigin>>>>;

/** The network's labels do not change: their organs are looked for once, not with each brush stroke. */
const cache = new WeakMap<Uint8Array, OrganVoxels[]>();

/**
 * Tells for each organ whether its voxels are the network's (`automatic`), differ from them (`edited`) or
 * lie where the network had none (`drawn`).
 *
 * @param automatic the labels before any edit: the network's own, or those of a stored result; undefined where
 * no network made any
 * @param origins of `automatic`, where it is a stored result that had been edited already
 */
export function maskOrigins(
  labels: LabelVolume,
  automatic: LabelVolume | undefined,
  origins: MaskOrigins = {}
): (organ: OrganVoxels) => MaskOrigin {
  if (!automatic) return () => 'drawn';
  const originOf = ({ ear, organ }: OrganVoxels) => origins[ear]?.[organ] ?? 'automatic';
  if (automatic.data === labels.data) return originOf;
  const own = organsOf(automatic);
  return (voxels) => {
    const { ear, organ, indices } = voxels;
    const before = own.find((entry) => entry.ear === ear && entry.organ === organ);
    if (!before) return 'drawn';
    const origin = originOf(before);
    return origin === 'drawn' || sameVoxels(before.indices, indices) ? origin : 'edited';
  };
}

/** Tells whether an organ's voxels are those of the labels before any edit. */
export function isUnchanged(
  labels: LabelVolume,
  automatic: LabelVolume | undefined
): (ear: EarSide, organ: Organ) => boolean {
  if (!automatic) return () => false;
  if (automatic.data === labels.data) return () => true;
  let now: OrganVoxels[] | undefined;
  return (ear, organ) => {
    now ??= collectOrgans(labels);
    const voxelsOf = (organs: OrganVoxels[]) =>
      organs.find((entry) => entry.ear === ear && entry.organ === organ)?.indices ??
      new Int32Array();
    return sameVoxels(voxelsOf(organsOf(automatic)), voxelsOf(now));
  };
}

/** The organs of labels that are never changed, looked for once. */
export function organsOf(automatic: LabelVolume): OrganVoxels[] {
  let known = cache.get(automatic.data);
  if (!known) cache.set(automatic.data, (known = collectOrgans(automatic)));
  return known;
}

function sameVoxels(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((n, at) => n === b[at]);
}
