/**
 * The one file that touches what the host does not offer as a contract: globals, private fields,
 * and behaviours that differ between hosts. Each function says which hosts have it. Nothing here
 * runs when the module is loaded, since a plugin loaded by URL may come before Cornerstone.
 */
import type {
  DataSource,
  DisplaySetService,
  ExtensionManager,
  HostSegmentation,
  HostViewport,
  Subscription,
} from './hostTypes';

/** An image in Cornerstone's cache. */
export interface CachedImage {
  imageId: string;
  referencedImageId?: string;
  rows: number;
  columns: number;
  slope: number;
  intercept: number;
  /** Present where the loader already applied the modality LUT. */
  preScale?: { scaled?: boolean };
  voxelManager?: {
    getScalarData(): ArrayLike<number>;
    setScalarData?(data: ArrayLike<number>): void;
  };
  getPixelData(): ArrayLike<number>;
  /** Of the WADO-URI loader: the file that the image came from. */
  data?: { byteArray?: Uint8Array };
}

/** A volume in Cornerstone's cache, whose texture is made of images. */
interface CachedVolume {
  imageIds?: string[];
  /** Has the texture made anew of all its images. */
  invalidate?(): void;
}

export type MetadataProvider = (type: string, imageId: string) => unknown;
export type ImageLoader = (imageId: string) => {
  promise: Promise<unknown>;
  cancelFn?: () => void;
};

interface Cornerstone {
  imageLoader: {
    loadAndCacheImage(imageId: string, options?: Record<string, unknown>): Promise<CachedImage>;
    registerImageLoader(scheme: string, loader: ImageLoader): void;
  };
  metaData: {
    get(type: string, imageId: string): unknown;
    addProvider(provider: MetadataProvider, priority?: number): void;
    removeProvider(provider: MetadataProvider): void;
  };
  cache: {
    getImage(imageId: string): CachedImage | undefined;
    removeImageLoadObject(imageId: string, options?: { force?: boolean }): void;
    getImageLoadObject(imageId: string): unknown;
    getVolumes?(): CachedVolume[];
  };
  utilities: {
    VoxelManager: {
      createImageVoxelManager(options: {
        width: number;
        height: number;
        scalarData: Float32Array;
        numberOfComponents: number;
        id?: string;
      }): unknown;
    };
    /** Steps that the viewer's undo and redo know. */
    HistoryMemo?: { DefaultHistoryMemo?: EditHistory };
  };
}

/** Cornerstone's undo and redo (both hosts). */
interface EditHistory {
  /** Setting it forgets all steps. */
  size: number;
  undoIf(condition: (memo: LabelmapMemo) => boolean): boolean;
}

/** One labelmap edit in that history. `redoVoxelManager` holds the voxels that it changed. */
interface LabelmapMemo {
  segmentationId?: string;
  redoVoxelManager?: { getArrayOfModifiedSlices(): number[] };
  priorSteps?: unknown[];
  postSteps?: unknown[];
}

interface CornerstoneTools {
  segmentation: {
    triggerSegmentationEvents: {
      triggerSegmentationDataModified(segmentationId: string): void;
      triggerSegmentationRepresentationModified(
        viewportId: string,
        segmentationId: string,
        type: string
      ): void;
    };
    state: {
      /** Finds the slice of a labelmap that lies on the image of a stack viewport; falsy where none does. */
      updateLabelmapSegmentationImageReferences(
        viewportId: string,
        segmentationId: string
      ): string | undefined;
    };
  };
  utilities: {
    segmentation: {
      /** mm; undefined for a tool group without a brush. */
      getBrushSizeForToolGroup(toolGroupId: string): number | undefined;
      /** Sets every brush and eraser of the group, each within its own `minRadius` and `maxRadius`. */
      setBrushSizeForToolGroup(toolGroupId: string, millimetres: number): void;
    };
  };
}

/**
 * `window.cornerstone`, which OHIF's cornerstone extension sets in its `preRegistration`
 * (3.12.10 and 3.13.2).
 * @throws Error on a host that does not.
 */
