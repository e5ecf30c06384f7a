import {
  RefusedInputError,
  type AlignmentReport,
  type Sampling,
  type Vector3,
  type Volume,
  type Warning,
} from '../types';
import {
  applyTransform,
  copyOntoLattice,
  distance,
  latticeSampling,
  latticeShift,
  placeMask,
  resample,
  samplingOf,
  uncoveredBy,
  worldToVoxel,
  type RigidTransform,
} from '../volume';
import { estimateMotion, type Motion } from './estimateMotion';

export interface AlignOptions {
  /** Name for messages, e.g. "PPI". */
  name: string;
  /** LPS mm of the ears; motion is estimated around them, in the whole volume when absent. */
  centers?: Vector3[];
  /** An image like the moving image that is already on MRC's grid: PPI, when PEI is aligned. */
  reference?: Volume;
  /** How the moving image had moved, where that is known better from another series; else it is estimated. */
  motion?: Motion;
  /** False when the Frame of Reference UIDs differ: then an uncertain motion is refused. */
  sameFrame?: boolean;
  /** Movement (mm) above which it is corrected. Default 0.5. */
  correctAbove?: number;
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

/** Above this standard error (mm) the estimate is not used. */
const UNCERTAIN = 0.3;
/** A movement smaller than this many standard errors may be chance. */
const SIGNIFICANT = 3;
/** Share of the unexplained variance that a correction must remove. */
const MIN_GAIN = 0.02;

/**
 * Brings a series onto MRC's grid. The same lattice without movement is used as it is, untouched, also where the
 * series has fewer or more slices than MRC; where it has none the result is 0 and `uncovered`. Another
 * sampling is interpolated (cubic). Movement above `correctAbove` in the ears' region is undone by the
 * same interpolation and warned of (`motion-corrected`); movement that cannot be determined is left
 * alone and warned of (`motion-uncertain`). What is `missing` in either volume takes no part in the estimate.
 *
 * @throws RefusedInputError `motion-too-large`; `ear-outside-series` when an ear lies outside the
 * moving series; `frame-of-reference-differs` when the frames differ and alignment is uncertain.
 */
export function alignToMrc(mrc: Volume, moving: Volume, options: AlignOptions): Alignment {
  const { name, centers = [] } = options;
  for (const center of centers) requireInside(moving, center, name);
  const motion =
    options.motion ??
    estimateMotion(options.reference ? [mrc, options.reference] : [mrc], moving, centers);
  const unmoved = placeUnmoved(mrc, moving);
  const onGrid = unmoved.onGrid;
  if (!motion || isUncertain(motion)) return leaveUncertain(unmoved, options);

  const degrees = Math.hypot(...motion.rotation);
  const { maxTranslation = 6, maxRotation = 8, correctAbove = 0.5 } = options;
  if (motion.displacement > maxTranslation || degrees > maxRotation) {
    throw new RefusedInputError(
      'motion-too-large',
      `${name} is displaced against MRC by ${motion.displacement.toFixed(1)} mm at the ears ` +
        `(rotated by ${degrees.toFixed(1)}°); up to ${maxTranslation} mm and ${maxRotation}° are corrected.`,
      `Check that ${name} and MRC belong to the same examination; if the patient moved this far, repeat the series.`,
      { displacement: motion.displacement, rotation: degrees }
    );
  }
  const corrected = motion.displacement > correctAbove;
  const report: AlignmentReport = {
    treatment: corrected ? 'corrected' : onGrid ? 'identical' : 'resampled',
    translation: motion.translation,
    rotation: motion.rotation,
    displacement: motion.displacement,
    interpolation: corrected || !onGrid ? 'cubic' : 'none',
  };
  if (!corrected) return { ...unmoved.placement(), report, motion, warnings: [] };
  const message =
    `${name} had moved by ${motion.displacement.toFixed(1)} mm against MRC at the ears; ` +
    'the motion was corrected by cubic interpolation. The outlines fit the corrected images, not those that were stored.';
  const { transform } = motion;
  return {
    ...interpolated(mrc, moving, { transform }),
    report,
    motion,
    warnings: [
      {
        code: 'motion-corrected',
        message,
        ear: null,
        values: {
          series: name,
          displacement: motion.displacement,
          x: motion.translation[0],
          y: motion.translation[1],
          z: motion.translation[2],
          rotation: degrees,
          standardError: motion.standardError,
        },
      },
    ],
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
  const missing = moving.missing && placeMask(moving.missing, sampling, mrc);
  return {
    volume,
    sampling,
    uncovered: uncoveredBy(moving, mrc, options),
    reference: missing ? { ...volume, missing } : volume,
  };
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

function isUncertain(motion: Motion): boolean {
  if (!(motion.standardError < UNCERTAIN)) return true;
  // Noise alone looks like a small movement: what could be chance is not undone.
  if (motion.displacement > 0.5 && motion.displacement < SIGNIFICANT * motion.standardError) {
    return true;
  }
  // A movement must explain more than no movement does.
  return motion.displacement > 0.5 && motion.cost > (1 - MIN_GAIN) * motion.costUnmoved;
}

function leaveUncertain(
  { onGrid, placement }: Unmoved,
  { name, sameFrame = true }: AlignOptions
): Alignment {
  if (!sameFrame) {
    throw new RefusedInputError(
      'frame-of-reference-differs',
      `${name} has a Frame of Reference UID (0020,0052) other than that of MRC, and the images have too little in common to be aligned.`,
      `Choose MRC and ${name} from the same examination.`
    );
  }
  return {
    ...placement(),
    report: {
      treatment: onGrid ? 'identical' : 'resampled',
      translation: [0, 0, 0],
      rotation: [0, 0, 0],
      displacement: 0,
      interpolation: onGrid ? 'none' : 'cubic',
    },
    motion: null,
    warnings: [
      {
        code: 'motion-uncertain',
        message: `Whether the patient moved between MRC and ${name} could not be determined; compare the two images by eye.`,
        ear: null,
        values: { series: name },
      },
    ],
  };
}

/** Millimetres by which the movements of two series, each estimated by itself, differ where they were one: what both err by. */
const ONE_MOVEMENT = 0.3;

/**
 * Whether the patient moved once, before both series, and lay still between them: their estimates differ at the ears by no
 * more than they err. What is subtracted is then best moved as one: an error of the estimate remains, but the same for both.
 *
 * @param centers LPS mm of the ears; the centre of rotation when absent
 */
export function movedAsOne(a: Motion, b: Motion, centers?: readonly Vector3[]): boolean {
  const places = centers?.length ? centers : [a.transform.center];
  return places.every(
    (place) =>
      distance(applyTransform(a.transform, place), applyTransform(b.transform, place)) <
      ONE_MOVEMENT
  );
}

/** Half sides, in mm, of what must lie inside: less than the labyrinth, a margin may be cut off. */
const NEEDED = 4;

function requireInside(moving: Volume, center: Vector3, name: string): void {
  const at = worldToVoxel(moving, center);
  const inside = at.every((value, axis) => {
    const margin = Math.min(NEEDED / moving.spacing[axis]!, (moving.size[axis]! - 1) / 2);
    return value >= margin - 0.5 && value <= moving.size[axis]! - 0.5 - margin;
  });
  if (inside) return;
  const side = center[0] > 0 ? 'left' : 'right';
  throw new RefusedInputError(
    'ear-outside-series',
    `The ${side} ear at (${center.map((x) => x.toFixed(0)).join(', ')}) mm lies outside ${name}, or at its edge.`,
    `Choose a ${name} series that covers both ears as MRC does.`,
    { series: name, x: center[0], y: center[1], z: center[2] }
  );
}
