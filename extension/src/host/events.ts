import { cornerstone } from './cornerstone';
import type { Camera, Subscription } from './types';

/**
 * Listens for every image that a viewport has drawn, after a scroll, zoom, pan or change of series.
 * Cornerstone fires `CORNERSTONE_IMAGE_RENDERED` on the viewport's element, where it does not bubble;
 * the document sees it on its way down (both hosts).
 */
export function onImageDrawn(listener: (viewportId: string) => void): Subscription {
  const name = 'CORNERSTONE_IMAGE_RENDERED';
  const wrapped = (event: Event) => {
    const { viewportId } = (event as CustomEvent<{ viewportId?: string } | null>).detail ?? {};
    if (viewportId) listener(viewportId);
  };
  document.addEventListener(name, wrapped, true);
  return { unsubscribe: () => document.removeEventListener(name, wrapped, true) };
}

/**
 * Listens for every image that a stack viewport has taken, before it is drawn: `CORNERSTONE_STACK_NEW_IMAGE`, on the
 * element as above. Told once the viewer's own listeners have run (both hosts).
 */
export function onStackImage(listener: (viewportId: string) => void): Subscription {
  const name = 'CORNERSTONE_STACK_NEW_IMAGE';
  const wrapped = (event: Event) => {
    const { viewportId } = (event as CustomEvent<{ viewportId?: string } | null>).detail ?? {};
    if (viewportId) queueMicrotask(() => listener(viewportId));
  };
  document.addEventListener(name, wrapped, true);
  return { unsubscribe: () => document.removeEventListener(name, wrapped, true) };
}

/**
 * Listens for every change of what a viewport shows of its images, before it is drawn: `CORNERSTONE_CAMERA_MODIFIED`,
 * on the element as above (both hosts).
 * @param listener is given the camera as it was before
 */
export function onCameraChanged(
  listener: (viewportId: string, before: Camera) => void
): Subscription {
  const name = 'CORNERSTONE_CAMERA_MODIFIED';
  const wrapped = (event: Event) => {
    const { viewportId, previousCamera } =
      (event as CustomEvent<{ viewportId?: string; previousCamera?: Camera } | null>).detail ?? {};
    if (viewportId && previousCamera) listener(viewportId, previousCamera);
  };
  document.addEventListener(name, wrapped, true);
  return { unsubscribe: () => document.removeEventListener(name, wrapped, true) };
}

/** Listens for every change of a viewport's window: `CORNERSTONE_VOI_MODIFIED`, on the element as above (both hosts). */
export function onWindowChanged(listener: () => void): Subscription {
  const name = 'CORNERSTONE_VOI_MODIFIED';
  document.addEventListener(name, listener, true);
  return { unsubscribe: () => document.removeEventListener(name, listener, true) };
}

/** Listens on Cornerstone's own event target, which the browser's document does not carry (both hosts). */
export function onCornerstoneEvent(
  type: string,
  listener: (event: { detail?: Record<string, unknown> }) => void
): Subscription {
  const target = (cornerstone() as unknown as { eventTarget: EventTarget }).eventTarget;
  const wrapped = (event: Event) => listener(event as Event & { detail?: Record<string, unknown> });
  target.addEventListener(type, wrapped);
  return { unsubscribe: () => target.removeEventListener(type, wrapped) };
}