export function cornerstone(): Cornerstone {
  return globalNamed<Cornerstone>('cornerstone');
}

/** `window.cornerstoneTools`, set beside `window.cornerstone` (3.12.10 and 3.13.2). */
export function cornerstoneTools(): CornerstoneTools {
  return globalNamed<CornerstoneTools>('cornerstoneTools');
}

function globalNamed<T>(name: string): T {
  const found = (globalThis as unknown as Record<string, T | undefined>)[name];
  if (!found) {
    throw new Error(
      `This viewer does not offer window.${name}; Inner Ear Hydrops needs OHIF 3.12 or 3.13 with its cornerstone extension.`
    );
  }
  return found;
}

/** `getActiveDataSource()` returns an array whose first entry is the source in use (3.12.10 and 3.13.2). */
export function activeDataSource(extensionManager: ExtensionManager): DataSource | null {
  return extensionManager.getActiveDataSource()?.[0] ?? null;
}

/**
 * Makes the data source ask the archive for a study's series again. `deleteStudyMetadataPromise` of
 * 3.12.10 and 3.13.2 looks for the study's UID alone, while they keep it under `<name>:<UID>`.
 */
export function forgetStudyMetadata(dataSource: DataSource, studyInstanceUid: string): void {
  const name = dataSource.getConfig?.()['name'];
  for (const key of [studyInstanceUid, `${String(name)}:${studyInstanceUid}`]) {
    dataSource.deleteStudyMetadataPromise?.(key);
  }
}

/**
 * Has the study browser list the display sets anew after one of their fields has changed; the service
 * broadcasts the event itself, by a method that is private in name only (3.12.10 and 3.13.2).
 */
export function tellDisplaySetsChanged(service: DisplaySetService): void {
  const { _broadcastEvent: broadcast } = service as DisplaySetService & {
    _broadcastEvent?(event: string, data: unknown): void;
  };
  const event = service.EVENTS['DISPLAY_SETS_CHANGED'];
  if (event) broadcast?.call(service, event, service.getActiveDisplaySets());
}

/**
 * Takes the last labelmap edit out of the host's undo when nothing of it has remained, so that the reader
 * need not press Undo twice. `undoIf` exists in both hosts; without it the empty step stays.
 */
export function forgetEmptyEdit(segmentationId: string): void {
  cornerstone().utilities.HistoryMemo?.DefaultHistoryMemo?.undoIf(
    (memo) =>
      memo.segmentationId === segmentationId &&
      memo.redoVoxelManager?.getArrayOfModifiedSlices().length === 0 &&
      !memo.priorSteps?.length &&
      !memo.postSteps?.length
  );
}

/**
 * Undoes the last labelmap edit if it began with a move of the segment into another layer, as 3.13.2 does
 * where the brush meets a locked segment; older hosts have no layers.
 * @returns false where the last edit is another one: the stroke goes on.
 */
export function undoMovingEdit(segmentationId: string): boolean {
  const history = cornerstone().utilities.HistoryMemo?.DefaultHistoryMemo;
  return Boolean(
    history?.undoIf(
      (memo) => memo.segmentationId === segmentationId && Boolean(memo.priorSteps?.length)
    )
  );
}

/** Takes a failed load out of the cache, where it would stay and fail again without asking (both hosts). */
export function forgetImage(imageId: string): void {
  const { cache } = cornerstone();
  if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
}

/**
 * HTTP status behind a failed image load, or null. Cornerstone's DICOMweb loader rejects with an
 * XMLHttpRequest-based error whose place has moved between versions, so all known places are read.
 */
export function httpStatusOf(error: unknown): number | null {
  const seen = new Set<unknown>();
  const pending: unknown[] = [error];
  while (pending.length > 0) {
    const one = pending.pop();
    if (one === null || typeof one !== 'object' || seen.has(one)) continue;
    seen.add(one);
    const fields = one as Record<string, unknown>;
    const status = fields['status'];
    if (typeof status === 'number' && status >= 400 && status < 600) return status;
    for (const name of ['error', 'request', 'response', 'cause']) pending.push(fields[name]);
  }
  const words = messageOf(error);
  const match = /(?:status(?: code)?|error|failed)[^0-9]{0,12}([45]\d\d)\b/i.exec(words);
  return match ? Number(match[1]) : null;
}

