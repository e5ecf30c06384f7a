import { onImageDrawn } from '../host/events';
import {
  gridViewports,
  onViewportFilled,
  untilViewports,
  viewportsInFrameOf,
  type ViewportServices,
} from '../host/viewports';
import type { DisplaySet, HostServices } from '../host/types';
import { ourLayoutHangs } from './hangingProtocol';
import { goToPoint, holdAt, type Target } from './navigation';

export interface PlaceKeeperParts {
  services: ViewportServices & Pick<HostServices, 'displaySetService' | 'hangingProtocolService'>;
  mrc(): DisplaySet | undefined;
}

/**
 * The place that the reader looks at: slice, point in the middle and size. In whatever way the layout changes, the
 * viewports of the next one show it; the host keeps these for each viewport and layout, so that they part.
 */
export class PlaceKeeper {
  private place: Target | null = null;
  /** The viewports that show it. */
  private ids = '';
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
    // A layout that is still being filled is brought there, too.
    this.place = { ...this.place, ...target };
    await goToPoint(services, mrc, target);
    this.letGoOfPlace = holdAt(services, mrc, target);
  }

  /** Goes back to the place that is kept, where viewports have parted. */
  async bringBack(): Promise<void> {
    if (this.place) await this.goTo(this.place);
  }

  letGo(): void {
    this.letGoOfPlace();
  }

  /** Resolves once every viewport has an image, or after ten seconds. */
  untilFilled(): Promise<boolean> {
    return untilViewports(this.parts.services, () => this.isFilled());
  }

  private look(): void {
    const ids = gridViewports(this.parts.services)
      .map(({ viewportId }) => viewportId)
      .join();
    if (ids === this.ids) {
      this.place = this.shown() ?? this.place;
      return;
    }
    if (!this.isFilled()) return;
    this.ids = ids;
    // A reformation begins where the host begins it.
    if (ourLayoutHangs(this.parts.services)) void this.bringBack();
  }

  /** What the active viewport shows, or where it is none of MRC's frame of reference the first that is. */
  private shown(): Target | null {
    const { services } = this.parts;
    const mrc = this.parts.mrc();
    const viewports = mrc ? viewportsInFrameOf(services, mrc) : [];
    const { activeViewportId } = services.viewportGridService.getState();
    const leading = viewports.find(({ id }) => id === activeViewportId) ?? viewports[0];
    if (!leading) return null;
    const { focalPoint, parallelScale } = leading.getCamera();
    return { point: [...focalPoint], middle: [...focalPoint], halfHeight: parallelScale };
  }

  private isFilled(): boolean {
    const { displaySetService, cornerstoneViewportService } = this.parts.services;
    return gridViewports(this.parts.services).every(({ viewportId, displaySetInstanceUIDs }) => {
      const uid = displaySetInstanceUIDs?.[0];
      const displaySet = uid ? displaySetService.getDisplaySetByUID(uid) : undefined;
      if (!displaySet?.instances?.length) return true;
      const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
      return Boolean(viewport?.getImageData?.());
    });
  }
}
