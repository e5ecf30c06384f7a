import { cornerstone } from './cornerstone';
import type {
  CommandsManager,
  DisplaySet,
  GridViewport,
  HostServices,
  HostViewport,
  Subscription,
} from './types';

/** The services through which the grid's viewports are found. */
export type ViewportServices = Pick<
  HostServices,
  'viewportGridService' | 'cornerstoneViewportService'
>;

/** A viewport that shows images in patient space. */
export type ImageViewport = HostViewport &
  Required<Pick<HostViewport, 'element' | 'worldToCanvas' | 'canvasToWorld' | 'getCamera'>>;

/** The grid's viewports that show a display set. */
export function viewportsShowing(
  services: Pick<HostServices, 'viewportGridService'>,
  displaySetInstanceUID: string
): GridViewport[] {
  return gridViewports(services).filter((viewport) =>
    viewport.displaySetInstanceUIDs?.includes(displaySetInstanceUID)
  );
}

export function gridViewports(services: Pick<HostServices, 'viewportGridService'>): GridViewport[] {
  return [...services.viewportGridService.getState().viewports.values()];
}

/** A stack or reformatted viewport that has an image; three-dimensional renderings have no plane. */
export function showsImages(viewport: HostViewport | null | undefined): viewport is ImageViewport {
  if (!viewport) return false;
  const { type, element, worldToCanvas, canvasToWorld, getCamera } = viewport;
  if (type !== 'stack' && type !== 'orthographic') return false;
  if (!element || !worldToCanvas || !canvasToWorld || !getCamera) return false;
  return Boolean(viewport.getImageData?.());
}

/** The viewports of the grid whose images lie in the frame of reference of a display set. */
export function viewportsInFrameOf(
  services: ViewportServices,
  displaySet: DisplaySet
): ImageViewport[] {
  return gridViewports(services).flatMap(({ viewportId }) => {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    return showsImages(viewport) && isInFrameOf(services, viewport, displaySet) ? [viewport] : [];
  });
}

/** Whether a viewport's images lie in the frame of reference of a display set, or are that display set's. */
export function isInFrameOf(
  services: Pick<HostServices, 'viewportGridService'>,
  viewport: HostViewport,
  displaySet: DisplaySet
): boolean {
  const frame =
    displaySet.FrameOfReferenceUID ?? displaySet.instances?.[0]?.['FrameOfReferenceUID'];
  if (frame && viewport.getFrameOfReferenceUID?.() === frame) return true;
  return viewportsShowing(services, displaySet.displaySetInstanceUID).some(
    ({ viewportId }) => viewportId === viewport.id
  );
}

/**
 * Fits the images of a viewport into its present size, and shows what it showed. While it draws, Cornerstone leaves that
 * out when the size changes (3.13.2); the next image would then be shown in another size and at another place.
 */
export function fitAnew(viewport: ImageViewport): void {
  const camera = viewport.getCamera();
  viewport.resetCameraForResize?.();
  viewport.setCamera?.(camera);
}

/** Sets the window of one viewport. */
export function setWindow(
  services: ViewportServices,
  viewportId: string,
  window: { windowCenter: number; windowWidth: number }
): void {
  const lower = window.windowCenter - window.windowWidth / 2;
  const upper = window.windowCenter + window.windowWidth / 2;
  const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
  viewport?.setProperties({ voiRange: { lower, upper } });
  viewport?.render();
}

/** Window of a viewport, in the units of its images; null where it shows nothing yet. */
export function windowOf(
  services: ViewportServices,
  viewportId: string
): { lower: number; upper: number } | null {
  const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
  return viewport?.getProperties?.()?.voiRange ?? null;
}

/** Listens for each viewport that has been given its images (3.12.10 and 3.13.2). */
export function onViewportFilled(
  services: ViewportServices,
  listener: (viewportId: string) => void
): Subscription {
  const { cornerstoneViewportService: service } = services;
  const event = service.EVENTS['VIEWPORT_DATA_CHANGED'];
  if (!event) return { unsubscribe: () => undefined };
  return service.subscribe(event, ({ viewportId }) => {
    if (typeof viewportId === 'string') listener(viewportId);
  });
}

