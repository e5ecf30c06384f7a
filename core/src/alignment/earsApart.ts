import { mapAxes } from '../axes';
import type { EarOffset, Vector3, Volume } from '../types';
import { applyTransform, distance, type RigidTransform } from '../volume';
import { estimateMotion, type Motion } from './estimateMotion';

/** Displacement (mm) of one ear against the common movement below which it may be chance. */
const LEAST = 0.1;
/** The same in standard errors of the estimate of that ear. */
const SIGNIFICANT = 3;
/** Standard error (mm) above which the estimate of an ear alone says nothing. */
const UNCERTAIN = 0.2;

export interface EarsApartInput {
  /** LPS mm of the ears. */
  centers?: Vector3[];
  /** The movement of both ears together. */
  found: Motion;
  /** By which the moving image was placed. */
  placed: RigidTransform;
  isLinear?: boolean;
}

/**
 * Where each ear alone is found in the moving image, against the movement that was found for both together. One patient's ears
 * move as one: where they do not, one image is scaled or distorted against the other (Pixel Spacing, gradient
 * correction), 1 % of which are 0.35 mm at each ear.
 *
 * @returns the largest displacement of an ear against the common movement, mm (0: none that is more than chance), and by how
 * much each ear's place in the moving image still differs from where it was placed, LPS mm
 */
export function earsApart(
  fixed: Volume,
  moving: Volume,
  { centers = [], found, placed, isLinear = false }: EarsApartInput
): { apart: number; left: EarOffset[] } {
  let apart = 0;
  const left = centers.map((center): EarOffset => {
    const common = applyTransform(found.transform, center);
    const own = centers.length > 1 ? ownPlace(fixed, moving, { center, found, isLinear }) : null;
    if (own) apart = Math.max(apart, distance(own, common));
    const now = applyTransform(placed, center);
    return { center, offset: mapAxes(own ?? common, (x, axis) => x - now[axis]) };
  });
  return { apart, left };
}

/** Null where it is that of the common movement, within chance. */
function ownPlace(
  fixed: Volume,
  moving: Volume,
  { center, found, isLinear }: { center: Vector3; found: Motion; isLinear: boolean }
): Vector3 | null {
  const alone = estimateMotion(fixed, moving, {
    centers: [center],
    start: found.transform,
    isLinear,
    isNear: true,
  });
  if (!alone || !(alone.standardError < UNCERTAIN)) return null;
  const place = applyTransform(alone.transform, center);
  const away = distance(place, applyTransform(found.transform, center));
  return away > LEAST && away > SIGNIFICANT * alone.standardError ? place : null;
}
