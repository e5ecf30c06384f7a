import { assembleSeries, RefusedInputError } from '@inner-ear-hydrops/core';
import type { Series, SeriesHeader, SliceInput, Warning } from '@inner-ear-hydrops/core';
import { sliceGeometries } from '@inner-ear-hydrops/core/dicom';
import { archiveError, isAbort } from './problems';
import { cornerstone, modalityPixels } from './host';
import type { DataSource, DisplaySet, HostInstance } from './hostTypes';

/** How many images are asked for at a time; browsers keep about six connections to one server. */
const CONCURRENT = 6;

export interface ReadOptions {
  dataSource: DataSource | null;
  signal?: AbortSignal;
  /** Called with the number of images read so far. */
  onImage?: (read: number, total: number) => void;
  /** Milliseconds for one image before the archive counts as silent. */
  timeout: number;
}

export interface ReadResult {
  series: Series;
  warnings: Warning[];
  /** Host image id of slice k. */
  imageIds: string[];
  /** Naturalised instance of slice k. */
  instances: HostInstance[];
}

interface Frame {
  imageId: string;
  instance: HostInstance;
  geometry: Omit<SliceInput, 'pixels'>;
}

/**
 * Reads every image of a display set through the host's own cache and assembles the volume from
 * the single slices, in the order of their positions (the host's volumes may wrap values, and its
 * order is not one to rely on).
 * @throws RefusedInputError for unreadable or unfit images; AbortError after `signal` aborts.
 */
export async function readSeries(
  displaySet: DisplaySet,
  header: SeriesHeader,
  options: ReadOptions
): Promise<ReadResult> {
  const what = seriesName(header);
  const frames = framesOf(displaySet, options.dataSource);
  const slices = new Array<SliceInput>(frames.length);
  let next = 0;
  let done = 0;
  let failed = false;
  let hasNegativeValues = header.hasNegativeValues;
  const worker = async () => {
    while (next < frames.length && !failed) {
      options.signal?.throwIfAborted();
      const index = next++;
      const frame = frames[index] as Frame;
      try {
        const pixels = await pixelsOf(frame, what, options);
        hasNegativeValues ||= pixels.some((value) => value < 0);
        slices[index] = { ...frame.geometry, pixels };
      } catch (error) {
        failed = true;
        throw error;
      }
      options.onImage?.(++done, frames.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENT, frames.length) }, worker));
  const { series, warnings } = assembleSeries({ ...header, hasNegativeValues }, slices);
  const byImage = new Map(frames.map((frame) => [frameKey(frame.geometry), frame]));
  const ordered = series.sources.map((source) => byImage.get(frameKey(source)) as Frame);
  return {
    series,
    warnings,
    imageIds: ordered.map((frame) => frame.imageId),
    instances: ordered.map((frame) => frame.instance),
  };
}

/** Number and description, as the messages name a series. */
export function seriesName(header: SeriesHeader): string {
  const number = header.seriesNumber === null ? '' : ` ${header.seriesNumber}`;
  return `series${number} "${header.seriesDescription || header.seriesInstanceUid}"`;
}

const frameKey = (source: { sopInstanceUid: string; frameNumber?: number }) =>
  `${source.sopInstanceUid}#${source.frameNumber ?? 1}`;

/** Image id and geometry of each frame of a display set. */
function framesOf(displaySet: DisplaySet, dataSource: DataSource | null): Frame[] {
  const instances = displaySet.instances ?? displaySet.images ?? [];
  return instances.flatMap((instance) => {
    const geometries = sliceGeometries(instance);
    return geometries.map((geometry) => ({
      instance,
      geometry,
      imageId: imageIdOf(
        instance,
        geometries.length > 1 ? geometry.frameNumber : undefined,
        dataSource
      ),
    }));
  });
}

function imageIdOf(
  instance: HostInstance,
  frame: number | undefined,
  dataSource: DataSource | null
): string {
  if (frame === undefined && instance.imageId) return instance.imageId;
  const imageId = dataSource?.getImageIdsForInstance?.({ instance, frame });
  if (!imageId) {
    throw new RefusedInputError(
      'image-id-missing',
      `The viewer's data source offers no image for ${instance.SOPInstanceUID}.`,
      'Open the study from a DICOMweb archive.'
    );
  }
  return imageId;
}

async function pixelsOf(frame: Frame, what: string, options: ReadOptions): Promise<Float32Array> {
  let pixels: Float32Array;
  try {
    const image = await within(
      cornerstone().imageLoader.loadAndCacheImage(frame.imageId, { preScale: { enabled: true } }),
      options.timeout,
      options.signal
    );
    pixels = modalityPixels(image);
  } catch (error) {
    if (isAbort(error)) throw error;
    // A failed load stays in the cache and would fail again without asking the archive.
    forget(frame.imageId);
    throw archiveError(error, 'read', what);
  }
  const expected = frame.geometry.columns * frame.geometry.rows;
  if (pixels.length < expected) {
    throw new RefusedInputError(
      'pixel-data-truncated',
      `An image of ${what} holds ${pixels.length} of ${expected} pixels (SOP Instance UID ${frame.geometry.sopInstanceUid}).`,
      'Send the series to the archive again from the scanner or workstation, then reload the study.',
      { found: pixels.length, expected }
    );
  }
  return pixels;
}

function forget(imageId: string): void {
  const { cache } = cornerstone();
  if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
}

/** Rejects when nothing has come within `milliseconds`, or when the signal aborts. */
export function within<T>(
  promise: Promise<T>,
  milliseconds: number,
  signal?: AbortSignal
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${Math.round(milliseconds / 1000)} s`)),
      milliseconds
    );
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    });
  });
}
