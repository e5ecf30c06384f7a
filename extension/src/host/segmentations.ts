import type { HostSegmentation, HostViewport } from './types';

/**
 * Adds a labelmap to a stack viewport whose images lie on those of its own, pixel on pixel and in the same order.
 * 3.13.2 refuses every stack that shows none of the images listed in the labelmap's layers, and paints by place in the
 * order; 3.12.10 has no layers and compares the planes. The images are listed for as long as it is added.
 * @param segmentation as it is now; the host replaces its object at each change
 */
export async function addAcross(
  segmentation: () => HostSegmentation | undefined,
  imageIds: string[],
  add: () => Promise<void>
): Promise<void> {
  const layers = () => segmentation()?.representationData?.Labelmap?.labelmaps ?? {};
  const listed = new Map(
    Object.entries(layers()).map(([id, layer]) => [id, layer.referencedImageIds])
  );
  const list = (more: string[]) => {
    for (const [id, layer] of Object.entries(layers())) {
      const own = listed.get(id);
      if (own) layer.referencedImageIds = [...own, ...more];
    }
  };
  list(imageIds);
  try {
    await add();
  } finally {
    list([]);
  }
}

/**
 * Has a labelmap forget the volume that the host made of it for a reformation. Stacks would be turned into
 * reformations themselves to show it (3.12.10 and 3.13.2); its voxels are in its images all along.
 */
export function forgetLabelmapVolume(segmentation: HostSegmentation | undefined): void {
  const labelmap = segmentation?.representationData?.Labelmap;
  if (labelmap?.imageIds?.length) delete labelmap.volumeId;
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
