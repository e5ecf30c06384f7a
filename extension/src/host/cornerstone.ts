/**
 * The folder `host` is the one place that touches what the host does not offer as a contract: globals, private fields,
 * and behaviours that differ between hosts. Each function says which hosts have it. Nothing here
 * runs when the module is loaded, since a plugin loaded by URL may come before Cornerstone.
 */

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
  /** Adds a step that has been done; those that were undone are forgotten. */
  push(memo: { restoreMemo(isUndo?: boolean): void }): unknown;
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
    activeSegmentation: {
      /** The segmentation that is edited in a viewport. */
      getActiveSegmentation(viewportId: string): { segmentationId: string } | undefined;
    };
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
      /** Slice of a labelmap that is edited on what a stack viewport shows now. */
      getCurrentLabelmapImageIdForViewport(
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

/** Takes a failed load out of the cache, where it would stay and fail again without asking (both hosts). */
export function forgetImage(imageId: string): void {
  const { cache } = cornerstone();
  if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
}
