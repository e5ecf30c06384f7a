import {
  EARS,
  ANATOMY,
  perOrgan,
  representativeSlices,
  type EarSide,
  type RepresentativeSlices,
  type Vector3,
} from '@inner-ear-hydrops/core';
import type { ChosenSlices } from '../dataset/coverage';
import type { LoadedStudy } from '../dataset/labelledStudy';
import { dice, intersectionOverUnion, overlapOf } from './overlap';
import type { OrganRatios } from './ratios';

/** Two ratios of the same images. */
export interface RatioPair {
  /** In the annotated region. */
  reference: number;
  measured: number;
}

/** Annotation and model on one slice, that of the annotation, as in the paper. */
export interface CommonSlice {
  iou: number;
  dice: number;
  /** EH ratio by area; null without PPI and PEI, or where the model found nothing on the slice. */
  ratio: RatioPair | null;
}

/** How far apart the slices lie that annotation and model would be measured on. */
export interface SliceDistance {
  slices: number;
  mm: number;
}

/**
 * The slice k of MRC that stands for each annotated organ: that of the stored result, else the one that the rules
 * choose for the annotated region (of chosen slices one of them).
 */
export function referenceSlices(
  { mrc, anatomy, slices }: Pick<LoadedStudy, 'mrc' | 'anatomy' | 'slices'>,
  chosen: ChosenSlices
): RepresentativeSlices {
  const byRules = representativeSlices(anatomy, mrc.volume);
  const of = (ear: EarSide) =>
    perOrgan((organ) => {
      const stored = slices[ear]?.[organ];
      const isShown =
        stored !== undefined &&
        isOnSlice(anatomy, mrc.volume.size, ANATOMY[organ] + EARS[ear].anatomyOffset, stored) &&
        (chosen[ear][organ]?.includes(stored) ?? true);
      return isShown ? stored : byRules[ear][organ];
    });
  return { left: of('left'), right: of('right') };
}

function isOnSlice(anatomy: Uint8Array, size: Vector3, code: number, k: number): boolean {
  return planeOf(anatomy, size, k).includes(code);
}

const planeOf = (data: Uint8Array, [columns, rows]: Vector3, k: number): Uint8Array =>
  data.subarray(k * columns * rows, (k + 1) * columns * rows);

/** The labels with everything beside some slices taken away: as they are where `slices` is null. */
export function onSlices(
  data: Uint8Array,
  size: Vector3,
  slices: readonly number[] | null
): Uint8Array {
  if (slices === null) return data;
  const kept = new Uint8Array(data.length);
  for (const k of slices) planeOf(kept, size, k).set(planeOf(data, size, k));
  return kept;
}

/** Both regions of an organ on the annotation's slice k. */
export function compareOnSlice(
  [annotated, found]: readonly [Uint8Array, Uint8Array],
  size: Vector3,
  code: number,
  k: number,
  ratios: readonly [OrganRatios | undefined, OrganRatios | undefined]
): CommonSlice {
  const overlap = overlapOf(planeOf(annotated, size, k), planeOf(found, size, k), code);
  const [reference, measured] = ratios.map((entry) => entry?.slices.get(k));
  return {
    iou: intersectionOverUnion(overlap),
    dice: dice(overlap),
    ratio: reference !== undefined && measured !== undefined ? { reference, measured } : null,
  };
}

/** Between the annotation's slice and the model's own; null where either has none. */
export function distanceOfSlices(
  reference: number | null,
  own: number | null,
  spacing: number
): SliceDistance | null {
  if (reference === null || own === null) return null;
  const slices = Math.abs(own - reference);
  return { slices, mm: slices * spacing };
}
