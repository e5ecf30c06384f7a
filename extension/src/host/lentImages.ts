import type { HostSegmentation } from './types';

/**
 * Images that a labelmap borrows while it is added to stacks that lie on its own, pixel for pixel and in the same order.
 * 3.13.2 refuses every stack that shows none of the images listed in the labelmap's layers, and paints by place in the
 * order; 3.12.10 has no layers and compares the planes. Several viewports are given the labelmap at the same time: an
 * image is listed for as long as any of them needs it, and none remains.
 */
export class LentImages {
  /** How many viewports need each image now; 0 of those that were lent before. */
  private readonly needs = new Map<string, number>();

  /** @param segmentation as it is now; the host replaces its object at each change */
  constructor(private readonly segmentation: () => HostSegmentation | undefined) {}

  /** Carries out `add` with these images listed beside the labelmap's own. */
  async during(imageIds: readonly string[], add: () => Promise<void>): Promise<void> {
    this.need(imageIds, 1);
    try {
      await add();
    } finally {
      this.need(imageIds, -1);
    }
  }

  private need(imageIds: readonly string[], change: number): void {
    for (const imageId of imageIds) {
      this.needs.set(imageId, (this.needs.get(imageId) ?? 0) + change);
    }
    const needed = [...this.needs].flatMap(([imageId, count]) => (count > 0 ? [imageId] : []));
    const labelmap = this.segmentation()?.representationData?.Labelmap;
    for (const layer of Object.values(labelmap?.labelmaps ?? {})) {
      if (!layer.referencedImageIds) continue;
      layer.referencedImageIds = [...this.own(layer.referencedImageIds), ...needed];
    }
    // The host copies a layer's list there when it updates the segmentation.
    if (labelmap?.labelmaps && labelmap.referencedImageIds) {
      labelmap.referencedImageIds = this.own(labelmap.referencedImageIds);
    }
  }

  private own(imageIds: readonly string[]): string[] {
    return imageIds.filter((imageId) => !this.needs.has(imageId));
  }
}
