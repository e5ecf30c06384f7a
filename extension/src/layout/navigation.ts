import { dot, type Vector3 } from '@inner-ear-hydrops/core';
import { cornerstone, onImageDrawn } from '../host';
import { viewportsInFrameOf, type ImageViewport, type ViewportServices } from '../viewports';
import type { DisplaySet } from '../hostTypes';

/** Side of the square about an ear that is fitted into the viewports, mm: the crop that the network sees. */
const EAR_FIELD = 50;

/** A place to bring the viewports to; LPS mm. */
export interface Target {
  /** The plane of each viewport goes through it. */
  point: Vector3;
  /** The middle of an ear to enlarge; absent, the viewports keep what they show. */
  ear?: Vector3;
}

/**
 * Brings every viewport in MRC's frame of reference, stack or reformatted, of any orientation, to a point,
 * and enlarges the ear about it.
 */
export async function goToPoint(
  services: ViewportServices,
  mrc: DisplaySet,
  target: Target
): Promise<void> {
  await Promise.all(
    viewportsInFrameOf(services, mrc).map(async (viewport) => {
      if (viewport.type === 'stack') await scrollTo(viewport, target.point);
      show(viewport, target);
    })
  );
}

/** How long after a result is shown its linked viewports may still be filling. */
const HOLDING_MS = 3000;

/**
 * Goes to a point and stays there until the reader acts: a linked viewport that is still being filled scrolls
 * the others to its own first image.
 * @returns the function that lets go.
 */
export function holdAt(services: ViewportServices, mrc: DisplaySet, target: Target): () => void {
  const listening = new AbortController();
  const drawn = onImageDrawn(() => {
    const strayed = viewportsInFrameOf(services, mrc).some(
      (viewport) => viewport.type === 'stack' && !isAt(viewport, target.point)
    );
    if (strayed) void goToPoint(services, mrc, target);
  });
  const letGo = () => {
    clearTimeout(timer);
    drawn.unsubscribe();
    listening.abort();
  };
  const timer = setTimeout(letGo, HOLDING_MS);
  for (const type of ['pointerdown', 'wheel', 'keydown']) {
    document.addEventListener(type, letGo, { capture: true, signal: listening.signal });
  }
  return letGo;
}

function isAt(viewport: ImageViewport, point: Vector3): boolean {
  const wanted = nearestImage(viewport, point);
  return wanted === undefined || wanted === viewport.getCurrentImageIdIndex?.();
}

async function scrollTo(viewport: ImageViewport, point: Vector3): Promise<void> {
  const index = nearestImage(viewport, point);
  if (index !== undefined) await viewport.setImageIdIndex?.(index);
}

/** Index of the image of a stack viewport whose plane is nearest to a point. */
function nearestImage(viewport: ImageViewport, point: Vector3): number | undefined {
  const { metaData } = cornerstone();
  let best: { index: number; distance: number } | undefined;
  (viewport.getImageIds?.() ?? []).forEach((imageId, index) => {
    const plane = metaData.get('imagePlaneModule', imageId) as ImagePlane | undefined;
    const { rowCosines, columnCosines, imagePositionPatient } = plane ?? {};
    if (!rowCosines || !columnCosines || !imagePositionPatient) return;
    const [a, b, c] = rowCosines;
    const [d, e, f] = columnCosines;
    const normal: Vector3 = [b * f - c * e, c * d - a * f, a * e - b * d];
    const distance = Math.abs(dot(point, normal) - dot([...imagePositionPatient], normal));
    if (!best || distance < best.distance) best = { index, distance };
  });
  return best?.index;
}

interface ImagePlane {
  rowCosines?: Vector3;
  columnCosines?: Vector3;
  imagePositionPatient?: Vector3;
}

/** Moves the camera: of a stack within its image, of a reformation also to the plane of the point. */
function show(viewport: ImageViewport, { point, ear }: Target): void {
  const { focalPoint, position, viewPlaneNormal } = viewport.getCamera();
  const normal: Vector3 = [...viewPlaneNormal];
  const depth = viewport.type === 'stack' ? 0 : dot(point, normal) - dot([...focalPoint], normal);
  const middle = ear ?? [...focalPoint];
  const away = middle.map((value, axis) => value - (focalPoint[axis] ?? 0)) as Vector3;
  const along = dot(away, normal);
  const moved = (from: readonly number[]) =>
    from.map(
      (value, axis) => value + (away[axis] ?? 0) + (depth - along) * (normal[axis] ?? 0)
    ) as Vector3;
  viewport.setCamera?.({
    focalPoint: moved(focalPoint),
    position: moved(position),
    ...(ear ? { parallelScale: EAR_FIELD / 2 } : {}),
  });
  viewport.render();
}
