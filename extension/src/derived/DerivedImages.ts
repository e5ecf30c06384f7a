import { sameGrid, type Volume } from '@inner-ear-hydrops/core';
import { cornerstone } from '../host/cornerstone';
import {
  tellDisplaySetsChanged,
  DERIVED_FLAG,
  DERIVED_KIND,
  RETIRED_FLAG,
  type DerivedKind,
} from '../host/displaySets';
import type { DisplaySet, DisplaySetService, HostInstance } from '../host/types';
import { cornerstoneImage, rewriteCached, type DerivedImage } from './derivedImage';
import { derivedInstance } from './derivedInstance';
import { derivedMetadata } from './derivedMetadata';
import { isAtWindow, type DisplayWindow } from './window';

/** Image ids of the derived series are `hydrops:<series>/<slice k>`. */
const SCHEME = 'hydrops';
/** Above the host's own providers, which know nothing of these images. */
const PROVIDER_PRIORITY = 20_000;

export interface DerivedSeriesInput {
  kind: DerivedKind;
  /** Series Description. */
  title: string;
  /** An instance of the series that was moved onto MRC; absent where the image is made of several. */
  acquired?: HostInstance;
  /** On MRC's grid. */
  volume: Volume;
  /** Series Instance UID of MRC. */
  source: string;
  /** Instance and image id of MRC's slice k, which give patient, study and plane. */
  instances: HostInstance[];
  imageIds: string[];
  /** MRC's image ids in the order in which the host shows them, which the derived series follows. */
  shownImageIds: string[];
  seriesInstanceUid: string;
  seriesNumber: number;
  /** In which it is shown first. */
  window: DisplayWindow;
  /** SOP Instance UID of derived slice k. */
  sopInstanceUid: (slice: number) => string;
  /** Instance Number of derived slice k. */
  instanceNumbers: number[];
}

/** A derived series as the viewer holds it. */
interface ShownSeries {
  source: string;
  /** Series Instance UID of the series that was moved, if it is one. */
  acquired: string | undefined;
  displaySetInstanceUID: string;
  /** Of slice k. */
  imageIds: string[];
  volume: Volume;
  /** The windows that it had; the last is the present one. */
  windows: DisplayWindow[];
}

/** What is done after images were rewritten: the viewports and volumes that hold them show the old values. */
export type Redraw = (imageIds: ReadonlySet<string>) => void;

/**
 * HYDROPS and HYDROPS-Mi2, and PPI and PEI where their motion was corrected, as ordinary series of the viewer: an image loader and a metadata provider
 * of our own, on which the host builds display set, thumbnail, stack and volume viewports. Their
 * voxels are the 32-bit values of the measurement itself, not rounded values.
 *
 * There is one display set of each for one MRC series: a further result rewrites its images, since the
 * host breaks when a display set is taken away that a viewport, an overlay or a kept layout names.
 */
export class DerivedImages {
  private readonly images = new Map<string, DerivedImage>();
  private readonly current = new Map<DerivedKind, ShownSeries>();
  private registered = false;

  constructor(
    private readonly displaySetService: DisplaySetService,
    private readonly redraw: Redraw
  ) {}

  /** Shows the values of a result: in the existing display set, or in a new display set if MRC is another series. */
  show(input: DerivedSeriesInput): DisplaySet {
    const before = this.current.get(input.kind);
    const displaySet =
      before && this.displaySetService.getDisplaySetByUID(before.displaySetInstanceUID);
    const fits =
      before?.source === input.source &&
      before.acquired === input.acquired?.SeriesInstanceUID &&
      sameGrid(before.volume, input.volume);
    if (displaySet && fits) {
      this.rewrite(before, input);
      return displaySet;
    }
    const made = this.make(input);
    if (displaySet) this.retire(displaySet);
    return made;
  }

  /** Takes an image from the study browser that the present result does not have. */
  hide(kind: DerivedKind): void {
    const displaySet = this.displaySet(kind);
    this.current.delete(kind);
    if (displaySet) this.retire(displaySet);
  }

  displaySet(kind: DerivedKind): DisplaySet | null {
    const uid = this.current.get(kind)?.displaySetInstanceUID;
    return (uid && this.displaySetService.getDisplaySetByUID(uid)) || null;
  }