/** Listens for every change of the grid: its layout, and what its viewports are to show. */
export function onGridChanged(
  services: Pick<HostServices, 'viewportGridService'>,
  listener: () => void
): Subscription {
  const { viewportGridService: service } = services;
  const subscriptions = ['LAYOUT_CHANGED', 'GRID_STATE_CHANGED'].flatMap((name) => {
    const event = service.EVENTS[name];
    return event ? [service.subscribe(event, listener)] : [];
  });
  return { unsubscribe: () => subscriptions.forEach((subscription) => subscription.unsubscribe()) };
}

/** Listens for another arrangement of viewports. */
export function onLayoutChanged(
  services: Pick<HostServices, 'viewportGridService'>,
  listener: () => void
): Subscription {
  const { viewportGridService: service } = services;
  const event = service.EVENTS['LAYOUT_CHANGED'];
  return event ? service.subscribe(event, listener) : { unsubscribe: () => undefined };
}

const GRID_LIMIT_MS = 10_000;

/**
 * Resolves once a condition on the viewports holds. The grid's state is React's and follows late, so it
 * is asked again at each change of the grid and each viewport that is filled; false when it has not come
 * about in ten seconds.
 */
export function untilViewports(
  services: ViewportServices,
  condition: () => boolean
): Promise<boolean> {
  if (condition()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (holds: boolean) => {
      clearTimeout(limit);
      for (const { unsubscribe } of subscriptions) unsubscribe();
      resolve(holds);
    };
    const look = () => {
      if (condition()) finish(true);
    };
    const limit = setTimeout(() => finish(condition()), GRID_LIMIT_MS);
    const subscriptions = [onGridChanged(services, look), onViewportFilled(services, look)];
  });
}

/**
 * Carries out something on a viewport. A layout may close the viewport meanwhile; what fails then is of no account,
 * while the host would report it to the reader.
 */
export async function whileOpen(
  services: Pick<HostServices, 'cornerstoneViewportService'>,
  viewport: HostViewport,
  work: () => Promise<unknown>
): Promise<void> {
  const isOpen = () =>
    services.cornerstoneViewportService.getCornerstoneViewport(viewport.id) === viewport;
  try {
    if (isOpen()) await work();
  } catch (error) {
    if (isOpen()) throw error;
  }
}

/** Has viewports show other display sets; those of one viewport in their order. */
export function showInViewports(
  commandsManager: CommandsManager,
  viewportsToUpdate: {
    viewportId: string;
    displaySetInstanceUIDs: string[];
    displaySetOptions?: { id: string; options: Record<string, unknown> }[];
  }[]
): void {
  if (viewportsToUpdate.length === 0) return;
  commandsManager.runCommand('setDisplaySetsForViewports', { viewportsToUpdate });
}

/** LPS mm: the middle of what the first viewport of a display set shows, on its slice. */
export function viewCenter(
  services: ViewportServices,
  displaySetInstanceUID: string
): [number, number, number] | null {
  for (const { viewportId } of viewportsShowing(services, displaySetInstanceUID)) {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    const focalPoint = viewport?.getCamera?.().focalPoint;
    if (focalPoint) return [focalPoint[0], focalPoint[1], focalPoint[2]];
  }
  return null;
}

/**
 * Draws anew what shows images whose pixels were rewritten: a stack viewport keeps a copy of its image, a volume
 * a texture of all of them.
 */
export function redrawImages(services: ViewportServices, imageIds: ReadonlySet<string>): void {
  const { cache } = cornerstone();
  for (const volume of cache.getVolumes?.() ?? []) {
    if (volume.imageIds?.some((imageId) => imageIds.has(imageId))) volume.invalidate?.();
  }
  for (const { viewportId } of gridViewports(services)) {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (!viewport?.getImageIds?.().some((imageId) => imageIds.has(imageId))) continue;
    const current = viewport.type === 'stack' ? viewport.getCurrentImageId?.() : undefined;
    const image = current ? cache.getImage(current) : undefined;
    if (image) viewport.renderImageObject?.(image);
    viewport.render();
  }
}
