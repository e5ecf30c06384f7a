import { mapAxes } from '../axes';
import type { Geometry, Sampling, Vector3, Volume } from '../types';
import { median } from '../statistics';
import { brightestFluid, sampledIndex, worldToVoxel } from '../volume';
import type { Mask } from './masks';

/** mm about each ear's middle, along the axes, where fluid is looked for: the labyrinth and what lies beside it. */
const REACH = 14;
/** MRC from which on a voxel is fluid, in units of the brightest; PPI + PEI, in units of its median in such fluid. */
const FLUID_MRC = 0.4;
const FLUID_SUM = 0.5;
/** Middles of 3 × 3 pixels that are both fluid and flat, which make a flat part of an image a hole. */
const MIN_SEEDS = 4;
/** Pixels round such fluid that belong to a hole of the series' least value: farther out it may be masked air or bone. */
const AROUND = 3;

/** A series on MRC's grid, with the flat patches that it had as it was read. */
export interface FlatSeries {
  /** As it was read. */
  volume: Volume;
  /** `flatPatches` of `volume`. */
  flat: Mask;
  sampling: Sampling;
}

/**
 * Holes of PPI or PEI: flat patches where MRC shows fluid, near the ears. Masked air and bone are flat too, and lie where
 * no fluid is.
 *
 * @returns on the series' own grid; null where there is none
 */
export function holesOfMoving(mrc: Volume, moving: FlatSeries, centers: readonly Vector3[]): Mask {
  if (!moving.flat) return null;
  const level = FLUID_MRC * brightestFluid(mrc);
  return holesIn(moving, mrc, centers, (n) => mrc.data[n]! >= level);
}

/** Holes of MRC: flat patches where PPI and PEI show as much fluid as near the ears elsewhere. */
export function holesOfMrc(
  mrc: FlatSeries,
  { ppi, pei }: { ppi: Volume; pei: Volume | null },
  centers: readonly Vector3[]
): Mask {
  const { volume, flat } = mrc;
  if (!flat) return null;
  const level = FLUID_MRC * brightestFluid(volume);
  const sum = (n: number): number => ppi.data[n]! + (pei?.data[n] ?? 0);
  const ofFluid: number[] = [];
  forEachNear(volume, centers, (n) => {
    if (volume.data[n]! >= level) ofFluid.push(sum(n));
  });
  if (ofFluid.length === 0) return null;
  const least = FLUID_SUM * median(ofFluid);
  return holesIn(mrc, volume, centers, (n) => sum(n) >= least);
}

function holesIn(
  { volume, flat, sampling }: FlatSeries,
  grid: Geometry,
  centers: readonly Vector3[],
  isFluid: (n: number) => boolean
): Mask {
  if (!flat) return null;
  const [columns, rows, slices] = volume.size;
  const seeds = new Set<number>();
  forEachNear(grid, centers, (n, index) => {
    if (!allAround(n, grid.size[0], isFluid)) return;
    const [i, j, k] = mapAxes(sampledIndex(sampling, index), Math.round);
    if (i < 1 || j < 1 || i > columns - 2 || j > rows - 2 || k < 0 || k >= slices) return;
    const there = i + columns * (j + rows * k);
    if (allAround(there, columns, (m) => flat[m] === 1)) seeds.add(there);
  });
  const lowest = seeds.size < MIN_SEEDS ? 0 : minimumOf(volume.data);
  let holes: Mask = null;
  for (const part of partsOf(flat, volume, seeds)) {
    const own = part.filter((n) => seeds.has(n));
    if (own.length < MIN_SEEDS) continue;
    holes ??= new Uint8Array(volume.data.length);
    const whole = volume.data[own[0]!] !== lowest;
    for (const n of part) if (whole || isNear(n, own, columns)) holes[n] = 1;
  }
  return holes;
}

/** Calls back for the voxels of a grid about the ears' middles that are not on the border of their slice. */
function forEachNear(
  grid: Geometry,
  centers: readonly Vector3[],
  visit: (n: number, index: Vector3) => void
): void {
  const [columns, rows] = grid.size;
  for (const center of centers) {
    const at = worldToVoxel(grid, center);
    const low = mapAxes(at, (x, axis) =>
      Math.max(axis < 2 ? 1 : 0, Math.ceil(x - REACH / grid.spacing[axis]))
    );
    const high = mapAxes(at, (x, axis) =>
      Math.min(grid.size[axis] - (axis < 2 ? 2 : 1), Math.floor(x + REACH / grid.spacing[axis]))
    );
    for (let k = low[2]; k <= high[2]; k++)
      for (let j = low[1]; j <= high[1]; j++)
        for (let i = low[0]; i <= high[0]; i++) visit(i + columns * (j + rows * k), [i, j, k]);
  }
}

function allAround(n: number, columns: number, holds: (m: number) => boolean): boolean {
  for (const row of [-columns, 0, columns])
    for (const step of [-1, 0, 1]) if (!holds(n + row + step)) return false;
  return true;
}

/** Connected flat parts of a slice (through edges, of one value) that hold a seed. */
function partsOf(
  flat: Uint8Array,
  { size: [columns, rows], data }: Volume,
  seeds: ReadonlySet<number>
): number[][] {
  const seen = new Set<number>();
  const parts: number[][] = [];
  for (const start of seeds) {
    if (seen.has(start)) continue;
    seen.add(start);
    const part = [start];
    for (let head = 0; head < part.length; head++) {
      const n = part[head]!;
      const [i, j] = [n % columns, Math.floor(n / columns) % rows];
      for (const [m, inside] of [
        [n - 1, i > 0],
        [n + 1, i < columns - 1],
        [n - columns, j > 0],
        [n + columns, j < rows - 1],
      ] as const) {
        if (!inside || flat[m] !== 1 || data[m] !== data[start] || seen.has(m)) continue;
        seen.add(m);
        part.push(m);
      }
    }
    parts.push(part);
  }
  return parts;
}

/** Within some pixels of one of the others, of the same slice. */
function isNear(n: number, others: readonly number[], columns: number): boolean {
  const [i, row] = [n % columns, Math.floor(n / columns)];
  return others.some(
    (m) =>
      Math.abs((m % columns) - i) <= AROUND && Math.abs(Math.floor(m / columns) - row) <= AROUND
  );
}

function minimumOf(data: Float32Array): number {
  let minimum = Infinity;
  for (const value of data) if (value < minimum) minimum = value;
  return minimum;
}
