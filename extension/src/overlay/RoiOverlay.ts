import { onImageDrawn } from '../host/events';
import { isInFrameOf, showsImages, type ImageViewport } from '../host/viewports';
import type { DisplaySet, HostServices } from '../host/types';
import { HIDING_KEY, watchHeldKey } from './holdKey';
import { OverlayLayer, type Parts } from './OverlayLayer';
import { boundsOf, pathsOf, type Roi, type RoiPaths } from './roi';
import { sectionOf, type Bounds, type Plane, type Section } from './section';

export interface RoiOverlayParts {
  services: Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService'>;
  mrc(): DisplaySet | undefined;
  /** The region as it stands; null where there is none. */
  roi(): Roi | null;
  /** Why the region does not lie on what a viewport shows, to be said there in its place; null where it does. */
  misplacedOn(viewportId: string): string | null;
  /** Numbers of the segments to outline on a viewport: those that the reader has not hidden. */
  outlinesOn(viewportId: string): ReadonlySet<number>;
  /** Whether a viewport shows HYDROPS-Mi2, whose sign tells the fluids apart. */
  showsFluids(viewportId: string): boolean;
}

/** What was drawn last on one viewport: as long as plane and region stay, only its place on the screen changes. */
interface Drawn {
  region: object;
  plane: string;
  section: Section | null;
  paths: RoiPaths | null;
}

/**
 * The measured region on every viewport in MRC's frame of reference, whatever its grid and orientation: the outlines
 * of its segments, and on HYDROPS-Mi2 its fluids, as they are counted. A key hides it while it is held.
 */
export class RoiOverlay {
  private readonly layers = new Map<string, OverlayLayer>();
  private readonly drawn = new Map<string, Drawn>();
  /** The region with its bounds, read once for each change. */
  private region: { roi: Roi; bounds: Bounds | null } | null = null;
  private hidden = false;
  private frame = 0;

  constructor(private readonly parts: RoiOverlayParts) {}

  /** @returns the function that takes everything away again. */
  begin(): () => void {
    const drawn = onImageDrawn((viewportId) => this.draw(viewportId));
    const endKey = watchHeldKey(HIDING_KEY, (held) => this.setHidden(held));
    return () => {
      drawn.unsubscribe();
      endKey();
      cancelAnimationFrame(this.frame);
      this.forget();
      for (const viewportId of [...this.layers.keys()]) this.remove(viewportId);
    };
  }

  /** The region has changed: it is redrawn with the next frame of the screen. */
  changed(): void {
    this.forget();
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.drawAll());
  }

  private forget(): void {
    this.region = null;
    this.drawn.clear();
  }

  private setHidden(hidden: boolean): void {
    this.hidden = hidden;
    for (const layer of this.layers.values()) layer.setHidden(hidden);
  }

  private drawAll(): void {
    const { viewports } = this.parts.services.viewportGridService.getState();
    for (const viewportId of [...this.layers.keys()]) {
      if (!viewports.has(viewportId)) this.remove(viewportId);
    }
    for (const viewportId of viewports.keys()) this.draw(viewportId);
  }

  private draw(viewportId: string): void {
    const { services } = this.parts;
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    const mrc = this.parts.mrc();
    const region = this.currentRegion();
    if (!mrc || !region || !showsImages(viewport)) return this.remove(viewportId);
    const misplaced = this.parts.misplacedOn(viewportId);
    if (misplaced) return this.layerOn(viewportId, viewport).say(misplaced);
    if (!isInFrameOf(services, viewport, mrc)) return this.remove(viewportId);
    const shows: Parts = {
      outlines: this.parts.outlinesOn(viewportId),
      fluids: this.parts.showsFluids(viewportId),
    };
    if (shows.outlines.size === 0 && !shows.fluids) return this.remove(viewportId);
    const { section, paths } = this.cut(viewportId, viewport, region);
    this.layerOn(viewportId, viewport).draw(viewport, section, paths, shows);
  }

  private currentRegion(): { roi: Roi; bounds: Bounds | null } | null {
    if (!this.region) {
      const roi = this.parts.roi();
      if (roi) this.region = { roi, bounds: boundsOf(roi.labels) };
    }
    return this.region;
  }

  private cut(
    viewportId: string,
    viewport: ImageViewport,
    region: { roi: Roi; bounds: Bounds | null }
  ): Drawn {
    const { roi, bounds } = region;
    const plane = planeOf(viewport);
    const key = JSON.stringify([plane.normal, offset(plane)]);
    const before = this.drawn.get(viewportId);
    if (before?.region === region && before.plane === key) return before;
    const section = bounds && sectionOf(roi.labels, bounds, plane);
    const paths = section && pathsOf(roi, section);
    const drawn = { region, plane: key, section, paths };
    this.drawn.set(viewportId, drawn);
    return drawn;
  }

  private layerOn(viewportId: string, viewport: ImageViewport): OverlayLayer {
    if (this.layers.get(viewportId)?.belongsTo(viewport) === false) this.remove(viewportId);
    const known = this.layers.get(viewportId);
    if (known) return known;
    const layer = new OverlayLayer(viewport);
    layer.setHidden(this.hidden);
    this.layers.set(viewportId, layer);
    return layer;
  }

  private remove(viewportId: string): void {
    this.layers.get(viewportId)?.remove();
    this.layers.delete(viewportId);
  }
}

function planeOf(viewport: ImageViewport): Plane {
  const { focalPoint, viewPlaneNormal } = viewport.getCamera();
  return { point: [...focalPoint], normal: [...viewPlaneNormal] };
}

/** Panning moves the focal point within the plane; rounded, so that it stays the same plane. */
function offset({ point, normal }: Plane): string {
  const value = point.reduce((sum, part, axis) => sum + part * (normal[axis as 0 | 1 | 2] ?? 0), 0);
  return value.toFixed(3);
}
