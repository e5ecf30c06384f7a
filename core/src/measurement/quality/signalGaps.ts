import { mapAxes } from '../../axes';
import { itemAt } from '../../items';
import { EAR_SIDES, roleLabel } from '../../registry';
import type { PreparedStudy, SignalGap } from '../../study';
import type { ImageReference, Vector3, Volume, Warning } from '../../types';
import { median } from '../../statistics';
import { imageList, MIN_WEIGHT, makeMarkedWeight } from '../../volume';
import type { OrganVoxels } from '../organVoxels';
import { mergedPlaces, placeName, type Place } from './imageFaults';

/** Share of an organ's pixels on a slice, and their number, that may hold no signal: the ratio moves by no more. */
const MAX_SHARE = 0.05;
const MAX_PIXELS = 2;
/** Weight of flat patches in an interpolated value from which on it is flat: masked bone beside an organ touches more. */
const MOSTLY = 0.5;
/** Value of PPI + PEI, in units of the ear's median, from which on a hole in MRC is fluid; and mm round the ear searched. */
const FLUID = 0.5;
const MARGIN = 3;

/**
 * Organs that reach where a series holds no signal (`PreparedStudy.gaps`, of the series as they were read): padding and
 * holes, where these take any part in a value, and patches of equal pixels, where they make most of it. On MRC
 * the gap lies beside the outline, which ends at it: within the ear's box, where PPI or PEI show as much fluid as in
 * the ear (bone that a vendor masks shows none).
 */
export function signalGapWarnings(prepared: PreparedStudy, organs: OrganVoxels[]): Warning[] {
  return (prepared.gaps ?? []).flatMap((gap) => {
    const blank = prepared.faults.filter(({ role, kind }) => role === gap.role && kind === 'blank');
    const judged = (n: number): boolean =>
      !prepared.uncovered?.[n] && blank.every(({ reach }) => reach[n] === 0);
    const slicesAt = gapFinder(gap, prepared.mrc);
    const touched = new Set<number>();
    const places: Place[] = organs.filter(({ indices }) => {
      const found = lostSlices(indices, (n) => (judged(n) ? slicesAt(n) : []), prepared.mrc);
      found.forEach((k) => touched.add(k));
      return found.length > 0;
    });
    if (gap.role === 'mrc') {
      for (const ear of EAR_SIDES) {
        if (places.some((place) => place.ear === ear)) continue;
        const parts = organs.filter((organ) => organ.ear === ear);
        const found = holeSlices(prepared, parts, (n) => judged(n) && isHole(gap, n, prepared.mrc));
        found.forEach((k) => touched.add(k));
        if (found.length > 0) places.push({ ear, organ: null });
      }
    }
    const images = [...touched].sort((a, b) => a - b).map((k) => itemAt(gap.images, k));
    return mergedPlaces(places, organs).map((place) => warningOf(prepared, gap, place, images));
  });
}

/** The slices of the series whose gaps a value of MRC's grid is made of; none where it is a measurement. */
function gapFinder(
  { missing, flat, sampling }: SignalGap,
  { size: [columns, rows] }: Volume
): (n: number) => number[] {
  const ofMissing = missing && makeMarkedWeight(sampling, missing);
  const ofFlat = flat && makeMarkedWeight(sampling, flat);
  return (n) => {
    const index: Vector3 = [
      n % columns,
      Math.floor(n / columns) % rows,
      Math.floor(n / (columns * rows)),
    ];
    const lost = ofMissing?.(index);
    const even = ofFlat?.(index);
    return [
      ...(lost && lost.total > MIN_WEIGHT ? lost.bySlice : []),
      ...(even && even.total >= MOSTLY ? even.bySlice : []),
    ].flatMap(([k, weight]) => (weight > MIN_WEIGHT ? [k] : []));
  };
}

/** Slices of the series that make an organ lose more voxels on a slice than may be. */
function lostSlices(
  indices: Int32Array,
  slicesAt: (n: number) => number[],
  { size: [columns, rows] }: Volume
): number[] {
  const counts = new Map<number, { all: number; lost: number }>();
  const touched = new Set<number>();
  for (const n of indices) {
    const k = Math.floor(n / (columns * rows));
    const count = counts.get(k) ?? { all: 0, lost: 0 };
    const found = slicesAt(n);
    count.all++;
    if (found.length > 0) count.lost++;
    found.forEach((slice) => touched.add(slice));
    counts.set(k, count);
  }
  const isLost = [...counts.values()].some(
    ({ all, lost }) => lost > Math.max(MAX_PIXELS, MAX_SHARE * all)
  );
  return isLost ? [...touched] : [];
}

/** A missing voxel of MRC, or the middle of a flat patch. */
function isHole({ missing, flat }: SignalGap, n: number, { size: [columns] }: Volume): boolean {
  if (missing?.[n]) return true;
  if (!flat?.[n]) return false;
  return [-columns, 0, columns].every((row) =>
    [-1, 0, 1].every((step) => flat[n + row + step] === 1)
  );
}

/** Slices k on which MRC has a hole beside an ear's region that is fluid by PPI and PEI. */
function holeSlices(
  { mrc, ppi, pei }: PreparedStudy,
  parts: readonly OrganVoxels[],
  isHoleAt: (n: number) => boolean
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
        if (!isHoleAt(n) || meanAround(fluid, n, columns) < level) continue;
        count++;
        slices.add(k);
      }
  return count > Math.max(MAX_PIXELS, MAX_SHARE * indices.length) ? [...slices] : [];
}

/** Of 3 × 3 pixels: noise alone does not look like fluid. */
function meanAround(valueAt: (n: number) => number, n: number, columns: number): number {
  let sum = 0;
  for (const row of [-columns, 0, columns])
    for (const step of [-1, 0, 1]) sum += valueAt(n + row + step);
  return sum / 9;
}

function warningOf(
  prepared: PreparedStudy,
  { role }: SignalGap,
  place: Place,
  images: readonly ImageReference[]
): Warning {
  const label = roleLabel(role, prepared.method);
  const holds = images.length === 1 ? 'holds' : 'hold';
  return {
    code: 'signal-missing',
    message:
      `${label} (${imageList(images)}) ${holds} padding or one single value in a part of ${placeName(place)}, or beside it: ` +
      'nothing was measured there, so the ratios are not a measurement. ' +
      'Send the series again without masking, or repeat it with a larger field of view.',
    ear: place.ear,
    ...(place.organ ? { organ: place.organ } : {}),
    values: { series: label, images: images.length },
  };
}
