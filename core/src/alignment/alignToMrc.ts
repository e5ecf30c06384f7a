import {
  RefusedInputError,
  type AlignmentReport,
  type Sampling,
  type Vector3,
  type Volume,
  type Warning,
} from '../types';
import {
  copyOntoLattice,
  latticeSampling,
  latticeShift,
  placeMask,
  resample,
  samplingOf,
  uncoveredBy,
  worldToVoxel,
  type RigidTransform,
} from '../volume';
import type { Motion } from './estimateMotion';
import { findMovement, type Movement, type MovementOptions } from './findMovement';

export interface AlignOptions extends MovementOptions {
  /** Name for messages, e.g. "PPI". */
  name: string;
  /** False when the Frame of Reference UIDs differ: then an uncertain motion is refused. */
  sameFrame?: boolean;
  /** Movement that is refused, mm and degrees. Defaults 6 and 8. */
  maxTranslation?: number;
  maxRotation?: number;
}

export interface Alignment {
  /** On MRC's grid. The moving volume itself when nothing had to be done. */
  volume: Volume;
  /** Where its values come from. */
  sampling: Sampling;
  /** 1 for each voxel of MRC's grid at which the moving series has no image; null where it covers MRC. */
  uncovered: Uint8Array | null;
  /** The aligned image where it has one, with what is missing, to guide the alignment of a further series. */
  reference: Volume;
  report: AlignmentReport;
  /** The movement as estimated, also where it is too small to be undone; null where it could not be determined. */
  motion: Motion | null;
  warnings: Warning[];
}

/**
 * Brings a series onto MRC's grid. The same lattice without movement is used as it is, untouched, also where the
 * series has fewer or more slices than MRC; where it has none the result is 0 and `uncovered`. Another
 * sampling is interpolated (cubic). Movement in the ears' region is undone by the same interpolation and warned of
 * (`motion-corrected`): against MRC above `correctAbove`, against PEI as soon as it is no chance, since a
 * fraction of a pixel there moves the ratio. Movement that cannot be determined is left alone and warned of
 * (`motion-uncertain`). What is `missing` in either volume takes no part in the estimate.
 *
 * @throws RefusedInputError `motion-too-large`; `ear-outside-series` when an ear lies outside the
 * moving series; `frame-of-reference-differs` when the frames differ and alignment is uncertain.
 */
export function alignToMrc(mrc: Volume, moving: Volume, options: AlignOptions): Alignment {
  requireInside(mrc, moving, options);
  const found = findMovement(mrc, moving, options);
  refuse(found, options);
  const { motion, isUndone } = found;
  const unmoved = placeUnmoved(mrc, moving);
  const placement =
    motion && isUndone
      ? interpolated(mrc, moving, { transform: motion.transform })
      : unmoved.placement();
  const warnings = [
    ...(motion && isUndone ? [correctedWarning(motion, found, options)] : []),
    ...(found.isUncertain ? [uncertainWarning(options)] : []),
    ...(found.earsApart > (options.pei ? APART_BETWEEN : APART)
      ? [apartWarning(found, options)]
      : []),
  ];
  return { ...placement, report: reportOf(found, unmoved.onGrid), motion, warnings };
}

function reportOf({ motion, isUndone, againstPei }: Movement, onGrid: boolean): AlignmentReport {
  return {
    treatment: isUndone ? 'corrected' : onGrid ? 'identical' : 'resampled',
    translation: motion?.translation ?? [0, 0, 0],
    rotation: motion?.rotation ?? [0, 0, 0],
    displacement: motion?.displacement ?? 0,
    ...(againstPei && {
      againstPei: {
        displacement: againstPei.displacement,
        standardError: againstPei.standardError,
        left: againstPei.left,
      },
    }),
    interpolation: isUndone || !onGrid ? 'cubic' : 'none',
  };
}

function refuse({ motion }: Movement, options: AlignOptions): void {
  const { name, sameFrame = true, maxTranslation = 6, maxRotation = 8 } = options;
  if (!motion) {
    if (sameFrame) return;
    throw new RefusedInputError(
      'frame-of-reference-differs',
      `${name} has a Frame of Reference UID (0020,0052) other than that of MRC, and the images have too little in common to be aligned.`,
      `Choose MRC and ${name} from the same examination.`
    );
  }
  const degrees = Math.hypot(...motion.rotation);
  if (motion.displacement <= maxTranslation && degrees <= maxRotation) return;
  throw new RefusedInputError(
    'motion-too-large',
    `${name} is displaced against MRC by ${motion.displacement.toFixed(1)} mm at the ears ` +
      `(rotated by ${degrees.toFixed(1)}°); up to ${maxTranslation} mm and ${maxRotation}° are corrected.`,
    `Check that ${name} and MRC belong to the same examination; if the patient moved this far, repeat the series.`,
    { displacement: motion.displacement, rotation: degrees }
  );
}

