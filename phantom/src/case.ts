import { EAR_SIDES, axisOf, AXIAL } from '@inner-ear-hydrops/core';
import type { EarSide, Geometry, Organ, Vector3, Matrix3 } from '@inner-ear-hydrops/core';
import { drawEarParameters, type EarParameters } from './ear/earParameters';
import { drawHeadParameters, type HeadParameters } from './head/headParameters';
import { createRandom, type Random } from './random';
import { FLUIDS, PAPER_PROTOCOL, type Protocol, type Relaxation } from './signal';
import { rotation, transform } from './vector';

export interface Acquisition {
  /** Standard deviation of the complex noise relative to CSF on MRC (1 / SNR), before magnitude. */
  noise: { mrc: number; ppi: number; pei: number };
  /** Full width at half maximum of the in-plane point spread and of the slice profile, mm. */
  inPlaneBlur: number;
  sliceBlur: number;
  /** Stored units per signal of CSF on MRC. */
  scale: { mrc: number; ppi: number; pei: number };
  /** Coil sensitivity: peak-to-peak relative change over 100 mm along x, y, z (signed), and a quadratic part. */
  coil: { slope: Vector3; bow: number };
  /** Amplitude of a ghost half a field of view away along rows, and of in-plane ringing, relative. */
  ghost: number;
  ringing: number;
  /** Relative, smooth variation of the fluids' signal. */
  heterogeneity: number;
}

/** Movement of the head before a series, relative to MRC: LPS mm, degrees about the LPS axes through the head's centre. */
export interface Motion {
  translation: Vector3;
  rotation: Vector3;
}

/** Everything that defines a phantom study; plain data, reproducible by value. */
export interface PhantomCase {
  seed: number;
  /** Acquisition grid of all three series. */
  grid: Geometry;
  /** Head frame to LPS: rotation in degrees about x, y, z, then translation in mm. */
  pose: { rotation: Vector3; translation: Vector3 };
  head: HeadParameters;
  /** Centres of the vestibules in the head's frame, mm. */
  earPositions: Record<EarSide, Vector3>;
  /** Turn of each ear about its centre, degrees. */
  earRotations: Record<EarSide, Vector3>;
  ears: Record<EarSide, EarParameters | null>;
  fluids: { cerebrospinalFluid: Relaxation; endolymph: Relaxation; perilymph: Relaxation };
  protocol: Protocol;
  acquisition: Acquisition;
  motion: { ppi: Motion; pei: Motion };
}

export interface CaseOverrides {
  /** Hydrops 0 (normal) to 1 (obliterating); a number sets both organs. */
  hydrops?: Partial<Record<EarSide, number | Partial<Record<Organ, number>>>>;
  /** Gadolinium in the perilymph, mM: one value for both ears or each its own. */
  gadolinium?: number | Partial<Record<EarSide, number>>;
  /** Standard deviation relative to CSF on MRC, for all three series; 0 for none. */
  noise?: number;
  /** Replaces parts of the drawn grid. The origin is chosen around the head unless it is given. */
  grid?: Partial<Geometry>;
  /** Degrees about x, y, z. */
  tilt?: Vector3;
  /** Offset of the head from the middle of the field of view, mm. */
  position?: Vector3;
  missingEar?: EarSide;
  /** Multiplies the anatomical and acquisition ranges: 0 the mean case, 1 (default) clinical spread, up to 1.5. */
  difficulty?: number;
  motion?: Partial<Record<'ppi' | 'pei', Partial<Motion>>>;
  /** Any acquisition value by name. */
  acquisition?: Partial<Acquisition>;
}

const STILL: Motion = { translation: [0, 0, 0], rotation: [0, 0, 0] };

/** Grid of the paper: 324 columns, 384 rows, 0.5 × 0.5 × 1.0 mm, axial. */
export function paperGrid(slices: number, origin?: Vector3): Geometry {
  const size: Vector3 = [324, 384, slices];
  const spacing: Vector3 = [0.5, 0.5, 1];
  return {
    size,
    spacing,
    origin: origin ?? centredOrigin(size, spacing, AXIAL, [0, 0, 0]),
    direction: AXIAL,
  };
}

/** Origin that puts `center` (LPS mm) in the middle of a grid. */
export function centredOrigin(
  size: Vector3,
  spacing: Vector3,
  direction: Matrix3,
  center: Vector3
): Vector3 {
  const half = size.map((n, a) => ((n - 1) / 2) * spacing[a]!);
  return [0, 1, 2].map(
    (c) =>
      center[c]! -
      half[0]! * direction[c]! -
      half[1]! * direction[3 + c]! -
      half[2]! * direction[6 + c]!
  ) as Vector3;
}

