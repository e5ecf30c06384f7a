import { EARS, EAR_SIDES } from '../registry';
import type { EarAbsence } from '../study';
import type { EarSide, Vector3, Volume } from '../types';
import { brightestFluid, noiseOfMrc } from '../volume/fluidBrightness';
import { worldToVoxel } from '../volume/geometry';
import type { KnownCenters } from './findEars';

/** mm from one ear to the other: the paper's reference points are so far apart. */
const EAR_DISTANCE = 73;
/** mm: an ear's middle nearer to the border than this is cut off. */
const HALF_EAR = 8;
/** Brightest fluid on MRC in units of its noise below which networks lose ears (docs/method.md). */
const MIN_FLUID_TO_NOISE = 6;

/**
 * Why an ear was not found. `field-of-view`: its place lies outside the stack or within 8 mm of its border. That
 * place is where the reader put it, else that of the other ear, mirrored along the patient's left–right axis, at
 * the usual distance. `noise`: fluid hardly stands out of the noise. Else `not-recognised`.
 *
 * @param found LPS mm: middles of the ears that were found
 * @param named LPS mm: where the reader had the ears looked for
 * @returns one entry for each ear that `found` lacks
 */
export function absentEars(mrc: Volume, found: KnownCenters, named: KnownCenters): EarAbsence[] {
  return EAR_SIDES.filter((side) => !found[side]).map((side) => {
    const place = named[side] ?? mirrored(found, side);
    if (place && isCutOff(mrc, place)) return { side, reason: 'field-of-view' };
    return { side, reason: isNoisy(mrc) ? 'noise' : 'not-recognised' };
  });
}

/** Left is +x. */
function mirrored(found: KnownCenters, side: EarSide): Vector3 | null {
  const other = side === 'left' ? found.right : found.left;
  if (!other) return null;
  return [other[0] + EARS[side].lateral * EAR_DISTANCE, other[1], other[2]];
}

function isCutOff(mrc: Volume, place: Vector3): boolean {
  return worldToVoxel(mrc, place).some((value, axis) => {
    const margin = HALF_EAR / mrc.spacing[axis]!;
    return value < margin - 0.5 || value > mrc.size[axis]! - 0.5 - margin;
  });
}

function isNoisy(mrc: Volume): boolean {
  return brightestFluid(mrc) < MIN_FLUID_TO_NOISE * noiseOfMrc(mrc, Infinity);
}
