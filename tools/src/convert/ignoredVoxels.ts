import {
  distance,
  EAR_REACH,
  earCentersOf,
  SEGMENTS,
  voxelToWorld,
  type EarSide,
  type LabelVolume,
  type Vector3,
} from '@inner-ear-hydrops/core';
import type { Coverage } from '../dataset/coverage';
import { isKnown, type KnownOrgans } from '../dataset/knownOrgans';

/** An organ that some slices say nothing of. */
interface OpenOrgan {
  /** Slices k on which it is known. */
  known: ReadonlySet<number>;
  /** Whether it may lie at a place, LPS mm. */
  mayBeAt(place: Vector3): boolean;
}

/**
 * Voxels of which an annotation does not say whether an organ is there: without a label, on slices on which the organ was not
 * annotated, and where it can lie. An organ of an ear lies within `EAR_REACH` of the ear's other organ, and not within that
 * of the other ear.
 * @returns 1 for each such voxel; null where there is none
 */
export function ignoredVoxels(
  labels: LabelVolume,
  known: KnownOrgans,
  coverage: Coverage
): Uint8Array | null {
  const open = openOrgans(labels, known, coverage);
  if (open.length === 0) return null;
  const [columns, rows, slices] = labels.size;
  const ignored = new Uint8Array(labels.data.length);
  let n = 0;
  for (let k = 0; k < slices; k++) {
    const onSlice = open.filter((organ) => !organ.known.has(k));
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, n++) {
        if (labels.data[n] !== 0 || onSlice.length === 0) continue;
        const place = voxelToWorld(labels, [i, j, k]);
        if (onSlice.some((organ) => organ.mayBeAt(place))) ignored[n] = 1;
      }
  }
  return ignored.includes(1) ? ignored : null;
}

function openOrgans(labels: LabelVolume, known: KnownOrgans, coverage: Coverage): OpenOrgan[] {
  const centers = earCentersOf(labels);
  const isNear = (ear: EarSide, place: Vector3) => {
    const center = centers[ear];
    return center !== undefined && distance(center, place) <= EAR_REACH;
  };
  return SEGMENTS.flatMap(({ ear, organ }): OpenOrgan[] => {
    const covered = coverage[ear][organ];
    const isOpen = !isKnown(known, { ear, organ }) || !covered;
    if (!isOpen && covered.isWhole) return [];
    const other = ear === 'left' ? 'right' : 'left';
    const mayBeAt = (place: Vector3) => (centers[ear] ? isNear(ear, place) : !isNear(other, place));
    return [{ known: new Set(isOpen ? [] : covered.extent.slices), mayBeAt }];
  });
}
