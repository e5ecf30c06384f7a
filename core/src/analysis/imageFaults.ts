import { itemAt } from '../items';
import type { ImageFault } from '../study';
import type { Sampling, Geometry, Role, Series, Volume } from '../types';
import {
  blankSlices,
  imagesOf,
  placeMask,
  repeatedSlices,
  sameGrid,
  slicesOutOfLine,
} from '../volume';

/** A series as it was read, with the slices that are no measurement or none on the scale of the rest. */
export interface JudgedSeries {
  role: Role;
  series: Series;
  /** Slices k. */
  blank: ReadonlySet<number>;
  /** Slices k with the pixels of another slice. */
  repeated: ReadonlySet<number>;
  /** Slice k → factor on it. */
  outOfLine: ReadonlyMap<number, number>;
}

/**
 * Looks at each series as it was read: interpolation would hide its faults.
 *
 * @param all MRC first
 */
export function judgeSeries(all: readonly { role: Role; series: Series }[]): JudgedSeries[] {
  const stacks = all.map(({ series: { volume } }) => {
    const blank = new Set(blankSlices(volume));
    return { volume, blank, repeated: new Set(repeatedSlices(volume, blank)) };
  });
  const beside = stacks.map(({ volume }) => sameGrid(itemAt(stacks, 0).volume, volume, 0.05));
  const together = slicesOutOfLine(stacks.filter((_, n) => beside[n]));
  return all.map(({ role, series }, n) => {
    const stack = itemAt(stacks, n);
    const outOfLine = beside[n] ? together.shift() : slicesOutOfLine([stack])[0];
    return {
      ...{ role, series, blank: stack.blank, repeated: stack.repeated },
      outOfLine: outOfLine ?? new Map<number, number>(),
    };
  });
}

/** The faults of a judged series where its values lie on a grid. */
export function faultsOn(judged: JudgedSeries, sampling: Sampling, grid: Geometry): ImageFault[] {
  const { role, series, blank, repeated, outOfLine } = judged;
  const all = imagesOf(series);
  const fault = (
    kind: ImageFault['kind'],
    slices: readonly number[],
    factors: ImageFault['factors']
  ): ImageFault[] => {
    if (slices.length === 0) return [];
    const reach = placeMask(sliceMask(series.volume, slices), sampling, grid);
    return [{ role, kind, images: slices.map((k) => itemAt(all, k)), factors, reach }];
  };
  const factors = [...outOfLine.values()];
  return [
    ...fault('blank', [...blank], null),
    ...fault('repeated', [...repeated], null),
    ...fault('brightness', [...outOfLine.keys()], [Math.min(...factors), Math.max(...factors)]),
  ];
}

/**
 * Images that are no measurement (blank) or not on the scale of the rest of their series.
 *
 * @param placed MRC first, each with how it is read on `grid`
 */
export function findImageFaults(
  placed: readonly { role: Role; series: Series; sampling: Sampling }[],
  grid: Geometry
): ImageFault[] {
  return judgeSeries(placed).flatMap((judged, n) =>
    faultsOn(judged, itemAt(placed, n).sampling, grid)
  );
}

/** 1 on the voxels of some slices. */
export function sliceMask({ size, data }: Volume, slices: Iterable<number>): Uint8Array {
  const plane = size[0] * size[1];
  const mask = new Uint8Array(data.length);
  for (const k of slices) mask.fill(1, k * plane, (k + 1) * plane);
  return mask;
}
