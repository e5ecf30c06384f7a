import { mapAxes } from '../../axes';
import { itemAt } from '../../items';
import { EAR_SIDES, roleLabel } from '../../registry';
import type { PreparedStudy } from '../../study';
import type { ImageReference, Role, Volume, Warning } from '../../types';
import { median } from '../../statistics';
import { imageList } from '../../volume';
import type { OrganVoxels } from '../organVoxels';
import { mergedPlaces, placeName, type Place } from './imageFaults';

/** Share of an organ's pixels on a slice, and their number, that may hold no signal: the ratio moves by no more. */
const MOST_SHARE = 0.05;
const MOST_PIXELS = 2;
/** Value of PPI + PEI, in units of the ear's median, from which on a hole in MRC is fluid; and mm round the ear searched. */
const FLUID = 0.5;
const MARGIN = 3;
/** Interpolation of equal values gives equal values but for rounding, relative. */
const ROUNDING = 1e-5;

/**
 * Regions that reach into a part of an image where all pixels are equal: padding, a masked rectangle, the border of the
 * field of view. No tissue gives a patch of 3 × 3 equal pixels; single zeros of PPI or PEI, where the
 * magnetisation crosses zero or a vendor clips, are none. Brightest patches are left out: overflow, which is signal.
 * On MRC the hole lies beside the outline, which ends at it: a patch within the ear's box in which PPI or PEI
 * show as much fluid as in the ear (bone that a vendor masks shows none).
 */
export function flatRegionWarnings(prepared: PreparedStudy, organs: OrganVoxels[]): Warning[] {
  const roles: Role[] = prepared.pei ? ['mrc', 'ppi', 'pei'] : ['mrc', 'ppi'];
  return roles.flatMap((role) => {
    const volume = prepared[role];
    if (!volume) return [];
    const blank = prepared.faults.filter((fault) => fault.role === role && fault.kind === 'blank');
    const judged = (n: number): boolean =>
      !prepared.uncovered?.[n] && blank.every(({ reach }) => reach[n] === 0);
    const patches = patchesOf(volume);
    const slices = new Set<number>();
    const places: Place[] = organs.filter(({ indices }) => {
      const touched = slicesWith(indices, (n) => judged(n) && patches.holds(n), volume);
      touched.forEach((k) => slices.add(k));
      return touched.length > 0;
    });
    if (role === 'mrc') {
      for (const ear of EAR_SIDES) {
        if (places.some((place) => place.ear === ear)) continue;
        const parts = organs.filter((organ) => organ.ear === ear);
        const touched = holeSlices(prepared, parts, (n) => judged(n) && patches.isMiddle(n));
        touched.forEach((k) => slices.add(k));
        if (touched.length > 0) places.push({ ear, organ: null });
      }
    }
    const images = imagesOf(prepared, role, [...slices]);
    return mergedPlaces(places, organs).map((place) => warningOf(prepared, role, place, images));
  });
}

/** Where patches of 3 × 3 equal pixels of a slice are, but for those of the greatest value. */
function patchesOf({ size: [columns, rows], data }: Volume): {
  /** The voxel lies in one. */
  holds: (n: number) => boolean;
  /** The voxel is the middle of one. */
  isMiddle: (n: number) => boolean;
} {
  let brightest: number | null = null;
  const isPatch = (n: number, firstColumn: number, firstRow: number): boolean => {
    if (firstColumn < 0 || firstRow < 0 || firstColumn > columns - 3 || firstRow > rows - 3)
      return false;
    const value = data[n]!;
    const tolerance = ROUNDING * Math.abs(value);
    const start = n - (n % (columns * rows)) + firstColumn + columns * firstRow;
    for (let m = 0; m < 9; m++) {
      const pixel = data[start + (m % 3) + columns * Math.floor(m / 3)]!;
      if (Math.abs(pixel - value) > tolerance) return false;
    }
    return value !== (brightest ??= maximumOf(data));
  };
  const place = (n: number): [number, number] => [n % columns, Math.floor(n / columns) % rows];
  return {
    holds(n) {
      const [i, j] = place(n);
      for (let m = 0; m < 9; m++) if (isPatch(n, i - (m % 3), j - Math.floor(m / 3))) return true;
      return false;
    },
    isMiddle(n) {
      const [i, j] = place(n);
      return isPatch(n, i - 1, j - 1);
    },
  };
}

