import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { ImageWish, SeriesHeader, Warning } from '@inner-ear-hydrops/core';
import {
  frameCount,
  headerFromDataset,
  isMultiFrame,
  sliceGeometries,
} from '@inner-ear-hydrops/core/dicom';
import { httpStatusOf, archiveError } from '../host/archiveError';
import { isAbort } from '../state/problems';
import { within } from '../host/within';
import type { DataSource, DisplaySet, HostInstance } from '../host/types';
import { eitherSignal, type SeriesSummary, type WorkerClient } from '../worker';
import { provenPixels, type HostPixels } from './provenPixels';
import {
  fromAddress,
  fromDicomWeb,
  fromLoadedFile,
  type FetchOptions,
  type LoadedFile,
} from './storedBytes';
import { type InstanceClient } from '../host/Archive';

/** How many instances are asked for at a time; browsers keep about six connections to one server. */
const CONCURRENT = 6;
/** What an archive answers that has frames but hands out no whole instances. */
const NOT_OFFERED = new Set([404, 405, 406, 415, 501]);

/** What reading needs of the viewer. */
export interface ImageSource {
  dataSource: DataSource | null;
  /** The host's DICOMweb client; null for a data source of another kind. */
  client(): InstanceClient | null;
  /** The host's authorisation headers of the moment. */
  headers(): Record<string, string>;
  /** Loads an image by its id, through the host's cache. */
  load(imageId: string): Promise<HostPixels & LoadedFile>;
  /** Takes a failed load out of the host's cache, which would otherwise fail again without asking. */
  forget(imageId: string): void;
}

export interface ReadOptions {
  /** Names the series in the worker. */
  key: string;
  /** What the images are wanted for. */
  wish: ImageWish;
  engine: Pick<WorkerClient, 'call'>;
  source: ImageSource;
  signal?: AbortSignal;
  /** Called with the share of the series that is read, 0–1. */
  onShare?: (share: number) => void;
  /** Milliseconds of silence before the archive counts as not answering. */
  timeout: number;
}

/** A series whose voxels the worker holds. */
export interface ReadResult {
  key: string;
  series: SeriesSummary;
  warnings: Warning[];
  /** Host image id of slice k. */
  imageIds: string[];
  /** Naturalised instance of slice k. */
  instances: HostInstance[];
  /** The same image ids in the order in which the host shows them: of a multi-frame object, the stored order. */
  shownImageIds: string[];
}

interface Instance {
  instance: HostInstance;
  /** Image id of each frame. */
  imageIds: string[];
}

/**
 * Hands the stored instances of a display set to the worker, which decodes them and puts the volume together: the
 * values are those of the files, whatever the host makes of them for display.
 * @throws RefusedInputError for unreadable or unfit images; AbortError after `signal` aborts.
 */
export async function readSeries(
  displaySet: DisplaySet,
  header: SeriesHeader,
  options: ReadOptions
): Promise<ReadResult> {
  const { engine, key, wish, signal } = options;
  const instances = instancesOf(displaySet, options.source.dataSource);
  const shares = new Array<number>(instances.length).fill(0);
  const report = (index: number, share: number) => {
    shares[index] = share;
    options.onShare?.(shares.reduce((sum, done) => sum + done, 0) / instances.length);
  };
  await engine.call('beginSeries', { series: key });
  // One that fails stops the others.
  const stop = new AbortController();
  const either = eitherSignal(stop.signal, signal);
  let next = 0;
  const worker = async () => {
    while (next < instances.length) {
      either.signal.throwIfAborted();
      const index = next++;
      const onShare = (share: number) => report(index, 0.99 * share);
      const instance = instances[index] as Instance;
      await readInstance(instance, seriesName(header), {
        ...options,
        signal: either.signal,
        onShare,
      });
      report(index, 1);
    }
  };
  const workers = Array.from({ length: Math.min(CONCURRENT, instances.length) }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(workers);
    throw error;
  } finally {
    either.release();
  }
  signal?.throwIfAborted();
  const { summary, warnings } = await engine.call('assembleSeries', { series: key, wish });
  const ofSlices = imagesOfSlices(summary, instances);
  const used = new Set(ofSlices.imageIds);
  const shownImageIds = instances
    .flatMap(({ imageIds }) => imageIds)
    .filter((imageId) => used.has(imageId));
  return { key, series: summary, warnings, ...ofSlices, shownImageIds };
}