function correctedWarning(motion: Motion, found: Movement, { name, pei }: AlignOptions): Warning {
  const { displacement, translation, rotation, standardError } = motion;
  // Where PEI moved itself, only MRC is a place to count from.
  const moved =
    found.againstPei?.isMovement && !pei?.isUndone
      ? `${found.againstPei.displacement.toFixed(1)} mm against PEI`
      : `${displacement.toFixed(1)} mm against MRC`;
  return {
    code: 'motion-corrected',
    message:
      `${name} had moved by ${moved} at the ears; the motion was corrected by cubic interpolation. ` +
      'The outlines fit the corrected images, not those that were stored.',
    ear: null,
    values: {
      series: name,
      displacement,
      x: translation[0],
      y: translation[1],
      z: translation[2],
      rotation: Math.hypot(...rotation),
      standardError,
    },
  };
}

function uncertainWarning({ name, pei }: AlignOptions): Warning {
  return {
    code: 'motion-uncertain',
    message: `Whether the patient moved between ${pei ? 'PEI' : 'MRC'} and ${name} could not be determined; compare the two images by eye.`,
    ear: null,
    values: { series: name },
  };
}

/** Displacement (mm) of one ear against the common movement that is told; of PPI against PEI, whose difference is measured, sooner. */
const APART = 0.5;
const APART_BETWEEN = 0.25;

function apartWarning({ earsApart }: Movement, { name, pei }: AlignOptions): Warning {
  const other = pei ? 'PEI' : 'MRC';
  return {
    code: 'ears-apart',
    message:
      `No movement of the head brings both ears of ${name} onto ${other}: one of them stays ${earsApart.toFixed(1)} mm aside. ` +
      `One of the two series is scaled or distorted. Compare Pixel Spacing (0028,0030) and the distortion correction of ${name} and ${other}, and send them again as the scanner made them.`,
    ear: null,
    values: { series: name, against: other, displacement: earsApart },
  };
}

interface Unmoved {
  /** On MRC's lattice: nothing has to be interpolated. */
  onGrid: boolean;
  placement(): Placement;
}

type Placement = Pick<Alignment, 'volume' | 'sampling' | 'uncovered' | 'reference'>;

function interpolated(
  mrc: Volume,
  moving: Volume,
  options: { transform?: RigidTransform }
): Placement {
  const volume = resample(moving, mrc, { interpolation: 'cubic', ...options });
  const sampling = samplingOf(moving, mrc, options);
  const uncovered = uncoveredBy(moving, mrc, options);
  // Where there is no image, 0 stands: as structure it would draw the next series away.
  const missing = eitherMask(moving.missing && placeMask(moving.missing, sampling, mrc), uncovered);
  return { volume, sampling, uncovered, reference: missing ? { ...volume, missing } : volume };
}

function eitherMask(a: Uint8Array | undefined, b: Uint8Array | null): Uint8Array | null {
  return a && b ? a.map((value, n) => value | b[n]!) : (a ?? b);
}

/** A series that has not moved, on MRC's grid. */
function placeUnmoved(mrc: Volume, moving: Volume): Unmoved {
  const shift = latticeShift(moving, mrc);
  const placement = (): Placement => {
    if (!shift) return interpolated(mrc, moving, {});
    const uncovered = uncoveredBy(moving, mrc);
    const same = moving.size.every((n, axis) => n === mrc.size[axis]) && uncovered === null;
    return {
      volume: same ? moving : copyOntoLattice(moving, mrc, shift),
      sampling: latticeSampling(moving, shift),
      uncovered,
      // Without the empty slices, whose edge would look like one of the patient's.
      reference: moving,
    };
  };
  return { onGrid: shift !== null, placement };
}

/** Half sides, in mm, of what must lie inside: less than the labyrinth, a margin may be cut off. */
const NEEDED = 4;

/** @throws RefusedInputError `ear-outside-series`: outside MRC, where the place is wrong, or outside the moving series alone */
function requireInside(mrc: Volume, moving: Volume, { centers = [], name }: AlignOptions): void {
  for (const center of centers) {
    const isOnMrc = isInside(mrc, center);
    if (isOnMrc && isInside(moving, center)) continue;
    throw new RefusedInputError(
      'ear-outside-series',
      `${earAt(center, centers)} lies outside ${isOnMrc ? name : 'MRC'}, or at its edge.`,
      isOnMrc
        ? `Choose a ${name} series that covers both ears as MRC does.`
        : 'Move the square of this ear onto the ear, or choose an MRC series that covers both ears.',
      { series: isOnMrc ? name : 'MRC', x: center[0], y: center[1], z: center[2] }
    );
  }
}

/** Sides by each other: where x is zero is the scanner's choice. */
function earAt(center: Vector3, centers: readonly Vector3[]): string {
  const isSide = (sign: number) => centers.every(([x]) => sign * (center[0] - x) >= 0);
  const side = centers.length < 2 ? '' : isSide(1) ? 'left ' : isSide(-1) ? 'right ' : '';
  return `The ${side}ear at (${center.map((x) => x.toFixed(0)).join(', ')}) mm`;
}

function isInside(volume: Volume, place: Vector3): boolean {
  return worldToVoxel(volume, place).every((value, axis) => {
    const margin = Math.min(NEEDED / volume.spacing[axis]!, (volume.size[axis]! - 1) / 2);
    return value >= margin - 0.5 && value <= volume.size[axis]! - 0.5 - margin;
  });
}
