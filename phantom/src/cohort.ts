import type { Geometry, Vector3 } from '@inner-ear-hydrops/core';
import { createCase, type CaseOverrides, type Motion, type PhantomCase } from './case';
import { createRandom, type Random } from './random';
import { rotation } from './vector';

export interface CohortOptions {
  /** Multiplies the anatomical and acquisition ranges, as in `CaseOverrides`. Default 1. */
  difficulty?: number;
  /** `paper`: always the paper's 324 × 384 pixels of 0.5 mm and slices of 1 mm. Default `varied`. */
  grids?: 'varied' | 'paper';
}

/** Larger fields of view at the finest resolution would only add head, memory and time. */
const MAX_VOXELS = 7e6;
const MIN_HEIGHT = 30;

/**
 * A case of a cohort: anatomy and disease as `createCase` draws them, and an acquisition of its own as
 * sites differ: pixels of 0.4–0.8 mm, slices of 0.5–1.4 mm, fields of view of 130–200 mm, stacks tilted
 * out of the axial plane and stored from either end, and in one case of four a head that moved
 * between the series.
 */
export function createCohortCase(seed: number, options: CohortOptions = {}): PhantomCase {
  const random = createRandom(seed).fork('cohort');
  const overrides: CaseOverrides = { difficulty: options.difficulty ?? 1 };
  if (options.grids !== 'paper') overrides.grid = drawSiteGrid(random);
  if (random.chance(0.25))
    overrides.motion = { ppi: drawMotion(random, 1), pei: drawMotion(random, 1.5) };
  return createCase(seed, overrides);
}

function drawSiteGrid(random: Random): Partial<Geometry> {
  const hundredth = (value: number): number => Math.round(value * 100) / 100;
  const pixel = random.chance(0.35) ? 0.5 : hundredth(random.range(0.4, 0.8));
  const slice = random.chance(0.35) ? 1 : hundredth(random.range(0.5, 1.4));
  const width = random.range(130, 200);
  const depth = random.range(130, 200);
  const columns = Math.round(width / pixel);
  const rows = Math.round(depth / pixel);
  const affordable = (MAX_VOXELS / (columns * rows)) * slice;
  const height = Math.max(MIN_HEIGHT, Math.min(random.range(MIN_HEIGHT, 64), affordable));
  const oblique: Vector3 = random.chance(0.5)
    ? [random.range(-10, 10), random.range(-4, 4), random.range(-4, 4)]
    : [0, 0, 0];
  // Rows and slices both reversed: the axes stay right-handed, the stack runs from head to feet.
  const flip = random.chance(0.25) ? -1 : 1;
  const m = rotation(oblique);
  const axis = (a: 0 | 1 | 2, sign: number): Vector3 => [
    sign * m[a],
    sign * m[3 + a]!,
    sign * m[6 + a]!,
  ];
  return {
    size: [columns, rows, Math.round(height / slice)],
    spacing: [pixel, pixel, slice],
    direction: [...axis(0, 1), ...axis(1, flip), ...axis(2, flip)],
  };
}

function drawMotion(random: Random, most: number): Motion {
  const vector = (): Vector3 => [0, 1, 2].map(() => random.range(-most, most)) as Vector3;
  return { translation: vector(), rotation: vector() };
}
