import type { ImageReference, Series } from '../types';

/** `series 4, image 25` or `series 4, image 1, frame 25`: how messages, reports and panels name an image. */
export function imageName(image: ImageReference): string {
  const series = image.seriesNumber === null ? '' : `series ${image.seriesNumber}, `;
  return series + shortImageName(image);
}

/** `image 25`, within a context that names the series. */
export function shortImageName({
  instanceNumber,
  frameNumber,
  sopInstanceUid,
}: ImageReference): string {
  const image = instanceNumber === null ? `image ${sopInstanceUid}` : `image ${instanceNumber}`;
  return frameNumber === null ? image : `${image}, frame ${frameNumber}`;
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
  const holder = frames ? `${shortImageName({ ...images[0], frameNumber: null })}, ` : '';
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
export function imagesOf({ header, sources }: Series): ImageReference[] {
  return sources.map(({ sopInstanceUid, instanceNumber, frameNumber }) => ({
    seriesNumber: header.seriesNumber,
    instanceNumber,
    frameNumber: frameNumber ?? null,
    sopInstanceUid,
  }));
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
