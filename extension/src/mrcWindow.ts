import { cornerstone } from './host';
import {
  fluidFromCache,
  mrcWindow,
  MRC_WINDOW,
  setWindow,
  viewportsShowing,
  windowOf,
} from './viewports';
import type { HydropsSession } from './session';

/**
 * As MRC images are read, sets the window for their brightness where 400/1000 does not fit. Only
 * viewports that stand at the protocol's 400/1000 are changed, so that the reader's own window stays;
 * hosts apply the protocol's window at different moments, some after the first image.
 * @returns the function that ends the watch.
 */
export function watchMrcWindow(session: HydropsSession): () => void {
  const brightness = new Map<string, number>();
  const adjust = () => {
    const displaySet = session.displaySetOf('mrc');
    const uid = displaySet?.displaySetInstanceUID;
    if (!displaySet || !uid) return;
    const waiting = viewportsShowing(session.services, uid).filter(({ viewportId }) =>
      isProtocolWindow(windowOf(session.services, viewportId))
    );
    if (waiting.length === 0) return;
    const imageIds = (displaySet.instances ?? []).flatMap(({ imageId }) => imageId ?? []);
    const fluid = brightness.get(uid) ?? fluidFromCache(imageIds);
    if (fluid === null) return;
    brightness.set(uid, fluid);
    const window = mrcWindow(fluid);
    if (window !== MRC_WINDOW) setWindow(session.services, uid, window);
  };
  const target = (cornerstone() as unknown as { eventTarget?: EventTarget }).eventTarget;
  // Cornerstone's own names of events: an image has come into its cache.
  const name = 'CORNERSTONE_IMAGE_CACHE_IMAGE_ADDED';
  const soon = () => setTimeout(adjust, 0);
  target?.addEventListener(name, soon);
  return () => target?.removeEventListener(name, soon);
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
