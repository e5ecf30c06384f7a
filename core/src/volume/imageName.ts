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
