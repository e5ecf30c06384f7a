import { VIEWPORT_IDS } from './id';
import { cornerstone, showImage } from './host';
import type { CommandsManager, DisplaySet, GridViewport, HostServices } from './hostTypes';

/** MRC is read at level 400, width 1000 (INHEARIT, 2020). */
export const MRC_WINDOW = { windowCenter: 400, windowWidth: 1000 };
/** Brightness of fluid, in the units of the images, for which that window was made. */
const FLUID_AT_MRC_WINDOW = 900;
/** Fluid between these shows well at 400/1000 as it is. */
const FITS = { lowest: 450, highest: 1800 };

/**
 * The MRC window for a series whose fluid has this brightness: 400/1000 where it fits, otherwise one
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

/** The grid's viewports that show a display set. */
export function viewportsShowing(
  services: HostServices,
  displaySetInstanceUID: string
): GridViewport[] {
  return [...services.viewportGridService.getState().viewports.values()].filter((viewport) =>
    viewport.displaySetInstanceUIDs?.includes(displaySetInstanceUID)
  );
}

/** Sets the window of every viewport that shows a display set. */
export function setWindow(
  services: HostServices,
  displaySetInstanceUID: string,
  window: { windowCenter: number; windowWidth: number }
): void {
  const lower = window.windowCenter - window.windowWidth / 2;
  const upper = window.windowCenter + window.windowWidth / 2;
  for (const { viewportId } of viewportsShowing(services, displaySetInstanceUID)) {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    viewport?.setProperties({ voiRange: { lower, upper } });
    viewport?.render();
  }
}

/** Window of a viewport, in the units of its images; null where it shows nothing yet. */
export function windowOf(
  services: HostServices,
  viewportId: string
): { lower: number; upper: number } | null {
  const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
  return viewport?.getProperties?.().voiRange ?? null;
}

/**
 * Puts a display set into one of the protocol's places, when that place is on screen and does not
 * already show it.
 */
export function putInPlace(
  services: HostServices,
  commandsManager: CommandsManager,
  place: keyof typeof VIEWPORT_IDS,
  displaySet: DisplaySet
): void {
  const viewportId = VIEWPORT_IDS[place];
  const viewport = services.viewportGridService.getState().viewports.get(viewportId);
  if (!viewport || viewport.displaySetInstanceUIDs?.[0] === displaySet.displaySetInstanceUID)
    return;
  commandsManager.runCommand('setDisplaySetsForViewports', {
    viewportsToUpdate: [
      {
        viewportId,
        displaySetInstanceUIDs: [displaySet.displaySetInstanceUID],
        // Without the protocol's selector the host takes another series when the reader reformats this one.
        displaySetOptions: [{ id: place, options: {} }],
      },
    ],
  });
}

/** Shows a display set in every viewport that shows another one. */
export function replaceInViewports(
  services: HostServices,
  commandsManager: CommandsManager,
  replacedUid: string,
  displaySet: DisplaySet
): void {
  const viewportsToUpdate = viewportsShowing(services, replacedUid).map(
    ({ viewportId, displaySetInstanceUIDs }) => ({
      viewportId,
      displaySetInstanceUIDs: displaySetInstanceUIDs.map((uid) =>
        uid === replacedUid ? displaySet.displaySetInstanceUID : uid
      ),
    })
  );
  if (viewportsToUpdate.length > 0) {
    commandsManager.runCommand('setDisplaySetsForViewports', { viewportsToUpdate });
  }
}

const UNUSED_AFTER_MS = 1000;
const LOOK_AGAIN_MS = 200;

/** Resolves when no viewport has shown a display set for a second; the grid's state is React's and follows late. */
export async function whenUnused(
  services: HostServices,
  displaySetInstanceUID: string
): Promise<void> {
  let since = Date.now();
  while (Date.now() - since < UNUSED_AFTER_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    if (viewportsShowing(services, displaySetInstanceUID).length > 0) since = Date.now();
  }
}

/** Brings every viewport of a display set to one of its images. */
export async function goToImage(
  services: HostServices,
  displaySetInstanceUID: string,
  imageId: string
): Promise<void> {
  for (const { viewportId } of viewportsShowing(services, displaySetInstanceUID)) {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (viewport) await showImage(viewport, imageId);
  }
}

