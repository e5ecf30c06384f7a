import type { HostSegmentation, HostViewport } from './types';

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
