import { cornerstone, type CachedImage } from '../host/cornerstone';
import { onImageDrawn } from '../host/events';
import type { HostServices } from '../host/types';
import type { Store } from '../state/transitions';
import { seriesDrawnRounded } from '../state/transitions';

/**
 * Whether the host has put fractional values into an array of integers: they are rounded then, and may wrap in 8 bits.
 * It does so where the smallest and the largest value of an image happen to be whole (3.12.10 and 3.13.2).
 */
export function isRounded(image: CachedImage | undefined): boolean {
  if (!image?.preScale?.scaled) return false;
  if (Number.isInteger(image.slope) && Number.isInteger(image.intercept)) return false;
  const values = image.voxelManager ? image.voxelManager.getScalarData() : image.getPixelData();
  return !Object.prototype.toString.call(values).includes('Float');
}

/**
 * Lists the series of which a viewport draws a rounded image. Nothing is measured from it, but a reader should know.
 * @returns the function that ends the watch
 */
export function watchDrawnValues(
  services: Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService'>,
  state: Store
): () => void {
  const look = (viewportId: string) => {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    const { viewports } = services.viewportGridService.getState();
    const uid = viewports.get(viewportId)?.displaySetInstanceUIDs?.[0];
    const { roundedSeries } = state.getState();
    if (!viewport || !uid || roundedSeries.includes(uid)) return;
    const { cache } = cornerstone();
    const current = viewport.type === 'stack' ? [viewport.getCurrentImageId?.()] : undefined;
    const imageIds = current ?? viewport.getImageIds?.() ?? [];
    if (!imageIds.some((imageId) => imageId && isRounded(cache.getImage(imageId)))) return;
    state.apply(seriesDrawnRounded(uid));
  };
  const drawn = onImageDrawn(look);
  return () => drawn.unsubscribe();
}
