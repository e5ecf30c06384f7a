import { mapAxes } from '../axes';
import { itemAt } from '../items';
import type { Vector3, Volume } from '../types';
import {
  IDENTITY_TRANSFORM,
  applyTransform,
  boundingBox,
  cross,
  distance,
  dot,
  type RigidTransform,
} from '../volume';
import { cropAround, makeWorldSampler, smooth } from './crop';
import { hessian, invertPositive, minimize } from './minimize';
import { drawSamples, joinSamples, makeCost, makeTransform, type FixedSamples } from './similarity';

export interface Motion {
  /** Where a point of the fixed image (LPS mm) is found in the moving image. */
  transform: RigidTransform;
  translation: Vector3;
  /** Degrees about the LPS axes. */
  rotation: Vector3;
  /** Largest displacement of a point in the ears' region, mm. */
  displacement: number;
  /** Standard error of that displacement, mm; infinite where the images do not determine it. */
  standardError: number;
  /** The points that displacement is judged by: corners around the labyrinths, LPS mm. */
  places: readonly Vector3[];
  /** 1 − R² of the moving image as found, and where the search began. */
  cost: number;
  costAtStart: number;
}

/** The largest distance, mm, between where two transforms take the places of an estimate. */
export function apartAt(
  places: readonly Vector3[],
  a: RigidTransform,
  b: RigidTransform = IDENTITY_TRANSFORM
): number {
  return Math.max(
    ...places.map((place) => distance(applyTransform(a, place), applyTransform(b, place)))
  );
}

/** Half side of the box around each ear, mm. */
const REACH = 16;
/** Half side of the part of the ear whose displacement counts, mm: the labyrinth. */
const LABYRINTH = 6;
/** Largest shift that the coarse search tries, mm, and its step. */
const SEARCH = 10;
const SEARCH_STEP = 2.5;
/** Displacement (mm) up to which descent alone is trusted, if 1 − R² is below the limit. */
const NEAR = 3;
const WELL_EXPLAINED = 0.5;
/** Smoothing of the coarse and the fine level, standard deviation in mm. */
const COARSE = 1.8;
const FINE = 0.5;
/** Places per region at each level. */
const COARSE_SAMPLES = 1500;
const FINE_SAMPLES = 9000;

export interface EstimateOptions {
  /** LPS mm of the ears; the whole image decides without them. */
  centers?: Vector3[];
  /** Where the descent begins: the motion of a series that this one is likely to have followed. */
  start?: RigidTransform;
  /**
   * Whether the values of the two images are a linear function of each other in small parts, also in voxels that two fluids
   * share: those of PPI and PEI are, of MRC and another series they are not.
   */
  isLinear?: boolean;
  /** Whether the motion is known but for a millimetre: nothing is searched for. */
  isNear?: boolean;
}

/**
 * Rigid motion between a fixed image and a moving image, from the surroundings of the ears; `missing` voxels take no
 * part. First descent, then, where that finds too much or too little, a search over shifts for each region by itself,
 * which also finds rotations, and descent on both together; deterministic. Null where fixed and moving image share no
 * region.
 */
export function estimateMotion(
  fixed: Volume,
  moving: Volume,
  { centers, start, isLinear = false, isNear = false }: EstimateOptions = {}
): Motion | null {
  const regions = (margin: number) => regionsOf(fixed, moving, { centers, margin, isLinear });
  const begun = start && regions(SEARCH + 2);
  const near = begun ?? regions(NEAR + 1);
  if (near.length === 0) return null;
  const frame = frameOf(near);
  const unmoved = [0, 0, 0, 0, 0, 0];
  // Most patients hardly move: the long search is for those who did, and for doubtful images.
  const close = descend(near, frame, start ? parametersAt(start, frame) : unmoved);
  const follows = apartAt(close.places, close.transform, start) < NEAR;
  if (isNear || (follows && close.cost < WELL_EXPLAINED)) return close;

  const wide = begun ?? regions(SEARCH + 2);
  const coarse = wide.map((region) => level(region, COARSE, COARSE_SAMPLES));
  const shifts = coarse.map((level) => searchShift(level, frame.pivot));
  const coarseCost = jointCost(coarse, frame);
  const settled = [unmoved, parametersOf(shifts, wide, frame)]
    .map((start) =>
      minimize(coarseCost, start, { step: 0.5, tolerance: 0.1, iterations: 12, longest: 3 })
    )
    .sort((a, b) => a.value - b.value);
  const far = descend(wide, frame, itemAt(settled, 0).x);
  return far.cost < close.cost ? { ...far, costAtStart: close.costAtStart } : close;
}