/** Number and description, as the messages name a series. */
export function seriesName(header: SeriesHeader): string {
  const number = header.seriesNumber === null ? '' : ` ${header.seriesNumber}`;
  return `series${number} "${header.seriesDescription || header.seriesInstanceUid}"`;
}

async function readInstance(instance: Instance, what: string, options: ReadOptions): Promise<void> {
  const { engine, key } = options;
  const { SOPInstanceUID: sopInstanceUid } = instance.instance;
  let buffer: ArrayBuffer | null;
  try {
    buffer = await storedBytes(instance, options);
  } catch (error) {
    if (isAbort(error)) throw error;
    if (!NOT_OFFERED.has(httpStatusOf(error) ?? 0)) throw archiveError(error, 'read', what);
    buffer = null;
  }
  if (!buffer) return addHostPixels(instance, what, options);
  const file = { name: sopInstanceUid, buffer, sopInstanceUid };
  try {
    await engine.call('addFile', { series: key, file }, { transfer: [buffer] });
  } catch (error) {
    if (codeOf(error) !== 'transfer-syntax-unsupported') throw error;
    // The host has more decoders; what it makes of a lossless stream may still be certain.
    await addHostPixels(instance, what, options).catch((refusal: unknown) => {
      throw codeOf(refusal) === 'stored-values-unavailable' ? error : refusal;
    });
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof RefusedInputError ? error.code : null;
}

/** The instance as it is stored; null where its source hands none out. */
function storedBytes(
  { instance, imageIds }: Instance,
  { source, ...options }: ReadOptions
): Promise<ArrayBuffer | null> {
  const fetching: FetchOptions = options;
  const imageId = imageIds[0] as string;
  const scheme = imageId.slice(0, imageId.indexOf(':'));
  if (scheme === 'dicomfile') return fromLoadedFile(() => source.load(imageId), fetching);
  if (scheme === 'wadouri' || scheme === 'dicomweb') {
    return fromAddress(imageId, source.headers(), fetching);
  }
  const client = source.client();
  if (!client) return Promise.resolve(null);
  const uids = {
    studyInstanceUID: instance.StudyInstanceUID,
    seriesInstanceUID: instance.SeriesInstanceUID,
    sopInstanceUID: instance.SOPInstanceUID,
  };
  return fromDicomWeb(client, uids, fetching);
}

async function addHostPixels(
  { instance, imageIds }: Instance,
  what: string,
  { engine, key, source, timeout, signal }: ReadOptions
): Promise<void> {
  const slices = [];
  for (const [frame, geometry] of sliceGeometries(instance).entries()) {
    const imageId = imageIds[frame] as string;
    let image: HostPixels;
    try {
      image = await within(source.load(imageId), timeout, signal);
    } catch (error) {
      if (isAbort(error)) throw error;
      source.forget(imageId);
      throw archiveError(error, 'read', what);
    }
    slices.push({ ...geometry, pixels: provenPixels(image, instance, frame, what) });
  }
  const header = headerFromDataset(instance);
  await engine.call('addSlices', { series: key, header, slices });
}

/** The instances of a display set, each once, with the image id of each frame. */
function instancesOf(displaySet: DisplaySet, dataSource: DataSource | null): Instance[] {
  const found = new Map<string, Instance>();
  for (const instance of displaySet.instances ?? displaySet.images ?? []) {
    if (found.has(instance.SOPInstanceUID)) continue;
    const count = frameCount(instance);
    const imageIds = Array.from({ length: count }, (_, frame) =>
      imageIdOf(instance, isMultiFrame(instance) || count > 1 ? frame + 1 : undefined, dataSource)
    );
    found.set(instance.SOPInstanceUID, { instance, imageIds });
  }
  return [...found.values()];
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

/** What the host shows of each slice. */
function imagesOfSlices(
  { sources }: SeriesSummary,
  instances: Instance[]
): Pick<ReadResult, 'imageIds' | 'instances'> {
  const byUid = new Map(instances.map((listed) => [listed.instance.SOPInstanceUID, listed]));
  const shown = sources.map(({ sopInstanceUid, frameNumber }) => {
    const listed = byUid.get(sopInstanceUid);
    const imageId = listed?.imageIds[(frameNumber ?? 1) - 1];
    if (!listed || !imageId) throw new Error(`The viewer shows no image ${sopInstanceUid}.`);
    return { imageId, instance: listed.instance };
  });
  return {
    imageIds: shown.map(({ imageId }) => imageId),
    instances: shown.map(({ instance }) => instance),
  };
}
