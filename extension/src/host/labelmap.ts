import { SEGMENTS } from '@inner-ear-hydrops/core';
import type { LabelVolume } from '@inner-ear-hydrops/core';
import { samePlane } from './imagePlanes';
import { LabelVoxels } from './LabelVoxels';
import { LentImages } from './lentImages';
import type { BrushShape } from './painting';
import { StackLabels } from './StackLabels';
import { forgetLabelmapVolume, hideActorsOf } from './segmentations';
import { cornerstone, cornerstoneTools } from './cornerstone';
import { undoMovingEdit } from './undo';
import type { DisplaySet, GridViewport, HostServices, HostViewport, Subscription } from './types';
import { gridViewports } from './viewports';

const LABEL = 'Inner ear: cochlea and vestibule';
const TYPE = 'Labelmap';

/**
 * The viewer lists the labels, edits them and keeps them, but does not draw them: a layer of our own does, the same on
 * every image, whatever its grid, and on reformations. The viewer's own drawing differs between versions and viewports;
 * 3.13.2 leaves the region black on some. See `keepUndrawn`.
 */
const STYLE = {
  renderOutline: false,
  renderOutlineInactive: false,
  renderFill: true,
  renderFillInactive: true,
  fillAlpha: 0,
  fillAlphaInactive: 0,
};

type LabelmapServices = Pick<
  HostServices,
  'segmentationService' | 'viewportGridService' | 'cornerstoneViewportService'
>;

/** What is called after each change that did not come from `write`. */
export type EditListener = () => void;

/**
 * The labels as the host's own labelmap on MRC, which its brush and eraser edit. There is one for one MRC series: a further
 * result rewrites its voxels, since the host breaks when a segmentation is taken away that a viewport, an
 * overlay or a kept layout names.
 */
export class HydropsLabelmap {
  private subscription: Subscription | null = null;
  private writing = false;
  private onEdit: EditListener | null = null;
  private readonly labelVoxels: LabelVoxels;
  private readonly onStacks: StackLabels;

  private constructor(
    readonly segmentationId: string,
    private readonly services: LabelmapServices,
    /** Host image id of MRC's slice k. */
    imageIds: readonly string[],
    private readonly onChange: () => void
  ) {
    const segmentation = () => services.segmentationService.getSegmentation(segmentationId);
    this.labelVoxels = new LabelVoxels(segmentation, imageIds);
    const lent = new LentImages(segmentation);
    this.onStacks = new StackLabels(segmentationId, this.labelVoxels.sliceOfImage, lent);
  }