/** Centre of rotation, and the distance (mm) at which rotations are counted in mm. */
interface Frame {
  pivot: Vector3;
  lever: number;
}

function frameOf(regions: Region[]): Frame {
  const pivot = mean(regions.map((region) => region.center));
  const reach = regions.map((region) => Math.hypot(...region.center.map((x, n) => x - pivot[n]!)));
  return { pivot, lever: Math.max(12, ...reach) };
}

function descend(regions: Region[], frame: Frame, start: readonly number[]): Motion {
  const fine = regions.map((region) => level(region, FINE, FINE_SAMPLES));
  const cost = jointCost(fine, frame);
  const found = minimize(cost, start, { step: 0.2, tolerance: 0.01, iterations: 20, longest: 1 });
  const transform = makeTransform(found.x, frame.lever, frame.pivot);
  const samples = fine.reduce((sum, level) => sum + level.samples.blocks.length, 0);
  const places = regions.flatMap(cornersOf);
  return {
    transform,
    translation: [found.x[0]!, found.x[1]!, found.x[2]!],
    rotation: [3, 4, 5].map((n) => ((found.x[n]! / frame.lever) * 180) / Math.PI) as Vector3,
    displacement: apartAt(places, transform),
    standardError: standardError(cost, found, samples),
    places,
    cost: found.value,
    costAtStart: cost(start),
  };
}

interface Region {
  center: Vector3;
  /** Half side of the part whose displacement counts, mm. */
  extent: Vector3;
  fixed: Volume;
  moving: Volume;
  isLinear: boolean;
}

function regionsOf(
  fixed: Volume,
  moving: Volume,
  { centers, margin, isLinear }: Pick<Region, 'isLinear'> & { centers?: Vector3[]; margin: number }
): Region[] {
  if (!centers?.length) {
    const { minimum, maximum } = boundingBox(fixed);
    const center = mean([minimum, maximum]);
    const extent = mapAxes(maximum, (top, n) => 0.25 * (top - minimum[n]));
    return [{ center, extent, fixed, moving, isLinear }];
  }
  const regions: Region[] = [];
  for (const center of centers) {
    const part = cropAround(fixed, center, REACH);
    const around = cropAround(moving, center, REACH + margin);
    if (!around || !part) continue;
    regions.push({
      center,
      extent: [LABYRINTH, LABYRINTH, LABYRINTH / 2],
      fixed: part,
      moving: around,
      isLinear,
    });
  }
  return regions;
}

interface Level {
  samples: FixedSamples;
  read: (x: number, y: number, z: number) => number;
}

function level(region: Region, sigma: number, count: number): Level {
  const prepared = (volume: Volume): Volume => {
    const smoothed = smooth(volume, sigma);
    return region.isLinear ? smoothed : compress(smoothed);
  };
  return {
    samples: drawSamples(prepared(region.fixed), count, makeRandom(1)),
    read: makeWorldSampler(prepared(region.moving)),
  };
}

/**
 * v / (v + c): brings strong perilymph, faint cerebrospinal fluid and endolymph closer together, so
 * that the outline of all fluid decides and not the border between two fluids, which lies elsewhere
 * on each image. It bends what is linear: PPI found on PEI this way stands 0.09 mm too high on every phantom, 0.02 mm without.
 */
