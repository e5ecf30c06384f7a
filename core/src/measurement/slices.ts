import { itemAt } from '../items';
import type { PreparedStudy } from '../study';
import type { EarSide, Organ, SliceMeasurement } from '../types';
import { countEndolymph } from './countEndolymph';
import type { AlignmentError } from './alignmentError';
import type { NoiseEstimate } from './noise';
import type { OrganVoxels } from './organVoxels';

/** Slice index k on MRC's grid by ear and organ; stays inside. */
export type SliceChoices = Partial<Record<EarSide, Partial<Record<Organ, number>>>>;

/** A counted slice, with its index k, which stays inside. */
export interface CountedSlice {
  k: number;
  measured: SliceMeasurement;
}

/** Every slice with a voxel of the organ, by k. */
export function measureSlices(
  prepared: PreparedStudy,
  { indices }: OrganVoxels,
  noise: NoiseEstimate | null,
  mayBeOff: AlignmentError | null
): CountedSlice[] {
  const plane = prepared.mrc.size[0] * prepared.mrc.size[1];
  const slices: CountedSlice[] = [];
  // Indices are in storage order: those of a slice stand together.
  for (let start = 0; start < indices.length;) {
    const k = Math.floor(indices[start]! / plane);
    let end = start + 1;
    while (end < indices.length && indices[end]! < (k + 1) * plane) end++;
    const { ratio, total, endolymph, interval } = countEndolymph(
      prepared,
      indices.subarray(start, end),
      noise,
      mayBeOff,
      start
    );
    slices.push({
      k,
      measured: {
        image: itemAt(prepared.images, k),
        ratio,
        totalPixels: total,
        endolymphPixels: endolymph,
        interval,
      },
    });
    start = end;
  }
  return slices;
}
