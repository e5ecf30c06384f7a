import { median } from '../statistics';
import type { Volume } from '../types';
import { brightnessSteps } from './sliceBrightness';

/**
 * Step of ln(brightness) between two slices that is no anatomy: a factor of 1.2, as far apart as whole series may be
 * (`scaling-unusual`). 44 phantoms without fault, also with masked air and in 8 bits, stay below 0.07.
 */
const STEP = Math.log(1.2);
/**
 * Where one step is no anatomy, smaller ones count too: one slice may go up by 1.19 and down by 1.21, and everything
 * behind it would else be taken for faulty.
 */
const BESIDE = Math.log(1.1);
/** Slices at either end of a stack where a slab's profile may fall off, which it does by and by. */
const SLAB_END = 8;
/** How much larger than its neighbours of the same sign a step is there that is no profile. */
const SUDDEN = 2;

/**
 * Slices whose brightness falls out of line with the rest of their series, with the factor on them: one that is
 * halved, say, or has lost its Rescale Slope. Anatomy and slab profile change all series alike, a fault
 * one of them: a step counts where the series itself makes it and the others do not. Between two steps
 * the brightness holds; what most slices have is taken for right.
 *
 * @param stacks series whose slices lie at the same places, with their blank slices
 * @returns by stack: slice k → factor
 */
export function slicesOutOfLine(
  stacks: readonly { volume: Volume; blank: ReadonlySet<number> }[]
): Map<number, number>[] {
  const own = stacks.map(({ volume, blank }) => brightnessSteps(volume, blank));
  return stacks.map(({ volume, blank }, n) => {
    const stepsAbove = (least: number): number[] => {
      const steps = Array.from({ length: volume.size[2] }, (_, k) => faultyStep(own, n, k, least));
      return steps.map((step, k) => (isProfile(steps, k) ? 0 : step));
    };
    if (stepsAbove(STEP).every((step) => step === 0)) return new Map<number, number>();
    return offLevels(stepsAbove(BESIDE), blank);
  });
}

/** The step before slice k of one series where it is its own; 0 where it is none, or small, or that of the others. */
function faultyStep(
  own: readonly (number | null)[][],
  n: number,
  k: number,
  least: number
): number {
  const step = own[n]?.[k] ?? null;
  if (step === null || Math.abs(step) <= least) return 0;
  const others = own.flatMap((steps, m) => (m === n ? [] : (steps[k] ?? [])));
  // Of two series the one that changes more is at fault.
  const [other = 0] = others;
  if (others.length === 1 && Math.abs(other) > Math.abs(step)) return 0;
  const common = others.length > 1 ? median([step, ...others]) : other;
  const difference = step - common;
  return Math.abs(difference) > least ? difference : 0;
}

function isProfile(steps: readonly number[], k: number): boolean {
  if (k >= SLAB_END && k < steps.length - SLAB_END) return false;
  const alike = [steps[k - 1] ?? 0, steps[k + 1] ?? 0].filter((step) => step * steps[k]! > 0);
  return alike.some((step) => Math.abs(steps[k]!) < SUDDEN * Math.abs(step));
}

/** Slices that do not have the level that most have, each with its factor. */
function offLevels(steps: readonly number[], blank: ReadonlySet<number>): Map<number, number> {
  const off = new Map<number, number>();
  let level = 0;
  const levels = steps.flatMap((step, k) => {
    level += step;
    return blank.has(k) ? [] : [{ k, level }];
  });
  const near = (own: number): number =>
    levels.filter((other) => Math.abs(other.level - own) <= BESIDE).length;
  const usual = levels.reduce((best, { level: own }) => (near(own) > near(best) ? own : best), 0);
  for (const { k, level: own } of levels)
    if (Math.abs(own - usual) > BESIDE) off.set(k, Math.exp(own - usual));
  return off;
}
