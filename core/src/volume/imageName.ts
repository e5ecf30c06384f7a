import { axisOf } from './geometry';
import { itemAt } from '../items';
import type { Geometry, ImageReference, Series } from '../types';

/**
 * `series 4, image 25`, `series 4, image 1, frame 25`, or `series 4, slice 13 of 40 from the feet` where the numbers
 * do not tell the images of the series apart: how messages, reports and panels name an image.
 */
export function imageName(image: ImageReference): string {
  const series = image.seriesNumber === null ? '' : `series ${image.seriesNumber}, `;
  return series + shortImageName(image);
}

/** `image 25`, within a context that names the series. */
export function shortImageName(image: ImageReference): string {
  const { instanceNumber, frameNumber, sopInstanceUid, byPosition } = image;
  if (byPosition) {
    const { slice, of, from } = byPosition;
    return `slice ${slice} of ${of} from ${from}`;
  }
  const name = `image ${instanceNumber ?? sopInstanceUid}`;
  return frameNumber === null ? name : `${name}, frame ${frameNumber}`;
}

/**
 * Images of one series for a message, in the order of their numbers: `series 4, images 21–26 and 30`, or `series 4,
 * image 1, frames 21–26`.
 */
export function imageList(images: readonly ImageReference[]): string {
  const series = images[0]?.seriesNumber ?? null;
  const frames = images.some(({ frameNumber }) => frameNumber !== null);
  const numbers = images.map(({ instanceNumber, frameNumber }) =>
    frames ? frameNumber : instanceNumber
  );
  const named = numbers.some((number) => number === null)
    ? images.map(({ sopInstanceUid }) => sopInstanceUid)
    : runsOf(numbers.flatMap((number) => number ?? []));
  const list = new Intl.ListFormat('en').format(named);
  const noun = frames ? 'frame' : 'image';
  const holder = frames ? `${shortImageName({ ...itemAt(images, 0), frameNumber: null })}, ` : '';
  return `${series === null ? '' : `series ${series}, `}${holder}${noun}${images.length === 1 ? '' : 's'} ${list}`;
}

/** Whole numbers, three or more in a row as `21–26`. */
function runsOf(numbers: readonly number[]): string[] {
  const sorted = [...numbers].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.flatMap(([from, to]) =>
    to - from < 2 ? [...new Set([from, to])].map(String) : [`${from}–${to}`]
  );
}

/** The images of a series' slices k. */
export function imagesOf(series: Pick<Series, 'header' | 'sources' | 'volume'>): ImageReference[] {
  const { header, sources, volume } = series;
  const images = sources.map(({ sopInstanceUid, instanceNumber, frameNumber }) => ({
    seriesNumber: header.seriesNumber,
    instanceNumber,
    frameNumber: frameNumber ?? null,
    sopInstanceUid,
  }));
  if (numbersTellApart(series)) return images;
  const from = firstEnd(volume);
  return images.map((image, k) => ({
    ...image,
    byPosition: { slice: k + 1, of: images.length, from },
  }));
}

/** Whether every image of a series has a number and no two have the same one (with the frame, of multi-frame images). */
export function numbersTellApart({ sources }: Pick<Series, 'sources'>): boolean {
  const names = sources.map(
    ({ instanceNumber, frameNumber }) => `${instanceNumber} ${frameNumber ?? ''}`
  );
  return (
    sources.every(({ instanceNumber }) => instanceNumber !== null) &&
    new Set(names).size === names.length
  );
}

/** Ends of the body along the axes of LPS, the lower coordinate first. */
const ENDS: readonly (readonly [string, string])[] = [
  ['the patient’s right', 'the patient’s left'],
  ['the front', 'the back'],
  ['the feet', 'the head'],
];

/** The end of a stack where its first slice lies, by the axis of the body along which it mostly runs (LPS). */
function firstEnd(geometry: Geometry): string {
  const normal = axisOf(geometry, 2);
  const sizes = normal.map(Math.abs);
  const axis = sizes.indexOf(Math.max(...sizes));
  const [low, high] = itemAt(ENDS, axis);
  return itemAt(normal, axis) > 0 ? low : high;
}

/** Slice k of an image; -1 where it is none of them. */
export function sliceOfImage(
  images: readonly ImageReference[],
  wanted: Pick<ImageReference, 'sopInstanceUid' | 'frameNumber'>
): number {
  return images.findIndex(
    (image) =>
      image.sopInstanceUid === wanted.sopInstanceUid && image.frameNumber === wanted.frameNumber
  );
}
