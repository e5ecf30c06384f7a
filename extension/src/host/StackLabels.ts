import { cornerstone, cornerstoneTools } from './cornerstone';
import type { LentImages } from './lentImages';
import type { BrushShape } from './painting';
import type { HostViewport } from './types';

/** The viewer lays the labels on a stack with its next pictures; a page in the background draws none. */
const LAYING_LIMIT_MS = 10_000;

/** A stack on which the viewer is to lay the labels. */
interface Waiting {
  viewport: HostViewport;
  /** For which the viewer was asked last. */
  imageId: string | undefined;
  finish(): void;
}

/**
 * The labelmap on stacks. The viewer edits it there only where it has laid the slice of the labelmap on the image that is
 * shown, unseen or not; otherwise its brush does nothing or throws (both hosts). What it has laid is lost with each
 * image whose pixels are of another type than those of the one before, as they are within one series (both hosts), and
 * 3.13.2 lays nothing on a stack of another series than the labelmap's own: it is lent the images meanwhile.
 */
export class StackLabels {
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly segmentationId: string,
    /** Images that the labelmap lies on. */
    private readonly own: { has(imageId: string): boolean },
    private readonly lent: LentImages
  ) {}

  /** Whether the viewer can edit the labelmap on what a stack shows now. */
  isOn(viewport: HostViewport): boolean {
    const { segmentationId } = this;
    const { getCurrentLabelmapImageIdForViewport } = cornerstoneTools().segmentation.state;
    const slice = getCurrentLabelmapImageIdForViewport(viewport.id, segmentationId);
    if (slice === undefined) return false;
    return (viewport.getActors?.() ?? []).some(
      ({ representationUID, referencedId }) =>
        representationUID?.startsWith(segmentationId) && referencedId === slice
    );
  }

  /** As `isOn`; a sphere paints on several images. */
  canPaint(viewport: HostViewport, shape: BrushShape): boolean {
    return this.isOn(viewport) && (shape === 'circle' || unreadOf(viewport).length === 0);
  }

  /** Does what is missing before the labelmap, which was added to a stack, can be painted on it. */
  makePaintable(viewport: HostViewport): void {
    this.drawn(viewport);
    for (const imageId of unreadOf(viewport)) {
      // An image that cannot be read is the viewport's to report.
      cornerstone()
        .imageLoader.loadAndCacheImage(imageId)
        .catch(() => undefined);
    }
  }

  /** Adds the labelmap to a stack; resolves once it is listed there, which may be before it is laid on. */
  async add(viewport: HostViewport, add: () => Promise<void>): Promise<void> {
    this.wait(viewport);
    await add();
  }

  /** To be called whenever a stack to which the labelmap was added has drawn an image. */
  drawn(viewport: HostViewport): void {
    let waiting = this.waiting.get(viewport.id);
    if (waiting && waiting.viewport !== viewport) waiting.finish();
    if (this.isOn(viewport)) return waiting?.finish();
    waiting = this.waiting.get(viewport.id) ?? this.wait(viewport);
    const imageId = viewport.getCurrentImageId?.();
    if (waiting.imageId === imageId) return;
    waiting.imageId = imageId;
    cornerstoneTools().segmentation.triggerSegmentationEvents.triggerSegmentationRepresentationModified(
      viewport.id,
      this.segmentationId,
      'Labelmap'
    );
  }

  dispose(): void {
    for (const { finish } of [...this.waiting.values()]) finish();
  }

  private wait(viewport: HostViewport): Waiting {
    this.waiting.get(viewport.id)?.finish();
    let finish = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      const limit = setTimeout(() => finish(), LAYING_LIMIT_MS);
      finish = () => {
        clearTimeout(limit);
        if (this.waiting.get(viewport.id) === waiting) this.waiting.delete(viewport.id);
        resolve();
      };
    });
    const waiting: Waiting = { viewport, imageId: undefined, finish };
    this.waiting.set(viewport.id, waiting);
    const guests = (viewport.getImageIds?.() ?? []).filter((imageId) => !this.own.has(imageId));
    void this.lent.during(guests, () => over);
    return waiting;
  }
}

/** Images of a stack that the viewer has not read; its sphere needs all of them, and throws without (both hosts). */
function unreadOf(viewport: HostViewport): string[] {
  const { cache } = cornerstone();
  return (viewport.getImageIds?.() ?? []).filter((imageId) => !cache.getImage(imageId));
}
