import type { Vector3 } from '@inner-ear-hydrops/core';
import type { AugmentationLevel, PatchPlan } from './plans';
import type { RandomNumbers } from './randomNumbers';

/** An image ready to be sampled: normalised values and the classes of its voxels. */
export interface SampledImage {
  size: Vector3;
  values: Float32Array;
  classes: Uint8Array;
  /** Voxel that patches are drawn about. */
  center: Vector3;
  /** First and last slice that hold what is to be learnt, and what matters most of it. */
  slices: [number, number];
  mainSlices: [number, number];
  /** Bit c is set where class c was annotated; other structures may lie in the background. */
  known: number;
  /** What is known on each slice where that is not the same on all; else null. */
  knownOn: Uint8Array | null;
  /** Slices that may be drawn, each with its own `known`; null where the whole stack is annotated. */
  annotated: { slice: number; known: number }[] | null;
  patient: string;
}

/** How a patch lies on its image. */
interface Placement {
  /** Pixels from the image's centre. */
  shift: [number, number];
  /** Radians. */
  angle: number;
  /** Relative size along columns and rows. */
  scale: [number, number];
  flipped: boolean;
  /** Share of the neighbouring slices, as in thicker slices. */
  mixing: number;
}

function drawPlacement(
  plan: PatchPlan,
  level: AugmentationLevel,
  random: RandomNumbers
): Placement {
  if (level === 'none') return drawShift(plan, random);
  if (level === 'smooth') {
    if (random.chance(plan.unturned)) return drawShift(plan, random);
    const angle = (random.between(-1, 1) * plan.rotation * Math.PI) / 180;
    const scale = 1 + random.between(-1, 1) * plan.scaling;
    const stretch = 1 + (random.between(-1, 1) * plan.scaling) / 2;
    // Now and then far off, so that what lies beside the ear is known as background.
    const offset = random.chance(0.25) ? 1.7 * plan.offset : plan.offset;
    return {
      shift: [random.between(-1, 1) * offset, random.between(-1, 1) * offset],
      angle,
      scale: [scale * stretch, scale / stretch],
      flipped: false,
      mixing: random.chance(0.25) ? random.between(0.05, 0.3) : 0,
    };
  }
  // The paper's 9 directions (one of them nowhere) × 8 distances × 2 flips.
  const direction = random.integer(9);
  const distance = 1 + random.integer(8);
  return {
    shift: [((direction % 3) - 1) * distance, (Math.floor(direction / 3) - 1) * distance],
    angle: 0,
    scale: [1, 1],
    flipped: random.chance(0.5),
    mixing: 0,
  };
}

function drawShift(plan: PatchPlan, random: RandomNumbers): Placement {
  const offset = random.chance(0.25) ? 1.7 * plan.offset : plan.offset;
  return {
    shift: [random.between(-1, 1) * offset, random.between(-1, 1) * offset],
    angle: 0,
    scale: [1, 1],
    flipped: false,
    mixing: 0,
  };
}

/** The class with the largest share of the four pixels about a point. */
function classAt(classes: Uint8Array, at: number, columns: number, fx: number, fy: number): number {
  const a = classes[at]!;
  const b = classes[at + 1]!;
  const c = classes[at + columns]!;
  const d = classes[at + columns + 1]!;
  if (a === b && a === c && a === d) return a;
  const weights = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
  const found = [a, b, c, d];
  let best = a;
  let most = 0;
  for (const candidate of found) {
    let share = 0;
    for (let n = 0; n < 4; n++) if (found[n] === candidate) share += weights[n]!;
    if (share > most) {
      most = share;
      best = candidate;
    }
  }
  return best;
}

/**
 * Draws one patch: turned, scaled and moved in the plane (values linear, classes by largest share).
 * Writes `side² · channels` values and `side²` classes.
 * @returns the classes that were annotated there, as bits
 */
export function samplePatch(
  image: SampledImage,
  plan: PatchPlan,
  level: AugmentationLevel,
  random: RandomNumbers,
  patch: Float32Array,
  classes: Uint8Array
): number {
  const [columns, rows, slices] = image.size;
  const chance = random.next();
  const [low, high] =
    chance < plan.main
      ? image.mainSlices
      : chance < plan.main + plan.focused
        ? image.slices
        : [0, slices - 1];
  const drawn = random.next();
  const given = image.annotated?.[Math.floor(drawn * image.annotated.length)];
  const slice = given?.slice ?? low + Math.floor(drawn * (high - low + 1));
  const { shift, angle, scale, flipped, mixing } = drawPlacement(plan, level, random);
  const half = (plan.side - 1) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const onPixels = angle === 0 && scale[0] === 1 && scale[1] === 1;
  const center = [0, 1].map((axis) => {
    const middle = image.center[axis]! + shift[axis]!;
    return onPixels ? Math.round(middle - half) + half : middle;
  });
  const reach = (plan.channels - 1) / 2;
  const plane = columns * rows;
  const clamp = (k: number) => plane * Math.min(Math.max(k, 0), slices - 1);
  let pixel = 0;
  for (let v = 0; v < plan.side; v++) {
    for (let u = 0; u < plan.side; u++, pixel++) {
      const dx = (flipped ? half - u : u - half) * scale[0];
      const dy = (v - half) * scale[1];
      const x = center[0]! + cos * dx - sin * dy;
      const y = center[1]! + sin * dx + cos * dy;
      const i = Math.floor(x);
      const j = Math.floor(y);
      if (i < 0 || j < 0 || i >= columns - 1 || j >= rows - 1) {
        classes[pixel] = 0;
        patch.fill(0, pixel * plan.channels, (pixel + 1) * plan.channels);
        continue;
      }
      const [fx, fy] = [x - i, y - j];
      const at = i + columns * j;
      const value = (k: number) => {
        const n = clamp(k) + at;
        const d = image.values;
        const above = d[n]! + fx * (d[n + 1]! - d[n]!);
        const below = d[n + columns]! + fx * (d[n + columns + 1]! - d[n + columns]!);
        return above + fy * (below - above);
      };
      for (let channel = 0; channel < plan.channels; channel++) {
        const k = slice + channel - reach;
        patch[pixel * plan.channels + channel] =
          mixing > 0
            ? (1 - mixing) * value(k) + (mixing / 2) * (value(k - 1) + value(k + 1))
            : value(k);
      }
      classes[pixel] = classAt(image.classes, clamp(slice) + at, columns, fx, fy);
    }
  }
  return given?.known ?? image.knownOn?.[slice] ?? image.known;
}
