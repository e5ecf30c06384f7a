import { onImageDrawn } from '../host/events';
import {
  fitAnew,
  gridViewports,
  onViewportFilled,
  untilViewports,
  viewportsInFrameOf,
  type ImageViewport,
  type ViewportServices,
} from '../host/viewports';
import type { DisplaySet, HostServices } from '../host/types';
import { ourLayoutHangs } from './hangingProtocol';
import { goToPoint, holdAt, type Target } from './navigation';

export interface PlaceKeeperParts {
  services: ViewportServices & Pick<HostServices, 'displaySetService' | 'hangingProtocolService'>;
  mrc(): DisplaySet | undefined;
}

/** LPS mm. */
interface Place extends Pick<Target, 'point' | 'middle'> {
  /** Half the shorter side of what is shown. */
  halfSide: number;
}

/**
 * The place that the reader looks at: slice, point in the middle and size. In whatever way layout or window change,
 * the viewports show it afterwards. The host keeps these for each viewport and layout, relative to the size in which
 * it was fitted, so that viewports part and the point in the middle moves.
 */
export class PlaceKeeper {
  private place: Place | null = null;
  /** The viewports that show it, with their sizes. */
  private arrangement = '';
  /** Our layout hung when they were filled: where the host changes it, the old viewports draw a while. */
  private isOurArrangement = false;
  /** Nothing but the host has moved the viewports since they were brought there. */
  private isHeld = false;
  private letGoOfPlace: () => void = () => undefined;

  constructor(private readonly parts: PlaceKeeperParts) {}

  /** @returns the function that ends the watch. */
  watch(): () => void {
    const { services } = this.parts;
    const subscriptions = [
      onImageDrawn(() => this.look()),
      onViewportFilled(services, () => this.look()),
    ];
    return () => {
      this.letGo();
      for (const { unsubscribe } of subscriptions) unsubscribe();
    };
  }

  /** Brings all viewports to a place, and keeps them there until the reader acts. */
  async goTo(target: Target): Promise<void> {
    const { services } = this.parts;
    const mrc = this.parts.mrc();
    if (!mrc) return;
    this.letGo();
    const leading = this.leading();
    if (leading) this.place = { ...placeOf(leading), ...this.place, ...placeIn(leading, target) };
    this.isHeld = true;
    let isOver = false;
    const end = () => {
      isOver = true;
      this.isHeld = false;
    };
    this.letGoOfPlace = end;
    await goToPoint(services, mrc, target);
    // Another place meanwhile.
    if (!isOver) this.letGoOfPlace = holdAt(services, mrc, target, end);
  }

  /** Goes back to the place that is kept, where viewports have parted. */
  async bringBack(): Promise<void> {
    const leading = this.leading();
    if (!this.place || !leading) return;
    const { halfSide, ...place } = this.place;
    this.viewports().forEach(fitAnew);
    await this.goTo({ ...place, halfHeight: halfSide / shorterSide(leading) });
  }

  letGo(): void {
    this.letGoOfPlace();
  }

  /** Resolves once every viewport has drawn an image, or after ten seconds. */
  untilFilled(): Promise<boolean> {
    return untilViewports(this.parts.services, () => this.isFilled());
  }

  private look(): void {
    const arrangement = this.arrangementNow();
    // A reformation begins where the host begins it, and the images come back where they were.
    const isOurs = ourLayoutHangs(this.parts.services);
    if (arrangement === this.arrangement) {
      if (isOurs && this.isOurArrangement && !this.isHeld) this.place = this.shown() ?? this.place;
      return;
    }
    if (!this.isFilled()) return;
    this.arrangement = arrangement;
    this.isOurArrangement = isOurs;
    if (isOurs) void this.bringBack();
  }

  private shown(): Place | null {
    const leading = this.leading();
    return leading ? placeOf(leading) : null;
  }

  /** The active viewport, or where it is none of MRC's frame of reference the first that is. */
  private leading(): ImageViewport | undefined {
    const { activeViewportId } = this.parts.services.viewportGridService.getState();
    const viewports = this.viewports();
    return viewports.find(({ id }) => id === activeViewportId) ?? viewports[0];
  }

  private viewports(): ImageViewport[] {
    const mrc = this.parts.mrc();
    return mrc ? viewportsInFrameOf(this.parts.services, mrc) : [];
  }

  /** By size, too: the grid's state, which is React's, follows late. */
  private arrangementNow(): string {
    const { cornerstoneViewportService } = this.parts.services;
    return gridViewports(this.parts.services)
      .map(({ viewportId }) => {
        const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
        const { element, sWidth, sHeight } = viewport ?? {};
        return [viewportId, element?.clientWidth, element?.clientHeight, sWidth, sHeight];
      })
      .join();
  }

  private isFilled(): boolean {
    const { displaySetService, cornerstoneViewportService } = this.parts.services;
    return gridViewports(this.parts.services).every(({ viewportId, displaySetInstanceUIDs }) => {
      const uid = displaySetInstanceUIDs?.[0];
      const displaySet = uid ? displaySetService.getDisplaySetByUID(uid) : undefined;
      if (!displaySet?.instances?.length) return true;
      const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
      return Boolean(viewport?.getImageData?.()) && viewport?.viewportStatus === 'rendered';
    });
  }
}

function placeOf(viewport: ImageViewport): Place {
  const { focalPoint, parallelScale } = viewport.getCamera();
  return {
    point: [...focalPoint],
    middle: [...focalPoint],
    halfSide: parallelScale * shorterSide(viewport),
  };
}

/** What a target says of a place. */
function placeIn(viewport: ImageViewport, { halfHeight, ...place }: Target): Partial<Place> {
  if (halfHeight === undefined) return place;
  return { ...place, halfSide: halfHeight * shorterSide(viewport) };
}

/** The shorter side of a viewport as a part of its height. */
function shorterSide({ element: { clientWidth, clientHeight } }: ImageViewport): number {
  return Math.min(1, clientWidth / clientHeight);
}
