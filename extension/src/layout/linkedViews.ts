import { dot, type Vector3 } from '@inner-ear-hydrops/core';
import { onCameraChanged } from '../host/events';
import { gridViewports, showsImages, type ViewportServices } from '../host/viewports';
import type { Camera, HostServices } from '../host/types';
import { ourLayoutHangs } from './hangingProtocol';

export type LinkedViewsServices = ViewportServices & Pick<HostServices, 'hangingProtocolService'>;

/**
 * Links zoom and pan of all viewports while our layout hangs: each shows the same millimetres about the same point.
 * The viewer's own link `zoompan` passes on how much larger a viewport shows its image than when it was first fitted
 * into it. Two viewports that were fitted in different shapes, or hold series of different fields of view, so show
 * different sizes, and each of them pulls the other away from a size that is meant for both.
 * @returns the function that ends the link
 */
export function linkViews(services: LinkedViewsServices): () => void {
  const viewportOf = (viewportId: string) => {
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    return showsImages(viewport) ? viewport : null;
  };
  let following = false;
  const { unsubscribe } = onCameraChanged((viewportId, before) => {
    // The others' changes are made here.
    if (following) return;
    if (!ourLayoutHangs(services)) return;
    const leading = viewportOf(viewportId);
    if (!leading) return;
    following = true;
    try {
      const change = { before, after: leading.getCamera() };
      const frame = leading.getFrameOfReferenceUID?.();
      for (const { viewportId: otherId } of gridViewports(services)) {
        const other = otherId === viewportId ? null : viewportOf(otherId);
        if (!other) continue;
        const sameFrame = frame !== undefined && other.getFrameOfReferenceUID?.() === frame;
        const camera = followed(other.getCamera(), change, sameFrame);
        if (!camera) continue;
        other.setCamera?.(camera);
        other.render();
      }
    } finally {
      following = false;
    }
  });
  return unsubscribe;
}

/** mm; less is rounding, and would be passed on without end. */
const NEAR = 1e-3;
/** Cosine of the angle up to which two planes are parallel. */
const PARALLEL = 0.99;

/**
 * Camera of a viewport that follows another: the same size; on a parallel plane also the same point in the middle, or
 * where the frames of reference differ, moved as far. Each stays on its own plane.
 * @returns null where it shows that already
 */
export function followed(
  camera: Camera,
  { before, after }: { before: Camera; after: Camera },
  sameFrame: boolean
): Pick<Camera, 'focalPoint' | 'position' | 'parallelScale'> | null {
  const normal: Vector3 = [...camera.viewPlaneNormal];
  const isParallel = Math.abs(dot(normal, [...after.viewPlaneNormal])) > PARALLEL;
  const from = sameFrame ? camera : before;
  const away = after.focalPoint.map((value, axis) => value - at(from.focalPoint, axis)) as Vector3;
  const depth = dot(away, normal);
  const shift = away.map((value, axis) => (isParallel ? value - depth * at(normal, axis) : 0));
  const isThere = shift.every((value) => Math.abs(value) < NEAR);
  if (isThere && Math.abs(camera.parallelScale - after.parallelScale) < NEAR) return null;
  const moved = (point: readonly number[]) =>
    point.map((value, axis) => value + at(shift, axis)) as Vector3;
  return {
    focalPoint: moved(camera.focalPoint),
    position: moved(camera.position),
    parallelScale: after.parallelScale,
  };
}

function at(vector: readonly number[], axis: number): number {
  return vector[axis] ?? 0;
}