  /**
   * @param imageIds host image id of MRC's slice k
   * @param onChange called after each change of the voxels, the reader's or ours
   */
  static async create(
    services: LabelmapServices,
    mrc: DisplaySet,
    imageIds: string[],
    labels: LabelVolume,
    onChange: () => void
  ): Promise<HydropsLabelmap> {
    const segmentationId = `inner-ear-hydrops-${mrc.displaySetInstanceUID}-${Date.now()}`;
    // The host reads `imageIds`, which it sets only once the series has been shown.
    const shown = mrc.imageIds?.length === imageIds.length ? mrc.imageIds : imageIds;
    const target = Object.assign(Object.create(mrc) as DisplaySet, { imageIds: [...shown] });
    const { segmentationService } = services;
    await segmentationService.createLabelmapForDisplaySet(target, {
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
    segmentationService.setStyle?.({ type: TYPE, segmentationId }, STYLE);
    const labelmap = new HydropsLabelmap(segmentationId, services, imageIds, onChange);
    labelmap.write(labels);
    labelmap.subscription = segmentationService.subscribe(
      segmentationService.EVENTS['SEGMENTATION_DATA_MODIFIED'] as string,
      (event) => {
        if (event['segmentationId'] !== segmentationId) return;
        onChange();
        if (!labelmap.writing) labelmap.onEdit?.();
      }
    );
    return labelmap;
  }

  /** Whether these are the images that it lies on. */
  liesOn(imageIds: readonly string[]): boolean {
    return this.labelVoxels.lieOn(imageIds);
  }

  /**
   * Tells the reader's edits to one listener, in place of the one before.
   * @returns the function that ends it, unless another one follows by then
   */
  follow(onEdit: EditListener): () => void {
    this.onEdit = onEdit;
    return () => {
      if (this.onEdit === onEdit) this.onEdit = null;
    };
  }

  /**
   * Replaces every voxel. Strokes made before stay in the viewer's undo: whoever writes the labels of another result
   * has to clear it (`viewerSteps`).
   */
  write(labels: LabelVolume): void {
    this.labelVoxels.write(labels);
    this.redraw();
  }

  /** The host's own arrays, one for each slice k; for `EditGuard`, which writes in them. */
  voxels(): { slice: number; data: Uint8Array }[] {
    return this.labelVoxels.arrays();
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
    this.onChange();
  }

  /** The labels as they stand; values of no segment of ours (added by a reader) are left out. */
  read(like: LabelVolume): LabelVolume {
    return this.labelVoxels.read(like);
  }

  /** True while the host still has it; a reader can delete a segmentation in the host's panel. */
  exists(): boolean {
    return Boolean(this.services.segmentationService.getSegmentation(this.segmentationId));
  }

  /** Whether a viewport has it, so that the host lists it, edits it and draws its outlines there. */
  isIn(viewportId: string): boolean {
    const { segmentationService } = this.services;
    const { segmentationId } = this;
    if (!this.exists()) return false;
    return segmentationService
      .getSegmentationRepresentations(viewportId, { segmentationId })
      .some((shown) => shown.segmentationId === segmentationId);
  }

  /** Numbers of the segments that the reader has not hidden in a viewport by the host's own list. */
  visibleIn(viewportId: string): ReadonlySet<number> {
    const { segmentationId } = this;
    const [shown] = this.isIn(viewportId)
      ? this.services.segmentationService.getSegmentationRepresentations(viewportId, {
          segmentationId,
        })
      : [];
    return new Set(
      SEGMENTS.map(({ number }) => number).filter(
        (number) => shown?.visible !== false && shown?.segments?.[number]?.visible !== false
      )
    );
  }

  /**
   * Shows it in a viewport, in the colours of `SEGMENTS`. A stack of another grid than MRC's, or in another order, is
   * left out: the host would turn its viewport into a reformation, or draw and paint on the wrong slice.
   */
  async showIn(viewportId: string): Promise<void> {
    const { segmentationService, cornerstoneViewportService } = this.services;
    const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (!viewport || !this.exists()) return;
    if (!this.isIn(viewportId)) {
      if (viewport.type === 'stack' && !this.fits(viewport)) return;
      const { segmentationId } = this;
      const add = () =>
        segmentationService.addSegmentationRepresentation(viewportId, {
          segmentationId,
          type: TYPE,
        });
      await (viewport.type === 'stack' ? this.onStacks.add(viewport, add) : add());
    }
    // The viewport may have been given another series meanwhile.
    if (!this.isIn(viewportId)) return;
    for (const { number, color } of SEGMENTS) {
      segmentationService.setSegmentColor?.(viewportId, this.segmentationId, number, [
        ...color,
        255,
      ] as [number, number, number, number]);
    }
  }

  /** Whether these labels are those that brush and eraser edit on a viewport. */
  isChosenIn(viewportId: string): boolean {
    const { getActiveSegmentation } = cornerstoneTools().segmentation.activeSegmentation;
    return (
      this.exists() && getActiveSegmentation(viewportId)?.segmentationId === this.segmentationId
    );
  }

  /** Whether brush and eraser can paint on a viewport: these labels, or another segmentation that is chosen there. */
  canPaintOn(viewportId: string, shape: BrushShape): boolean {
    const viewport = this.services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (!viewport || !this.exists()) return true;
    const { getActiveSegmentation } = cornerstoneTools().segmentation.activeSegmentation;
    const chosen = getActiveSegmentation(viewportId)?.segmentationId;
    if (chosen !== this.segmentationId) return chosen !== undefined;
    return viewport.type !== 'stack' || this.onStacks.canPaint(viewport, shape);
  }

  /** Does what is missing before a viewport that has the labelmap can be painted on. */
  makePaintable(viewportId: string): void {
    const viewport = this.services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (viewport?.type === 'stack' && this.isIn(viewportId)) this.onStacks.makePaintable(viewport);
  }

  /** To be called whenever a viewport has drawn an image: its labels are to be there, to be edited. */
  keepOn(viewportId: string): void {
    const viewport = this.services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (viewport?.type === 'stack' && this.isIn(viewportId)) this.onStacks.drawn(viewport);
  }

  /** To be called whenever a viewport is about to draw, or has drawn: the viewer makes its drawing anew for each image. */
  keepUndrawn(viewportId: string): void {
    const viewport = this.services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (viewport && hideActorsOf(viewport, this.segmentationId)) viewport.render();
  }

  /** To be called before stacks take the place of a reformation: they stay stacks. */
  readyForStacks(): void {
    forgetLabelmapVolume(this.services.segmentationService.getSegmentation(this.segmentationId));
  }

  /**
   * To be called when a stack has taken an image, before the viewer gives it its labels again: a reformation that was
   * closed meanwhile may have had a volume made of them after all.
   */
  stackFilled(): void {
    const { cornerstoneViewportService } = this.services;
    const isReformation = ({ viewportId }: GridViewport) =>
      cornerstoneViewportService.getCornerstoneViewport(viewportId)?.type === 'orthographic';
    if (!gridViewports(this.services).some(isReformation)) this.readyForStacks();
  }

  /** Makes a segment the one that brush and eraser edit, in every viewport that shows it. */
  activate(segment: number): void {
    if (!this.exists()) return;
    const { segmentationService } = this.services;
    for (const { viewportId } of gridViewports(this.services)) {
      if (!this.isIn(viewportId)) continue;
      segmentationService.setActiveSegmentation?.(viewportId, this.segmentationId);
    }
    segmentationService.setActiveSegment?.(this.segmentationId, segment);
  }

  /** Takes it out of every viewport, and then away. */
  dispose(): void {
    this.subscription?.unsubscribe();
    this.subscription = null;
    this.onEdit = null;
    this.onStacks.dispose();
    if (this.exists()) this.services.segmentationService.remove?.(this.segmentationId);
  }

  /** Whether the images of a stack viewport lie on those of MRC, pixel for pixel and in the same order. */
  private fits(viewport: HostViewport): boolean {
    const segmentation = this.services.segmentationService.getSegmentation(this.segmentationId);
    const shown = viewport.getImageIds?.() ?? [];
    const { cache } = cornerstone();
    const labelled = (segmentation?.representationData?.Labelmap?.imageIds ?? []).map(
      (imageId) => cache.getImage(imageId)?.referencedImageId
    );
    const lies = shown.every((imageId, n) => {
      const reference = labelled[n];
      return reference !== undefined && (imageId === reference || samePlane(imageId, reference));
    });
    if (shown.length !== labelled.length || !lies) return false;
    return Boolean(
      cornerstoneTools().segmentation.state.updateLabelmapSegmentationImageReferences(
        viewport.id,
        this.segmentationId
      )
    );
  }
}
