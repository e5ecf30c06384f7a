import { SEGMENTS } from '@inner-ear-hydrops/core';
import type { LabelVolume } from '@inner-ear-hydrops/core';
import { cornerstone, cornerstoneTools, undoMovingEdit, type CachedImage } from './host';
import type { DisplaySet, HostServices, Subscription } from './hostTypes';

const LABEL = 'Inner ear: cochlea and vestibule';

/** The fluid under the labels must stay in sight: the organs are a few pixels wide. */
const STYLE = { fillAlpha: 0.3, fillAlphaInactive: 0.3, outlineWidth: 1, outlineWidthInactive: 1 };

/** Slice k of an image id of MRC. */
export type SliceOfImage = Map<string, number>;

/**
 * The labels as the host's own labelmap on MRC, which its brush and eraser edit. Voxels are written
 * and read image by image, matched by the id of the image that each one lies on.
 */
export class HydropsLabelmap {
  private subscription: Subscription | null = null;

  private constructor(
    readonly segmentationId: string,
    private readonly services: HostServices,
    private readonly sliceOfImage: SliceOfImage,
    private readonly imageIds: string[]
  ) {}

  /**
   * @param imageIds host image id of MRC's slice k.
   * @param onEdit called after each change that did not come from `write`.
   */
  static async create(
    services: HostServices,
    mrc: DisplaySet,
    imageIds: string[],
    labels: LabelVolume,
    onEdit: () => void
  ): Promise<HydropsLabelmap> {
    const segmentationId = `inner-ear-hydrops-${mrc.displaySetInstanceUID}-${Date.now()}`;
    // The host reads `imageIds`, which it sets only once the series has been shown.
    const shown = mrc.imageIds?.length === imageIds.length ? mrc.imageIds : imageIds;
    const target = Object.assign(Object.create(mrc) as DisplaySet, { imageIds: [...shown] });
    await services.segmentationService.createLabelmapForDisplaySet(target, {
      segmentationId,
      label: LABEL,
      segments: Object.fromEntries(
        SEGMENTS.map((segment, index) => [
          segment.number,
          {
            segmentIndex: segment.number,
            label: segment.label,
            active: index === 0,
            locked: false,
            cachedStats: {},
          },
        ])
      ),
    });
    services.segmentationService.setStyle?.({ type: 'Labelmap', segmentationId }, STYLE);
    const sliceOfImage = new Map(imageIds.map((imageId, slice) => [imageId, slice]));
    const labelmap = new HydropsLabelmap(segmentationId, services, sliceOfImage, imageIds);
    labelmap.write(labels);
    const { segmentationService } = services;
    labelmap.subscription = segmentationService.subscribe(
      segmentationService.EVENTS['SEGMENTATION_DATA_MODIFIED'] as string,
      (event) => {
        if (event['segmentationId'] === segmentationId && !labelmap.writing) onEdit();
      }
    );
    return labelmap;
  }

  private writing = false;

  /** Replaces every voxel. */
  write(labels: LabelVolume): void {
    const perSlice = labels.size[0] * labels.size[1];
    for (const { image, slice } of this.slices()) {
      const part = labels.data.subarray(slice * perSlice, (slice + 1) * perSlice);
      const data = image.voxelManager?.getScalarData() as Uint8Array | undefined;
      if (!data) continue;
      data.set(part);
      image.voxelManager?.setScalarData?.(data);
    }
    this.redraw();
  }

  /** The host's own arrays, one for each slice k; for `EditGuard`, which writes in them. */
  voxels(): { slice: number; data: Uint8Array }[] {
    return this.slices().flatMap(({ image, slice }) => {
      const data = image.voxelManager?.getScalarData();
      return data instanceof Uint8Array ? [{ slice, data }] : [];
    });
  }

  /** Numbers of our segments that the host has moved into a layer of their own (3.13). */
  moved(): number[] {
    const { segmentationService } = this.services;
    const labelmap = segmentationService.getSegmentation(this.segmentationId)?.representationData
      ?.Labelmap;
    return SEGMENTS.map(({ number }) => number).filter((number) => {
      const layer = labelmap?.segmentBindings?.[number]?.labelmapId;
      return layer !== undefined && layer !== labelmap?.primaryLabelmapId;
    });
  }

  /** Undoes the stroke with which the host did; false while that stroke is not over. */
  moveBack(): boolean {
    return undoMovingEdit(this.segmentationId);
  }

  /** Has the viewports draw what was written in `voxels()`; no edit. */
  redraw(): void {
    this.writing = true;
    try {
      cornerstoneTools().segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(
        this.segmentationId
      );
    } finally {
      this.writing = false;
    }
  }

  /** The labels as they stand; values other than the four segments (added by a reader) are left out. */
  read(like: LabelVolume): LabelVolume {
    const perSlice = like.size[0] * like.size[1];
    const data = new Uint8Array(like.data.length);
    for (const { image, slice } of this.slices()) {
      const source = image.voxelManager?.getScalarData();
      if (source) data.set(source as Uint8Array, slice * perSlice);
    }
    for (let index = 0; index < data.length; index++) {
      if ((data[index] as number) > SEGMENTS.length) data[index] = 0;
    }
    return { ...like, data };
  }

  /** True while the host still has it; a reader can delete a segmentation in the host's panel. */
  exists(): boolean {
    return Boolean(this.services.segmentationService.getSegmentation(this.segmentationId));
  }

  /** Shows it in a viewport, in the colours of `SEGMENTS`. */
  async showIn(viewportId: string): Promise<void> {
    const { segmentationService } = this.services;
    await segmentationService.addSegmentationRepresentation(viewportId, {
      segmentationId: this.segmentationId,
      type: 'Labelmap',
    });
    for (const { number, color } of SEGMENTS) {
      segmentationService.setSegmentColor?.(viewportId, this.segmentationId, number, [
        ...color,
        255,
      ] as [number, number, number, number]);
    }
  }

  dispose(): void {
    this.subscription?.unsubscribe();
    this.subscription = null;
    if (this.exists()) this.services.segmentationService.remove?.(this.segmentationId);
  }

  private slices(): { image: CachedImage; slice: number }[] {
    const segmentation = this.services.segmentationService.getSegmentation(this.segmentationId);
    const derived = segmentation?.representationData?.Labelmap?.imageIds ?? [];
    const { cache } = cornerstone();
    const found = derived.flatMap((imageId) => {
      const image = cache.getImage(imageId);
      const slice = image?.referencedImageId && this.sliceOfImage.get(image.referencedImageId);
      return image && slice !== undefined && slice !== '' ? [{ image, slice }] : [];
    });
    if (found.length !== this.imageIds.length) {
      throw new Error(
        `The viewer holds ${found.length} of ${this.imageIds.length} slices of the segmentation.`
      );
    }
    return found;
  }
}