function drawRelaxation(random: Random, fluid: Relaxation, spread: number): Relaxation {
  return {
    t1: fluid.t1 * (1 + random.range(-0.04, 0.04) * spread),
    t2: fluid.t2 * (1 + random.range(-0.12, 0.12) * spread),
  };
}

/**
 * Draws a case. The same seed and overrides give the same case, and an override changes nothing but
 * what it names: each group of parameters has its own stream of random numbers.
 */
export function createCase(seed: number, overrides: CaseOverrides = {}): PhantomCase {
  const root = createRandom(seed);
  const spread = overrides.difficulty ?? 1;
  const around = (random: Random, amount: number): number => random.range(-amount, amount) * spread;
  const vector = (random: Random, amount: Vector3): Vector3 => [
    around(random, amount[0]),
    around(random, amount[1]),
    around(random, amount[2]),
  ];

  const poseRandom = root.fork('pose');
  const tilt = overrides.tilt ?? vector(poseRandom, [18, 12, 14]);
  const position = overrides.position ?? vector(poseRandom, [8, 18, 10]);

  const earRandom = root.fork('ears');
  const halfDistance = 36.5 + around(earRandom, 3);
  const shared = { size: spread, angle: spread };
  const earPositions: Record<EarSide, Vector3> = {
    left: [halfDistance, around(earRandom, 1), around(earRandom, 1)],
    right: [-halfDistance, around(earRandom, 1), around(earRandom, 1)],
  };
  const earRotations: Record<EarSide, Vector3> = {
    left: vector(earRandom, [7, 7, 9]),
    right: vector(earRandom, [7, 7, 9]),
  };
  // Both ears of a person resemble each other: same draw, then a little difference.
  const leftShape = drawEarParameters(root.fork('shape'), shared);
  const rightShape = blendEars(
    drawEarParameters(root.fork('shape'), shared),
    drawEarParameters(root.fork('shape right'), shared),
    0.3
  );

  const ears: PhantomCase['ears'] = { left: null, right: null };
  const diseaseRandom = root.fork('disease');
  for (const side of EAR_SIDES) {
    const shape = side === 'left' ? leftShape : rightShape;
    const diseased = diseaseRandom.chance(0.65);
    const severity = diseased ? diseaseRandom.range(0.1, 1) : diseaseRandom.range(0, 0.15);
    const drawn = {
      cochlea: Math.min(1, Math.max(0, severity + diseaseRandom.range(-0.2, 0.2))),
      vestibule: Math.min(1, Math.max(0, severity + diseaseRandom.range(-0.2, 0.2))),
    };
    const given = overrides.hydrops?.[side];
    const concentration = Math.exp(diseaseRandom.range(Math.log(0.02), Math.log(0.2)));
    const gadolinium =
      typeof overrides.gadolinium === 'number'
        ? overrides.gadolinium
        : (overrides.gadolinium?.[side] ?? concentration);
    const dim = (low: number): number => 1 - diseaseRandom.range(0, 1 - low) * Math.min(1, spread);
    const brightness = {
      cochlea: dim(0.75),
      vestibule: dim(0.9),
      lateralCanal: diseaseRandom.chance(0.25) ? dim(0.3) : dim(0.75),
      otherCanals: dim(0.75),
    };
    if (overrides.missingEar === side) continue;
    ears[side] = {
      ...shape,
      hydrops:
        typeof given === 'number' ? { cochlea: given, vestibule: given } : { ...drawn, ...given },
      gadolinium,
      brightness,
    };
  }

  const gridRandom = root.fork('grid');
  const slices = Math.round(
    gridRandom.chance(0.12) ? gridRandom.range(72, 110) : gridRandom.range(26, 64)
  );
  const grid = drawGrid(overrides, slices);
  const pose: PhantomCase['pose'] = {
    rotation: tilt,
    translation: [position[0], position[1] + 2, position[2]],
  };
  const slack = gridRandom.range(-1, 1) * Math.min(1, spread);
  if (!overrides.position) keepEarsInStack(grid, pose, earPositions, slack);

  return {
    seed,
    grid,
    pose,
    head: drawHeadParameters(root.fork('head'), spread),
    earPositions,
    earRotations,
    ears,
    fluids: {
      cerebrospinalFluid: drawRelaxation(diseaseRandom, FLUIDS.cerebrospinalFluid, spread),
      endolymph: drawRelaxation(diseaseRandom, FLUIDS.endolymph, spread),
      perilymph: drawRelaxation(diseaseRandom, FLUIDS.perilymph, spread),
    },
    protocol: PAPER_PROTOCOL,
    acquisition: drawAcquisition(root.fork('acquisition'), overrides, spread),
    motion: {
      ppi: { ...STILL, ...overrides.motion?.ppi },
      pei: { ...STILL, ...overrides.motion?.pei },
    },
  };
}

/** Below and above a vestibule, mm along the stack: how far its ear reaches. */
const EAR_EXTENT = [8, 10] as const;