function compress(volume: Volume): Volume {
  const sample: number[] = [];
  const stride = Math.max(1, Math.floor(volume.data.length / 20_000)) | 1;
  for (let n = 0; n < volume.data.length; n += stride) {
    const value = Math.abs(volume.data[n]!);
    // NaN where nothing was measured.
    if (value >= 0) sample.push(value);
  }
  sample.sort((a, b) => a - b);
  const half = 0.3 * sample[Math.floor(0.98 * (sample.length - 1))]! || 1;
  return { ...volume, data: volume.data.map((value) => value / (Math.abs(value) + half)) };
}

function jointCost(levels: Level[], { lever, pivot }: Frame): (x: readonly number[]) => number {
  const cost = makeCost(
    joinSamples(levels.map((level) => level.samples)),
    levels.map((level) => level.read)
  );
  return (x) => cost(makeTransform(x, lever, pivot));
}

/** Best shift of one region on a lattice, mm. */
function searchShift(level: Level, pivot: Vector3): Vector3 {
  const cost = makeCost(level.samples, [level.read]);
  const steps = Math.round(SEARCH / SEARCH_STEP);
  let best: Vector3 = [0, 0, 0];
  let lowest = Infinity;
  for (let c = -steps; c <= steps; c++) {
    for (let b = -steps; b <= steps; b++) {
      for (let a = -steps; a <= steps; a++) {
        const shift: Vector3 = [a * SEARCH_STEP, b * SEARCH_STEP, c * SEARCH_STEP];
        const value = cost(makeTransform([...shift, 0, 0, 0], 1, pivot));
        if (value < lowest) {
          lowest = value;
          best = shift;
        }
      }
    }
  }
  return best;
}

/** One motion from the shifts of one or two regions: their mean, and the turn of their baseline. */
function parametersOf(shifts: Vector3[], regions: Region[], { lever }: Frame): number[] {
  const translation = mean(shifts);
  const [first, second] = shifts;
  if (!first || !second || shifts.length > 2) return [...translation, 0, 0, 0];
  const from = itemAt(regions, 1).center;
  const baseline = mapAxes(itemAt(regions, 0).center, (x, n) => x - from[n]);
  const change = mapAxes(first, (x, n) => x - second[n]);
  const turn = cross(baseline, change).map((x) => (lever * x) / dot(baseline, baseline));
  return [...translation, ...turn];
}

/** The six numbers of a motion in another frame. */
function parametersAt({ rotation: r, ...rest }: RigidTransform, { pivot, lever }: Frame): number[] {
  const moved = applyTransform({ rotation: r, ...rest }, pivot);
  const turn = [Math.atan2(r[7], r[8]), Math.asin(-r[6]), Math.atan2(r[3], r[0])];
  return [...mapAxes(moved, (x, n) => x - pivot[n]), ...turn.map((angle) => lever * angle)];
}

function cornersOf({ center, extent }: Region): Vector3[] {
  return Array.from({ length: 8 }, (_, corner) =>
    mapAxes(center, (x, n) => x + (corner & (1 << n) ? 1 : -1) * extent[n])
  );
}

/**
 * From the curvature of the log-likelihood N/2 · ln(1 − R²) of N independent residuals. Neighbouring
 * residuals are correlated by smoothing: an eighth of the places counts as independent.
 */
function standardError(
  cost: (x: readonly number[]) => number,
  found: { x: number[]; value: number },
  places: number
): number {
  const curvature = hessian(cost, found.x, 0.25);
  const scale = places / 8 / (2 * Math.max(1e-6, found.value));
  const covariance = invertPositive(curvature.map((row) => row.map((entry) => entry * scale)));
  if (!covariance) return Infinity;
  return Math.sqrt(covariance.reduce((sum, row, n) => sum + Math.max(0, row[n]!), 0));
}

function mean(points: readonly Vector3[]): Vector3 {
  return [0, 1, 2].map(
    (axis) => points.reduce((sum, point) => sum + point[axis]!, 0) / points.length
  ) as Vector3;
}

/** Small deterministic generator (mulberry32): the same study gives the same result. */
function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
