import { itemAt } from '../items';
import type { ImageFault } from '../study';
import type { ImageReference, Role, Series, Volume } from '../types';
import { blankSlices, geometryOf, imagesOf, sameGrid, slicesOutOfLine } from '../volume';

export interface PlacedSeries {
  role: Role;
  series: Series;
  /** Brings an image on the series' grid onto MRC's as its own was. */
  place: (image: Volume) => Volume;
}

/** Weight of a faulty image in an interpolated value from which on the value is its too. */
const LEAST_WEIGHT = 0.01;

/**
 * Images that are no measurement (blank) or not on the scale of the rest of their series. Judged on each series as
 * it was read: interpolation would hide them.
 *
 * @param placed MRC first
 */
export function findImageFaults(placed: readonly PlacedSeries[]): ImageFault[] {
  const stacks = placed.map(({ series }) => ({
    volume: series.volume,
    blank: new Set(blankSlices(series.volume)),
  }));
  const beside = stacks.map(({ volume }) => sameGrid(itemAt(stacks, 0).volume, volume, 0.05));
  const together = slicesOutOfLine(stacks.filter((_, n) => beside[n]));
  return placed.flatMap((one, n) => {
    const stack = itemAt(stacks, n);
    const { blank } = stack;
    const factors = beside[n] ? together.shift() : slicesOutOfLine([stack])[0];
    const values = [...(factors?.values() ?? [])];
    return [
      ...faultOf(one, 'blank', [...blank], null),
      ...faultOf(
        one,
        'brightness',
        [...(factors?.keys() ?? [])],
        [Math.min(...values), Math.max(...values)]
      ),
    ];
  });
}

function faultOf(
  { role, series, place }: PlacedSeries,
  kind: ImageFault['kind'],
  slices: readonly number[],
  factors: ImageFault['factors']
): ImageFault[] {
  if (slices.length === 0) return [];
  const all = imagesOf(series);
  const images: ImageReference[] = slices.map((k) => itemAt(all, k));
  return [{ role, kind, images, factors, reach: reachOf(series.volume, slices, place) }];
}

function reachOf(
  volume: Volume,
  slices: readonly number[],
  place: PlacedSeries['place']
): Uint8Array {
  const plane = volume.size[0] * volume.size[1];
  const marks = new Float32Array(volume.data.length);
  for (const k of slices) marks.fill(1, k * plane, (k + 1) * plane);
  const { data } = place({ ...geometryOf(volume), data: marks });
  const reach = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) if (Math.abs(data[n]!) > LEAST_WEIGHT) reach[n] = 1;
  return reach;
}