/**
 * Moves the head along the stack's normal to a place (`slack` −1 to 1 within what is possible) where
 * the stack holds both ears; centres them when it cannot.
 */
function keepEarsInStack(
  grid: Geometry,
  pose: PhantomCase['pose'],
  ears: Record<EarSide, Vector3>,
  slack: number
): void {
  const normal = axisOf(grid, 2);
  const toPatient = headToPatient(pose);
  const depths = [toPatient(ears.left), toPatient(ears.right)].map((p) =>
    normal.reduce((sum, n, a) => sum + n * (p[a]! - grid.origin[a]!), 0)
  );
  const [below, above] = normal[2] >= 0 ? EAR_EXTENT : [EAR_EXTENT[1], EAR_EXTENT[0]];
  const low = Math.min(...depths) - below;
  const high = Math.max(...depths) + above;
  const room = (grid.size[2] - 1) * grid.spacing[2] - (high - low);
  const shift = (room > 0 ? (0.5 + 0.5 * slack) * room : room / 2) - low;
  for (const a of [0, 1, 2] as const) pose.translation[a] += shift * normal[a];
}

function drawGrid(overrides: CaseOverrides, slices: number): Geometry {
  const size = overrides.grid?.size ?? [324, 384, slices];
  const spacing = overrides.grid?.spacing ?? [0.5, 0.5, 1];
  const direction = overrides.grid?.direction ?? AXIAL;
  const origin = overrides.grid?.origin ?? centredOrigin(size, spacing, direction, [0, 0, 0]);
  return { size, spacing, direction, origin };
}

function drawAcquisition(random: Random, overrides: CaseOverrides, spread: number): Acquisition {
  const mild = Math.min(1, spread);
  const snr = Math.exp(random.range(Math.log(8), Math.log(60)));
  const scale = Math.exp(random.range(Math.log(200), Math.log(4000)));
  // PPI and PEI hold a few percent of MRC's signal and are scaled up by the vendor.
  const inversionGain = random.range(1.5, 4);
  const drawn: Acquisition = {
    noise: { mrc: 1 / snr, ppi: 0.3 / snr, pei: 0.3 / snr },
    inPlaneBlur: 0.6 + random.range(-0.3, 0.3) * mild,
    sliceBlur: random.range(0.3, 1.2),
    scale: { mrc: scale, ppi: scale * inversionGain, pei: scale * inversionGain },
    coil: {
      slope: [
        random.range(-0.4, 0.4) * mild,
        random.range(-0.4, 0.4) * mild,
        random.range(-0.3, 0.3) * mild,
      ],
      bow: random.range(-0.15, 0.35) * mild,
    },
    ghost: random.chance(0.3) ? random.range(0, 0.04) * mild : 0,
    ringing: random.chance(0.4) ? random.range(0, 0.12) * mild : 0,
    heterogeneity: random.range(0, 0.2) * mild,
  };
  const noise =
    overrides.noise === undefined
      ? drawn.noise
      : { mrc: overrides.noise, ppi: overrides.noise, pei: overrides.noise };
  return { ...drawn, noise, ...overrides.acquisition };
}

type Numeric = number | readonly Numeric[] | { readonly [key: string]: Numeric };

function blend(a: Numeric, b: Numeric, share: number): Numeric {
  if (typeof a === 'number' && typeof b === 'number') return a + (b - a) * share;
  if (Array.isArray(a) && Array.isArray(b)) return a.map((v: Numeric, i) => blend(v, b[i], share));
  const left = a as { readonly [key: string]: Numeric };
  const right = b as { readonly [key: string]: Numeric };
  return Object.fromEntries(
    Object.keys(left).map((key) => [key, blend(left[key]!, right[key]!, share)])
  );
}

/** An ear `share` of the way from `a` to `b`; directions stay unit vectors. */
function blendEars(a: EarParameters, b: EarParameters, share: number): EarParameters {
  const mixed = blend(
    a as unknown as Numeric,
    b as unknown as Numeric,
    share
  ) as unknown as EarParameters;
  // Orthonormal frames do not blend linearly: keep those of `a`.
  mixed.cochlea.axis = a.cochlea.axis;
  mixed.cochlea.start = a.cochlea.start;
  mixed.canals.lateral.axes = a.canals.lateral.axes;
  mixed.canals.anterior.axes = a.canals.anterior.axes;
  mixed.canals.posterior.axes = a.canals.posterior.axes;
  return mixed;
}

/** Head frame to LPS. */
export function headToPatient(pose: PhantomCase['pose']): (p: Vector3) => Vector3 {
  const m = rotation(pose.rotation);
  return (p) => {
    const r = transform(m, p);
    return [r[0] + pose.translation[0], r[1] + pose.translation[1], r[2] + pose.translation[2]];
  };
}