  /**
   * The window that a viewport of a derived image should have in place of its own: null where the reader has
   * chosen one. The host keeps windows of earlier results and brings them back with their layout.
   */
  windowInPlaceOf(
    kind: DerivedKind,
    window: { lower: number; upper: number } | null | undefined
  ): DisplayWindow | null {
    const windows = this.current.get(kind)?.windows ?? [];
    const present = windows.at(-1);
    const isOld = windows.slice(0, -1).some((old) => isAtWindow(window, old));
    return present && isOld && !isAtWindow(window, present) ? present : null;
  }

  /**
   * Frees the images, for the end of the stay. The display sets are left to the host, which forgets all
   * of them when it has left the mode: until then a viewport may name such a display set, and breaks without it.
   */
  dispose(): void {
    this.current.clear();
    const { cache, metaData } = cornerstone();
    for (const imageId of this.images.keys()) {
      if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
    }
    this.images.clear();
    if (this.registered) metaData.removeProvider(this.provideMetadata);
    this.registered = false;
  }

  private make(input: DerivedSeriesInput): DisplaySet {
    this.register();
    const { window } = input;
    const imageIds = input.instances.map(
      (_, slice) => `${SCHEME}:${input.seriesInstanceUid}/${slice}`
    );
    const instances = input.instances.map((source, slice) => {
      const imageId = imageIds[slice] as string;
      const instance = derivedInstance(source, input, slice, window, imageId);
      this.images.set(imageId, {
        kind: input.kind,
        seriesInstanceUid: input.seriesInstanceUid,
        volume: input.volume,
        slice,
        instance,
        sourceImageId: input.imageIds[slice] as string,
        window,
      });
      return instance;
    });
    // The stack handler lists what it can sort; flags are set before anyone is told by matching on instances.
    const [displaySet] =
      this.displaySetService.makeDisplaySets(instances, { madeInClient: true }) ?? [];
    if (!displaySet) throw new Error(`The viewer made no display set of ${input.title}.`);
    // The host sorts single images by place, and shows the frames of a multi-frame MRC as they are stored.
    const order = new Map(input.shownImageIds.map((imageId, place) => [imageId, place]));
    const placeOf = ({ imageId = '' }: HostInstance) =>
      order.get(this.images.get(imageId)?.sourceImageId ?? '') ?? 0;
    displaySet.instances?.sort((a, b) => placeOf(a) - placeOf(b));
    displaySet[DERIVED_FLAG] = true;
    displaySet[DERIVED_KIND] = input.kind;
    const { displaySetInstanceUID } = displaySet;
    const { source, volume } = input;
    this.current.set(input.kind, {
      source,
      acquired: input.acquired?.SeriesInstanceUID,
      displaySetInstanceUID,
      imageIds,
      volume,
      windows: [window],
    });
    return displaySet;
  }

  private rewrite(series: ShownSeries, input: DerivedSeriesInput): void {
    // Magnitudes keep their scale from result to result, and the reader the window in which they were first shown.
    const window = (input.acquired && series.windows.at(-1)) ?? input.window;
    series.volume = input.volume;
    series.windows.push(window);
    const { cache } = cornerstone();
    for (const imageId of series.imageIds) {
      const image = this.images.get(imageId);
      if (!image) continue;
      image.volume = input.volume;
      image.window = window;
      image.instance['WindowCenter'] = window.windowCenter;
      image.instance['WindowWidth'] = window.windowWidth;
      const cached = cache.getImage(imageId);
      if (cached) rewriteCached(cached, image);
    }
    this.redraw(new Set(series.imageIds));
  }

  /** Hides the series of another MRC; it stays until the mode is left, since layouts that the host keeps name it. */
  private retire(displaySet: DisplaySet): void {
    displaySet[RETIRED_FLAG] = true;
    displaySet.excludeFromThumbnailBrowser = true;
    tellDisplaySetsChanged(this.displaySetService);
  }

  private register(): void {
    if (this.registered) return;
    const { imageLoader, metaData } = cornerstone();
    imageLoader.registerImageLoader(SCHEME, (imageId) => ({ promise: this.load(imageId) }));
    metaData.addProvider(this.provideMetadata, PROVIDER_PRIORITY);
    this.registered = true;
  }

  private async load(imageId: string): Promise<unknown> {
    const image = this.images.get(imageId);
    if (!image) throw new Error(`${imageId} belongs to a session that has ended.`);
    return cornerstoneImage(imageId, image);
  }

  private readonly provideMetadata = (type: string, imageId: string): unknown => {
    if (typeof imageId !== 'string' || !imageId.startsWith(`${SCHEME}:`)) return undefined;
    const image = this.images.get(imageId);
    return image && derivedMetadata(type, image);
  };
}
