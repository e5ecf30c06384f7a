import type { Vector3, Volume } from '../types';
import { mirrored, splineCoefficients, splineWeights } from './cubicSpline';

export type Interpolation = 'trilinear' | 'cubic' | 'nearest';

/** Value at a position in voxels; outside, the outermost voxels are repeated (cubic: mirrored). */
export type Sampler = (i: number, j: number, k: number) => number;

export function makeSampler(volume: Volume, interpolation: Interpolation): Sampler {
  if (interpolation === 'nearest') return makeNearest(volume.data, volume.size);
  return interpolation === 'cubic' ? makeCubic(volume) : makeTrilinear(volume);
}

function makeNearest(data: ArrayLike<number>, size: Vector3): Sampler {
  const [columns, rows, slices] = size;
  return (i, j, k) =>
    data[
      clamp(Math.round(i), columns) +
        columns * (clamp(Math.round(j), rows) + rows * clamp(Math.round(k), slices))
    ]!;
}

function makeTrilinear(volume: Volume): Sampler {
  const [columns, rows, slices] = volume.size;
  const data = volume.data;
  return (i, j, k) => {
    const x = Math.min(Math.max(i, 0), columns - 1);
    const y = Math.min(Math.max(j, 0), rows - 1);
    const z = Math.min(Math.max(k, 0), slices - 1);
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const z0 = Math.floor(z);
    const fx = x - x0;
    const fy = y - y0;
    const fz = z - z0;
    const dx = x0 + 1 < columns ? 1 : 0;
    const dy = y0 + 1 < rows ? columns : 0;
    const dz = z0 + 1 < slices ? columns * rows : 0;
    const at = x0 + columns * (y0 + rows * z0);
    const low = mix(
      mix(data[at]!, data[at + dx]!, fx),
      mix(data[at + dy]!, data[at + dy + dx]!, fx),
      fy
    );
    if (fz === 0) return low;
    const top = at + dz;
    const high = mix(
      mix(data[top]!, data[top + dx]!, fx),
      mix(data[top + dy]!, data[top + dy + dx]!, fx),
      fy
    );
    return mix(low, high, fz);
  };
}

/**
 * Through the samples of a volume, by its cubic B-spline; mirrored at the outermost voxels. It swings beside an edge, but
 * not below zero where no stored value is: a magnitude stays one.
 */
function makeCubic(volume: Volume): Sampler {
  const [columns, rows, slices] = volume.size;
  const { data: stored } = volume;
  const data = splineCoefficients(volume);
  const least = isMagnitude(volume) ? 0 : -Infinity;
  const wx = new Float64Array(4);
  const wy = new Float64Array(4);
  const wz = new Float64Array(4);
  const xs = new Int32Array(4);
  return (i, j, k) => {
    const x0 = Math.floor(i);
    const y0 = Math.floor(j);
    const z0 = Math.floor(k);
    // A value that was measured is none that only comes close to it: zero decides.
    if (isWhole(i) && isWhole(j) && isWhole(k)) {
      const row = clamp(Math.round(j), rows) + rows * clamp(Math.round(k), slices);
      return stored[clamp(Math.round(i), columns) + columns * row]!;
    }
    splineWeights(i - x0, wx);
    splineWeights(j - y0, wy);
    splineWeights(k - z0, wz);
    for (let a = 0; a < 4; a++) xs[a] = within(x0 - 1 + a, columns);
    let sum = 0;
    for (let c = 0; c < 4; c++) {
      const plane = rows * within(z0 - 1 + c, slices);
      for (let b = 0; b < 4; b++) {
        const row = columns * (within(y0 - 1 + b, rows) + plane);
        sum +=
          wz[c]! *
          wy[b]! *
          (wx[0]! * data[row + xs[0]!]! +
            wx[1]! * data[row + xs[1]!]! +
            wx[2]! * data[row + xs[2]!]! +
            wx[3]! * data[row + xs[3]!]!);
      }
    }
    return sum < least ? least : sum;
  };
}

function isMagnitude({ data, missing }: Volume): boolean {
  for (let n = 0; n < data.length; n++) if (data[n]! < 0 && !missing?.[n]) return false;
  return true;
}

function isWhole(position: number): boolean {
  return Math.abs(position - Math.round(position)) < 1e-6;
}

function within(index: number, count: number): number {
  return index >= 0 && index < count ? index : mirrored(index, count);
}

function mix(a: number, b: number, fraction: number): number {
  return a + (b - a) * fraction;
}

function clamp(index: number, count: number): number {
  return index < 0 ? 0 : index >= count ? count - 1 : index;
}