/** Slices k on which more of the voxels are so than may be. */
function slicesWith(
  indices: Int32Array,
  holds: (n: number) => boolean,
  { size: [columns, rows] }: Volume
): number[] {
  const counts = new Map<number, { all: number; held: number }>();
  for (const n of indices) {
    const k = Math.floor(n / (columns * rows));
    const count = counts.get(k) ?? { all: 0, held: 0 };
    count.all++;
    if (holds(n)) count.held++;
    counts.set(k, count);
  }
  return [...counts].flatMap(([k, { all, held }]) =>
    held > Math.max(MOST_PIXELS, MOST_SHARE * all) ? [k] : []
  );
}

function maximumOf(data: Float32Array): number {
  let maximum = -Infinity;
  for (const value of data) if (value > maximum) maximum = value;
  return maximum;
}

/** Slices k on which MRC has a hole beside an ear's region that is fluid by PPI and PEI. */
function holeSlices(
  { mrc, ppi, pei }: PreparedStudy,
  parts: readonly OrganVoxels[],
  isHole: (n: number) => boolean
): number[] {
  const [columns, rows] = mrc.size;
  const indices = parts.flatMap((organ) => [...organ.indices]);
  if (indices.length === 0) return [];
  const at = (n: number): number[] => [
    n % columns,
    Math.floor(n / columns) % rows,
    Math.floor(n / (columns * rows)),
  ];
  const fluid = (n: number): number => ppi.data[n]! + (pei?.data[n] ?? 0);
  const level = FLUID * median(indices.map(fluid));
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const n of indices)
    at(n).forEach((x, axis) => {
      low[axis] = Math.min(low[axis]!, x);
      high[axis] = Math.max(high[axis]!, x);
    });
  const [a, b] = mapAxes(mrc.spacing, (step) => Math.round(MARGIN / step));
  let count = 0;
  const slices = new Set<number>();
  for (let k = low[2]!; k <= high[2]!; k++)
    for (let j = Math.max(1, low[1]! - b); j <= Math.min(rows - 2, high[1]! + b); j++)
      for (let i = Math.max(1, low[0]! - a); i <= Math.min(columns - 2, high[0]! + a); i++) {
        const n = i + columns * (j + rows * k);
        if (!isHole(n) || meanAround(fluid, n, columns) < level) continue;
        count++;
        slices.add(k);
      }
  return count > Math.max(MOST_PIXELS, MOST_SHARE * indices.length) ? [...slices] : [];
}

/** Of 3 × 3 pixels: noise alone does not look like fluid. */
function meanAround(valueAt: (n: number) => number, n: number, columns: number): number {
  let sum = 0;
  for (const row of [-columns, 0, columns])
    for (const step of [-1, 0, 1]) sum += valueAt(n + row + step);
  return sum / 9;
}

/** The series' own images where its slices are those of MRC, else MRC's at the same places. */
function imagesOf(
  { images, movingImages }: PreparedStudy,
  role: Role,
  slices: number[]
): { own: boolean; images: ImageReference[] } {
  const own = role === 'mrc' ? images : movingImages[role];
  return { own: own !== null, images: slices.map((k) => itemAt(own ?? images, k)) };
}

function warningOf(
  prepared: PreparedStudy,
  role: Role,
  place: Place,
  { own, images }: { own: boolean; images: ImageReference[] }
): Warning {
  const label = roleLabel(role, prepared.method);
  const where = own ? `${label} (${imageList(images)})` : `${label}, at MRC ${imageList(images)},`;
  return {
    code: 'signal-missing',
    message:
      `${where} holds one single value in a part of ${placeName(place)}, or beside it: it is masked, padded or outside the ` +
      'field of view there and nothing was measured, so the ratios are no measurement. ' +
      'Send the series again without masking, or repeat it with a larger field of view.',
    ear: place.ear,
    ...(place.organ ? { organ: place.organ } : {}),
    values: { series: label, images: images.length },
  };
}
