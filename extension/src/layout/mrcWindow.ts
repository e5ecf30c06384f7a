import { cornerstone } from '../host/cornerstone';
import { onCornerstoneEvent, onWindowChanged } from '../host/events';
import {
  onViewportFilled,
  setWindow,
  viewportsShowing,
  windowOf,
  type ViewportServices,
} from '../host/viewports';
import type { DisplaySet } from '../host/types';

/** MRC is read at level 400, width 1000 (INHEARIT, 2020). */
export const MRC_WINDOW = { windowCenter: 400, windowWidth: 1000 };
/** Brightness of fluid, in the units of the images, for which that window was made. */
const FLUID_AT_MRC_WINDOW = 900;
/** Fluid between these shows well at 400/1000 as it is. */
const FITS = { lowest: 450, highest: 1800 };

/**
 * The MRC window for a series whose fluid has this brightness: 400/1000 where it fits, otherwise a window
 * scaled so that fluid looks as bright.
 */
export function mrcWindow(fluid: number | null): { windowCenter: number; windowWidth: number } {
  if (fluid === null || (fluid >= FITS.lowest && fluid <= FITS.highest)) return MRC_WINDOW;
  const scale = fluid / FLUID_AT_MRC_WINDOW;
  return { windowCenter: 400 * scale, windowWidth: 1000 * scale };
}

/** Brightness of the fluid in an MRC image: its 99.5th percentile, all fluid being the brightest. */
export function fluidBrightness(pixels: ArrayLike<number>): number | null {
  const values = Float32Array.from(pixels).sort();
  const value = values[Math.floor(values.length * 0.995)];
  return value !== undefined && value > 0 ? value : null;
}

/**
 * As MRC images are read, and whenever a viewport is given MRC or its view is reset, sets the window for their
 * brightness where 400/1000 does not fit: in our own layout, in a reformation, and after it. Only viewports that stand at
 * 400/1000 are changed, so that the reader's own window stays; hosts apply the window of protocol or file at
 * different moments, some after the first image.
 * @returns the function that ends the watch.
 */
export function watchMrcWindow(
  services: ViewportServices,
  mrc: () => DisplaySet | undefined
): () => void {
  const brightness = new Map<string, number>();
  const adjust = () => {
    const displaySet = mrc();
    const uid = displaySet?.displaySetInstanceUID;
    if (!displaySet || !uid) return;
    const waiting = viewportsShowing(services, uid).filter(({ viewportId }) =>
      isProtocolWindow(windowOf(services, viewportId))
    );
    if (waiting.length === 0) return;
    const imageIds = (displaySet.instances ?? []).flatMap(({ imageId }) => imageId ?? []);
    const fluid = brightness.get(uid) ?? fluidFromCache(imageIds);
    if (fluid === null) return;
    brightness.set(uid, fluid);
    const window = mrcWindow(fluid);
    if (window === MRC_WINDOW) return;
    for (const { viewportId } of waiting) setWindow(services, viewportId, window);
  };
  const soon = () => setTimeout(adjust, 0);
  // Cornerstone's own names of events: an image has come into its cache.
  const subscriptions = [
    onCornerstoneEvent('CORNERSTONE_IMAGE_CACHE_IMAGE_ADDED', soon),
    onViewportFilled(services, soon),
    onWindowChanged(soon),
  ];
  return () => subscriptions.forEach(({ unsubscribe }) => unsubscribe());
}

/** 400/1000, by either convention of the window's upper end. */
function isProtocolWindow(window: { lower: number; upper: number } | null): boolean {
  if (!window) return false;
  const { windowCenter, windowWidth } = MRC_WINDOW;
  return (
    Math.abs(window.lower - (windowCenter - windowWidth / 2)) <= 1 &&
    Math.abs(window.upper - (windowCenter + windowWidth / 2)) <= 1
  );
}

/** Brightness of fluid from the images of a series that are already in the cache; null when none is. */
function fluidFromCache(imageIds: string[]): number | null {
  const { cache } = cornerstone();
  const middle = Math.floor(imageIds.length / 2);
  const byDistance = imageIds
    .map((imageId, index) => ({ imageId, distance: Math.abs(index - middle) }))
    .sort((a, b) => a.distance - b.distance);
  for (const { imageId } of byDistance) {
    const image = cache.getImage(imageId);
    if (!image) continue;
    const data = image.voxelManager?.getScalarData() ?? image.getPixelData();
    const scaled = image.preScale?.scaled ? 1 : image.slope || 1;
    const fluid = fluidBrightness(data);
    return fluid === null ? null : fluid * scaled;
  }
  return null;
}
