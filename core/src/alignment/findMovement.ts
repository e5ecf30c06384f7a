import type { EarOffset, Vector3, Volume } from '../types';
import { IDENTITY_TRANSFORM, type RigidTransform } from '../volume';
import { earsApart } from './earsApart';
import { apartAt, estimateMotion, type Motion } from './estimateMotion';

/** PEI as it was brought onto MRC's grid. */
export interface PlacedPei {
  /** Where it stands now. */
  image: Volume;
  /** As it was estimated against MRC; null where that was not possible. */
  motion: Motion | null;
  /** Whether that motion was undone, or PEI left where it was. */
  isUndone: boolean;
}

export interface MovementOptions {
  /** LPS mm of the ears; motion is estimated around them, in the whole volume when absent. */
  centers?: Vector3[];
  /** For PPI: PEI, which is subtracted from it. */
  pei?: PlacedPei;
  /** Movement (mm) against MRC above which it is undone. Default 0.5. */
  correctAbove?: number;
}

export interface Movement {
  /** Against MRC; null where it could not be determined. */
  motion: Motion | null;
  isUndone: boolean;
  /** Whether a movement that changes the ratio may have been missed. */
  isUncertain: boolean;
  /** mm by which one ear lies otherwise on the fixed image than the other, beyond any rigid movement. */
  earsApart: number;
  /**
   * Of PPI against PEI where that now stands: mm, with the standard error, whether it was more than chance, and what of it is
   * left at each ear.
   */
  againstPei?: {
    displacement: number;
    standardError: number;
    isMovement: boolean;
    left: EarOffset[];
  };
}

/** Above this standard error (mm) an estimate is not used. */
const UNCERTAIN = 0.3;
/** Above this one (mm) PPI may stand apart from PEI so far that the ratio means another thing. */
const UNCERTAIN_BETWEEN = 0.2;
/** A movement smaller than this many standard errors may be chance. */
const SIGNIFICANT = 3;
/** The same for PPI against PEI. To undo what was chance moves a ratio by 0.04, to leave a movement of 0.2 mm by up to 0.3. */
const SIGNIFICANT_BETWEEN = 2.5;
/** Movement (mm) between PPI and PEI below which nothing is undone. */
const LEAST_BETWEEN = 0.1;
/** Movement (mm) against MRC from which it is told though not undone. */
const LEAST_TOLD = 0.35;
/** Where PEI moved: movement (mm) of PPI below which it is taken to have lain as for MRC. */
const LEAST_OWN = 0.15;
/** Movement (mm) against MRC that must explain more than chance does. */
const LARGE = 0.5;
/** Share of the unexplained variance that a correction of such a movement must remove. */
const MIN_GAIN = 0.02;

/**
 * How a series moved and whether that is to be undone. PEI, which holds endolymph and cerebrospinal fluid, resembles MRC;
 * PPI does not where there is endolymph, and its estimate against MRC is three times as uncertain. So PEI is found on
 * MRC, and PPI on PEI, from which it is subtracted: what they moved together PPI takes from PEI.
 */
export function findMovement(mrc: Volume, moving: Volume, options: MovementOptions): Movement {
  const { centers, pei } = options;
  if (!pei?.motion) return againstMrc(mrc, moving, options);
  const stands = pei.isUndone ? pei.motion.transform : undefined;
  const found = estimateMotion(pei.image, moving, { centers, start: stands, isLinear: true });
  if (!found || !(found.standardError < UNCERTAIN)) {
    return { ...againstMrc(mrc, moving, options), isUncertain: true };
  }
  const displacement = apartAt(found.places, found.transform, stands);
  const { standardError } = found;
  const isMoreThan = (least: number, distance: number): boolean =>
    distance > least && distance > SIGNIFICANT_BETWEEN * standardError;
  const isMovement = isMoreThan(LEAST_BETWEEN, displacement) && explainsMore(found, displacement);
  const least = pei.isUndone ? LEAST_OWN : LEAST_BETWEEN;
  const motion = isMovement ? found : pei.motion;
  // Where only PEI moved, PPI stays as it was stored.
  const isUndone = isMovement ? isMoreThan(least, found.displacement) : pei.isUndone;
  const placed: RigidTransform = isUndone ? motion.transform : IDENTITY_TRANSFORM;
  const ears = earsApart(pei.image, moving, { centers, found, placed, isLinear: true });
  return {
    motion,
    isUndone,
    isUncertain: standardError > UNCERTAIN_BETWEEN,
    earsApart: ears.apart,
    againstPei: { displacement, standardError, isMovement, left: ears.left },
  };
}

function againstMrc(mrc: Volume, moving: Volume, options: MovementOptions): Movement {
  const { centers, correctAbove = LARGE } = options;
  const motion = estimateMotion(mrc, moving, { centers });
  if (!motion || isUncertain(motion))
    return { motion: null, isUndone: false, isUncertain: true, earsApart: 0 };
  const { displacement, standardError } = motion;
  const isMovement = displacement > SIGNIFICANT * standardError;
  const isUndone = isMovement && displacement > correctAbove;
  // More than its usual error, and less than is undone: the ratio may be another one.
  const ears = earsApart(mrc, moving, { centers, found: motion, placed: motion.transform });
  return {
    motion,
    isUndone,
    isUncertain: isMovement && !isUndone && displacement > LEAST_TOLD,
    earsApart: ears.apart,
  };
}

function isUncertain(motion: Motion): boolean {
  const { displacement, standardError } = motion;
  if (!(standardError < UNCERTAIN)) return true;
  // Noise alone looks like a small movement: what could be chance is not undone.
  if (displacement > LARGE && displacement < SIGNIFICANT * standardError) return true;
  return !explainsMore(motion, displacement);
}

/** A large movement must explain more than no movement does. */
function explainsMore({ cost, costAtStart }: Motion, displacement: number): boolean {
  return displacement < LARGE || cost <= (1 - MIN_GAIN) * costAtStart;
}
