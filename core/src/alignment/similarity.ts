import type { Vector3, Volume } from '../types';
import { applyTransform, rotationFromDegrees, type RigidTransform } from '../volume';
import { makeWorldSampler } from './crop';

/** Places in space with the values of the fixed image there, grouped in blocks. */
export interface FixedSamples {
  /** LPS mm: x, y, z of each place. */
  points: Float64Array;
  values: Float64Array;
  /** Block of each place, 0 … blockCount − 1. */
  blocks: Int32Array;
  blockCount: number;
}

/** Side of the blocks, mm: about the size of a vestibule. */
const BLOCK = 6;

/**
 * Draws places from a fixed image: where it varies (edges of fluid) and, with less weight, around.
 * The places are jittered within their voxels, so that interpolation smooths the noise of fixed and
 * moving image alike at every shift; on the grid itself an unmoved pair would look special.
 */
export function drawSamples(fixed: Volume, count: number, random: () => number): FixedSamples {
  const [columns, rows, slices] = fixed.size;
  const strength = edgeStrength(fixed);
  let total = 0;
  for (const value of strength) total += value;
  // A quarter of the places anywhere: what leaves the fluid must be seen outside it.
  const floor = (0.25 / 0.75) * (total / strength.length);
  const scale = count / (total + floor * strength.length);
  const sample = makeWorldSampler(fixed);
  const points: number[] = [];
  const values: number[] = [];
  const keys = new Map<string, number>();
  const blocks: number[] = [];
  const { origin: o, direction: d, spacing: s } = fixed;
  let n = 0;
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++, n++) {
        if (random() >= scale * (strength[n]! + floor)) continue;
        const a = (i + random() - 0.5) * s[0];
        const b = (j + random() - 0.5) * s[1];
        const c = (k + random() - 0.5) * s[2];
        const x = o[0] + a * d[0] + b * d[3] + c * d[6];
        const y = o[1] + a * d[1] + b * d[4] + c * d[7];
        const z = o[2] + a * d[2] + b * d[5] + c * d[8];
        const value = sample(x, y, z);
        if (Number.isNaN(value)) continue;
        points.push(x, y, z);
        values.push(value);
        const key = [x, y, z].map((value) => Math.floor(value / BLOCK)).join();
        const block = keys.get(key) ?? keys.size;
        keys.set(key, block);
        blocks.push(block);
      }
    }
  }
  return {
    points: Float64Array.from(points),
    values: Float64Array.from(values),
    blocks: Int32Array.from(blocks),
    blockCount: keys.size,
  };
}

/** Joins samples of several regions; blocks stay apart. */
export function joinSamples(parts: FixedSamples[]): FixedSamples {
  const length = parts.reduce((sum, part) => sum + part.blocks.length, 0);
  const joined: FixedSamples = {
    points: new Float64Array(3 * length),
    values: new Float64Array(length),
    blocks: new Int32Array(length),
    blockCount: 0,
  };
  let at = 0;
  for (const part of parts) {
    joined.points.set(part.points, 3 * at);
    joined.values.set(part.values, at);
    part.blocks.forEach((block, n) => (joined.blocks[at + n] = block + joined.blockCount));
    joined.blockCount += part.blockCount;
    at += part.blocks.length;
  }
  return joined;
}

/** Magnitude of the central differences, per mm. */
function edgeStrength(volume: Volume): Float32Array {
  const [columns, rows, slices] = volume.size;
  const { data } = volume;
  const strength = new Float32Array(data.length);
  const [su, sv, sw] = volume.spacing;
  const plane = columns * rows;
  for (let k = 1; k < slices - 1; k++) {
    for (let j = 1; j < rows - 1; j++) {
      for (let i = 1; i < columns - 1; i++) {
        const n = i + columns * j + plane * k;
        const edge = Math.hypot(
          (data[n + 1]! - data[n - 1]!) / su,
          (data[n + columns]! - data[n - columns]!) / sv,
          (data[n + plane]! - data[n - plane]!) / sw
        );
        // NaN beside what is missing.
        if (edge > 0) strength[n] = edge;
      }
    }
  }
  return strength;
}

/** Variance below which a fixed value explains nothing, as a share of the image's variance. */
const RIDGE = 0.02;

/**
 * How badly the moving image is explained by the fixed image: 1 − R² of a regression with its own
 * coefficients in each block, so that one fluid may be bright in one place and dark in another
 * (cerebrospinal fluid and perilymph on PPI). 0 is perfect, 1 is unrelated.
 */
export function makeCost(
  samples: FixedSamples,
  readers: ((x: number, y: number, z: number) => number)[]
): (transform: RigidTransform) => number {
  const { points, values, blocks, blockCount } = samples;
  const ridge = RIDGE * variance(values);
  const width = 6;
  const sums = new Float64Array(width * blockCount);
  return (transform) => {
    sums.fill(0);
    const r = transform.rotation;
    const c = transform.center;
    const shift = applyTransform({ ...transform, center: c }, [0, 0, 0]);
    let inside = 0;
    for (let n = 0; n < blocks.length; n++) {
      const x = points[3 * n]!;
      const y = points[3 * n + 1]!;
      const z = points[3 * n + 2]!;
      const u = r[0] * x + r[1] * y + r[2] * z + shift[0];
      const v = r[3] * x + r[4] * y + r[5] * z + shift[1];
      const w = r[6] * x + r[7] * y + r[8] * z + shift[2];
      let m = NaN;
      for (let s = 0; s < readers.length; s++) {
        m = readers[s]!(u, v, w);
        if (m === m) break;
      }
      if (m !== m) continue;
      inside++;
      const at = width * blocks[n]!;
      const a = values[n]!;
      sums[at]!++;
      sums[at + 1]! += m;
      sums[at + 2]! += m * m;
      sums[at + 3]! += a;
      sums[at + 4]! += a * a;
      sums[at + 5]! += a * m;
    }
    if (inside < 0.5 * blocks.length || inside < 50) return 1;
    let total = 0;
    let explained = 0;
    for (let at = 0; at < sums.length; at += width) {
      const count = sums[at]!;
      if (count < 12) continue;
      const mean = sums[at + 1]! / count;
      const meanF = sums[at + 3]! / count;
      total += sums[at + 2]! - count * mean * mean;
      const ff = sums[at + 4]! - count * meanF * meanF + count * ridge;
      const fm = sums[at + 5]! - count * meanF * mean;
      explained += (fm * fm) / ff;
    }
    return total > 0 ? 1 - explained / total : 1;
  };
}

function variance(values: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.max(1e-12, squares / values.length - mean * mean);
}

/** Six numbers in mm: translation, and rotations about the LPS axes times the lever. */
export type MotionParameters = readonly number[];

export function makeTransform(x: MotionParameters, lever: number, center: Vector3): RigidTransform {
  const degrees = [3, 4, 5].map((n) => ((x[n]! / lever) * 180) / Math.PI) as Vector3;
  return { rotation: rotationFromDegrees(degrees), translation: [x[0]!, x[1]!, x[2]!], center };
}