/** Side of the square about an ear that `showEar` fits into the viewports, mm: the crop that the network sees. */
const EAR_FIELD = 50;

/**
 * Enlarges an ear in the four viewports of the layout, in the plane that each shows.
 * @param center LPS mm
 */
export function showEar(services: HostServices, center: readonly number[]): void {
  for (const viewportId of Object.values(VIEWPORT_IDS)) {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    const camera = viewport?.getCamera?.();
    if (!viewport?.setCamera || !camera || viewport.type !== 'stack') continue;
    const { focalPoint, position, viewPlaneNormal } = camera;
    const away = focalPoint.map((value, axis) => (center[axis] ?? value) - value);
    const depth = away.reduce((sum, value, axis) => sum + value * (viewPlaneNormal[axis] ?? 0), 0);
    const inPlane = away.map((value, axis) => value - depth * (viewPlaneNormal[axis] ?? 0));
    const moved = (point: readonly number[]) =>
      point.map((value, axis) => value + (inPlane[axis] ?? 0)) as [number, number, number];
    viewport.setCamera({
      focalPoint: moved(focalPoint),
      position: moved(position),
      parallelScale: EAR_FIELD / 2,
    });
    viewport.render();
  }
}

/** LPS mm: the middle of what the first viewport of a display set shows, on its slice. */
export function viewCenter(
  services: HostServices,
  displaySetInstanceUID: string
): [number, number, number] | null {
  for (const { viewportId } of viewportsShowing(services, displaySetInstanceUID)) {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    const focalPoint = viewport?.getCamera?.().focalPoint;
    if (focalPoint) return [focalPoint[0], focalPoint[1], focalPoint[2]];
  }
  return null;
}

/** Brightness of fluid from the images of a series that are already in the cache; null when none is. */
export function fluidFromCache(imageIds: string[]): number | null {
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

/** Image ids in the order in which the viewports count them; undefined where none shows the series. */
export function shownOrder(services: HostServices, displaySet: DisplaySet): string[] | undefined {
  for (const { viewportId } of viewportsShowing(services, displaySet.displaySetInstanceUID)) {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    const imageIds = viewport?.getImageIds?.();
    if (imageIds?.length) return imageIds;
  }
  return displaySet.imageIds;
}

const SETTLING_LIMIT_MS = 5000;
const SETTLING_STEP_MS = 100;
/** Looks in a row that must find the viewports as wanted. */
const SETTLED_AFTER = 4;

/**
 * Brings every viewport of a display set to one of its images, and again until it stays there: a
 * linked viewport that is still being filled (`filling`) scrolls the others to its own first image.
 */
export async function settleOnImage(
  services: HostServices,
  displaySetInstanceUID: string,
  imageId: string,
  filling: string | null
): Promise<void> {
  const end = Date.now() + SETTLING_LIMIT_MS;
  let settled = 0;
  while (settled < SETTLED_AFTER && Date.now() < end) {
    const stays =
      (filling === null || isFilled(services, filling)) &&
      viewportsShowing(services, displaySetInstanceUID).every(
        ({ viewportId }) => shownImageId(services, viewportId) === imageId
      );
    settled = stays ? settled + 1 : 0;
    if (!stays) await goToImage(services, displaySetInstanceUID, imageId);
    await new Promise((resolve) => setTimeout(resolve, SETTLING_STEP_MS));
  }
}

/** Whether every viewport that is to show a display set has drawn one of its images. */
function isFilled(services: HostServices, displaySetInstanceUID: string): boolean {
  const displaySet = services.displaySetService.getDisplaySetByUID(displaySetInstanceUID);
  const wanted = new Set(displaySet?.instances?.map(({ imageId }) => imageId));
  return viewportsShowing(services, displaySetInstanceUID).every(({ viewportId }) => {
    const shown = shownImageId(services, viewportId);
    return shown !== undefined && wanted.has(shown);
  });
}

function shownImageId(services: HostServices, viewportId: string): string | undefined {
  const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
  return viewport?.getCurrentImageId?.();
}
