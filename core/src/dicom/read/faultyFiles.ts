import { itemAt } from '../../items';
import {
  RefusedInputError,
  type ImageTraits,
  type SeriesHeader,
  type SliceInput,
  type Warning,
} from '../../types';
import { componentRank, cross, describeSeries, dot, type ImageWish } from '../../volume';
import { lowerMedian } from '../../statistics';
import type { SliceGeometry } from './sliceGeometries';

/** An image of a series whose pixels could not be had. */
export interface FaultyFile {
  name: string;
  error: RefusedInputError;
  /** Where its frames lie; empty where that cannot be known. */
  places: SliceGeometry[];
  /** Of its first frame; null where nothing of it can be read. */
  traits: ImageTraits | null;
}

/** Names in a message; the number says how many there are. */
const NAMED = 3;

/**
 * Refuses a series of which a file could not be read that its volume needs: it lies in a hole or beyond an end of the
 * images that are used, or where it lies cannot be known.
 *
 * @param images those that are used
 * @throws RefusedInputError that of the first such file, with the number of the others
 */
export function requireWhole(
  faulty: readonly FaultyFile[],
  images: readonly SliceInput[],
  wish: ImageWish
): void {
  const needed = faulty.filter((file) => !isNeedless(file, images, wish));
  const [first] = needed;
  if (!first) return;
  const { error } = first;
  const others = needed.length - 1;
  if (others === 0) throw error;
  throw new RefusedInputError(
    error.code,
    `${error.message} ${others} more ${others === 1 ? 'file' : 'files'} of this series cannot be used either.`,
    error.remedy,
    { ...error.values, files: needed.length }
  );
}

/** `files-unreadable` of files that the volume does not need, or none. */
export function fileWarnings(header: SeriesHeader, faulty: readonly FaultyFile[]): Warning[] {
  if (faulty.length === 0) return [];
  const count = faulty.length;
  return [
    {
      code: 'files-unreadable',
      message:
        `${count} ${count === 1 ? 'file' : 'files'} of ${describeSeries(header)} could not be used; the volume is ` +
        `whole without ${count === 1 ? 'it' : 'them'}. ${reasonsOf(faulty.map(({ error }) => error.message))}`,
      ear: null,
      values: { series: header.seriesInstanceUid, files: count },
    },
  ];
}

/** The first few messages, and how many more there are. */
export function reasonsOf(messages: readonly string[]): string {
  const sorted = [...messages].sort();
  const shown = sorted.slice(0, NAMED).join(' ');
  return sorted.length > NAMED ? `${shown} (${sorted.length - NAMED} more.)` : shown;
}

function isNeedless(
  { traits, places }: FaultyFile,
  images: readonly SliceInput[],
  wish: ImageWish
): boolean {
  const [first] = images;
  if (!first) return false;
  if (traits && first.traits && componentRank(traits, wish) > componentRank(first.traits, wish)) {
    return true;
  }
  return places.length > 0 && places.every((place) => isCovered(place, images));
}

/** In other planes than the images, or where one of them lies. */
function isCovered(place: SliceGeometry, images: readonly SliceInput[]): boolean {
  const normal = normalOf(itemAt(images, 0));
  const along = dot(normalOf(place), normal);
  if (Number.isFinite(along) && Math.abs(along) < 0.99) return true;
  const at = (image: SliceGeometry) => dot(image.imagePositionPatient, normal);
  const positions = images.map(at).sort((a, b) => a - b);
  const gaps = positions.slice(1).map((position, n) => position - positions[n]!);
  const step = lowerMedian(gaps.filter((gap) => gap > 0.01));
  return positions.some((position) => Math.abs(position - at(place)) < 0.25 * step);
}

function normalOf({ imageOrientationPatient: o }: SliceGeometry) {
  return cross([o[0], o[1], o[2]], [o[3], o[4], o[5]]);
}
