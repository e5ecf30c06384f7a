import { dot, type Vector3 } from '@inner-ear-hydrops/core';
import { cornerstone } from '../host/cornerstone';
import { onImageDrawn } from '../host/events';
import {
  viewportsInFrameOf,
  whileOpen,
  type ImageViewport,
  type ViewportServices,
} from '../host/viewports';
import type { DisplaySet } from '../host/types';

/** A place to bring the viewports to; LPS mm. */
export interface Target {
  /** The plane of each viewport goes through it. */
  point: Vector3;
  /** What is in the middle of each viewport; absent, they keep what they show. */
  middle?: Vector3;
  /** Half the height of what is shown; absent, the viewports keep theirs. */
  halfHeight?: number;
}

/**
 * Brings every viewport in MRC's frame of reference, stack or reformatted, of any orientation, to a point.
 */
export async function goToPoint(
  services: ViewportServices,
  mrc: DisplaySet,
  target: Target
): Promise<void> {
  await Promise.all(
    viewportsInFrameOf(services, mrc).map(async (viewport) => {
      await whileOpen(services, viewport, async () => {
        if (viewport.type === 'stack') await scrollTo(viewport, target.point);
      });
      await whileOpen(services, viewport, async () => show(viewport, target));
    })
  );
}

/** How long after a result or a layout is shown its linked viewports may still be filling. */
const HOLDING_MS = 3000;

/**
 * Stays at a point until the reader acts or the layout changes: a linked viewport that is still being filled scrolls
 * and moves the others to its own first image.
 * @param ended is called once, when it no longer stays there
 * @returns the function that lets go.
 */
export function holdAt(
  services: ViewportServices,
  mrc: DisplaySet,
  target: Target,
  ended: () => void
): () => void {
  const listening = new AbortController();
  let going = false;
  const ids = () => [...services.viewportGridService.getState().viewports.keys()].join();
  const held = ids();
  const look = () => {
    if (ids() !== held) return letGo();
    const strayed = viewportsInFrameOf(services, mrc).some((viewport) => !isAt(viewport, target));
    if (going || !strayed) return;
    going = true;
    void goToPoint(services, mrc, target).finally(() => {
      going = false;
    });
  };
  const drawn = onImageDrawn(look);
  const letGo = () => {
    clearTimeout(timer);
    drawn.unsubscribe();
    listening.abort();
    ended();
  };
  const timer = setTimeout(letGo, HOLDING_MS);
  for (const type of ['pointerdown', 'wheel', 'keydown']) {
    document.addEventListener(type, letGo, { capture: true, signal: listening.signal });
  }
  return letGo;
}

/** Less than this, mm, is rounding of the camera. */
const NEAR = 0.5;

function isAt(viewport: ImageViewport, target: Target): boolean {
  if (viewport.type === 'stack' && !showsNearest(viewport, target.point)) return false;
  const { focalPoint, parallelScale } = viewport.getCamera();
  const { focalPoint: wanted } = cameraFor(viewport, target);
  const near = wanted.every((value, axis) => Math.abs(value - (focalPoint[axis] ?? 0)) < NEAR);
  return near && Math.abs((target.halfHeight ?? parallelScale) - parallelScale) < NEAR;
}

/** Of two images as near, the viewer's link may show the other. */
function showsNearest(viewport: ImageViewport, point: Vector3): boolean {
  const distances = planeDistances(viewport, point);
  const shown = distances[viewport.getCurrentImageIdIndex?.() ?? -1];
  return shown === undefined || shown - Math.min(...distances) < TIE;
}

/** mm; the same distance but for rounding. */
const TIE = 1e-3;

async function scrollTo(viewport: ImageViewport, point: Vector3): Promise<void> {
  if (showsNearest(viewport, point)) return;
  const distances = planeDistances(viewport, point);
  await viewport.setImageIdIndex?.(distances.indexOf(Math.min(...distances)));
}

/** How far the plane of each image of a stack viewport is from a point, mm; infinite where it has no plane. */
function planeDistances(viewport: ImageViewport, point: Vector3): number[] {
  const { metaData } = cornerstone();
  return (viewport.getImageIds?.() ?? []).map((imageId) => {
    const plane = metaData.get('imagePlaneModule', imageId) as ImagePlane | undefined;
    const { rowCosines, columnCosines, imagePositionPatient } = plane ?? {};
    if (!rowCosines || !columnCosines || !imagePositionPatient) return Infinity;
    const [a, b, c] = rowCosines;
    const [d, e, f] = columnCosines;
    const normal: Vector3 = [b * f - c * e, c * d - a * f, a * e - b * d];
    return Math.abs(dot(point, normal) - dot([...imagePositionPatient], normal));
  });
}

interface ImagePlane {
  rowCosines?: Vector3;
  columnCosines?: Vector3;
  imagePositionPatient?: Vector3;
}

/** Moves the camera: of a stack within its image, of a reformation also to the plane of the point. */
function show(viewport: ImageViewport, target: Target): void {
  viewport.setCamera?.(cameraFor(viewport, target));
  viewport.render();
}

function cameraFor(viewport: ImageViewport, { point, middle, halfHeight }: Target) {
  const { focalPoint, position, viewPlaneNormal, parallelScale } = viewport.getCamera();
  const normal: Vector3 = [...viewPlaneNormal];
  const depth = viewport.type === 'stack' ? 0 : dot(point, normal) - dot([...focalPoint], normal);
  const away = (middle ?? [...focalPoint]).map(
    (value, axis) => value - (focalPoint[axis] ?? 0)
  ) as Vector3;
  const along = dot(away, normal);
  const moved = (from: readonly number[]) =>
    from.map(
      (value, axis) => value + (away[axis] ?? 0) + (depth - along) * (normal[axis] ?? 0)
    ) as Vector3;
  return {
    focalPoint: moved(focalPoint),
    position: moved(position),
    parallelScale: halfHeight ?? parallelScale,
  };
}
