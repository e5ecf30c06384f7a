import { cornerstone } from './host';
import { fluidFromCache, mrcWindow, MRC_WINDOW, setWindow, viewportsShowing } from './viewports';
import type { HydropsSession } from './session';

/**
 * Once an MRC image has been read, sets the window for its brightness where 400/1000 does not fit.
 * It acts once a series, so that the reader's own window stays.
 * @returns the function that ends the watch.
 */
export function watchMrcWindow(session: HydropsSession): () => void {
  const done = new Set<string>();
  const adjust = () => {
    const displaySet = session.displaySetOf('mrc');
    const uid = displaySet?.displaySetInstanceUID;
    if (!displaySet || !uid || done.has(uid)) return;
    const imageIds = (displaySet.instances ?? []).flatMap(({ imageId }) => imageId ?? []);
    const fluid = fluidFromCache(imageIds);
    if (fluid === null || viewportsShowing(session.services, uid).length === 0) return;
    done.add(uid);
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