/** Words of an error that may be wrapped, as Cornerstone's loaders and dicomweb-client do. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === 'string') return error;
  if (error !== null && typeof error === 'object') {
    const fields = error as Record<string, unknown>;
    if (fields['error'] !== undefined) return messageOf(fields['error']);
    if (typeof fields['message'] === 'string') return fields['message'];
    if (typeof fields['statusText'] === 'string') return fields['statusText'];
  }
  return String(error);
}

/**
 * Has a labelmap forget the volume that the host made of it for a reformation. Stacks would be turned into
 * reformations themselves to show it (3.12.10 and 3.13.2); its voxels are in its images all along.
 */
export function forgetLabelmapVolume(segmentation: HostSegmentation | undefined): void {
  const labelmap = segmentation?.representationData?.Labelmap;
  if (labelmap?.imageIds?.length) delete labelmap.volumeId;
}

/** Has undo and redo of the viewer forget what they know (both hosts). */
export function forgetUndoSteps(): void {
  const memo = cornerstone().utilities.HistoryMemo?.DefaultHistoryMemo;
  if (memo) memo.size = Number(memo.size);
}

/**
 * Listens for every image that a viewport has drawn, after a scroll, zoom, pan or change of series.
 * Cornerstone fires `CORNERSTONE_IMAGE_RENDERED` on the viewport's element, where it does not bubble;
 * the document sees it on its way down (both hosts).
 */
export function onImageDrawn(listener: (viewportId: string) => void): Subscription {
  const name = 'CORNERSTONE_IMAGE_RENDERED';
  const wrapped = (event: Event) => {
    const { viewportId } = (event as CustomEvent<{ viewportId?: string } | null>).detail ?? {};
    if (viewportId) listener(viewportId);
  };
  document.addEventListener(name, wrapped, true);
  return { unsubscribe: () => document.removeEventListener(name, wrapped, true) };
}

/**
 * Listens for every image that a stack viewport has taken, before it is drawn: `CORNERSTONE_STACK_NEW_IMAGE`, on the
 * element as above. Told once the viewer's own listeners have run (both hosts).
 */
export function onStackImage(listener: (viewportId: string) => void): Subscription {
  const name = 'CORNERSTONE_STACK_NEW_IMAGE';
  const wrapped = (event: Event) => {
    const { viewportId } = (event as CustomEvent<{ viewportId?: string } | null>).detail ?? {};
    if (viewportId) queueMicrotask(() => listener(viewportId));
  };
  document.addEventListener(name, wrapped, true);
  return { unsubscribe: () => document.removeEventListener(name, wrapped, true) };
}

/**
 * Takes what a viewport draws of a segmentation out of sight (both hosts).
 * @returns whether anything of it was in sight
 */
export function hideActorsOf(viewport: HostViewport, segmentationId: string): boolean {
  let changed = false;
  for (const { representationUID, actor } of viewport.getActors?.() ?? []) {
    if (!representationUID?.startsWith(segmentationId) || !actor?.getVisibility?.()) continue;
    actor.setVisibility?.(false);
    changed = true;
  }
  return changed;
}

/** Listens on Cornerstone's own event target, which the browser's document does not carry (both hosts). */
export function onCornerstoneEvent(
  type: string,
  listener: (event: { detail?: Record<string, unknown> }) => void
): Subscription {
  const target = (cornerstone() as unknown as { eventTarget: EventTarget }).eventTarget;
  const wrapped = (event: Event) => listener(event as Event & { detail?: Record<string, unknown> });
  target.addEventListener(type, wrapped);
  return { unsubscribe: () => target.removeEventListener(type, wrapped) };
}
