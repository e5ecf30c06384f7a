import { HANGING_PROTOCOL_ID, VIEWPORT_IDS } from '../id';
import {
  gridViewports,
  onGridChanged,
  onLayoutChanged,
  onViewportFilled,
  showInViewports,
  untilViewports,
} from '../host/viewports';
import { takeGridChoices, type GridChoice } from '../host/layoutChoice';
import type { CommandsManager, DisplaySet, GridViewport, HostServices } from '../host/types';

export type Place = keyof typeof VIEWPORT_IDS;

export interface FourImagesParts {
  services: Pick<
    HostServices,
    'viewportGridService' | 'cornerstoneViewportService' | 'hangingProtocolService'
  >;
  commandsManager: CommandsManager;
  /** What each place is to show, as far as it is known. */
  contents(): Partial<Record<Place, DisplaySet>>;
  /** What is to be shown instead of a display set: HYDROPS-Mi2 instead of its empty place. */
  successor(displaySetInstanceUID: string): DisplaySet | null;
  /** The reader has asked for the layout by the host's own means. */
  restore(): void;
}

const PLACES = Object.keys(VIEWPORT_IDS) as Place[];

/**
 * The layout of the four images, MRC | HYDROPS-Mi2 over PPI | PEI. It keeps out what is out of date, whatever layout
 * brings it (the host keeps layouts of its own and fills empty places with what is not on screen), and comes back
 * from any state: a reformation, one image, a grid of other images.
 */
export class FourImages {
  /** Replacements that the grid's state, which is React's and follows late, does not show yet. */
  private readonly asked = new Map<string, string>();
  private restoring = false;

  constructor(private readonly parts: FourImagesParts) {}

  /** @returns the function that ends the watch. */
  watch(): () => void {
    const { services } = this.parts;
    const subscriptions = [
      onGridChanged(services, () => this.replaceOutdated()),
      onViewportFilled(services, () => this.replaceOutdated()),
      onLayoutChanged(services, (event) => this.onLayout(event)),
    ];
    const release = takeGridChoices(
      services.hangingProtocolService,
      HANGING_PROTOCOL_ID,
      (choice) => this.takeOver(choice)
    );
    return () => {
      release();
      subscriptions.forEach((subscription) => subscription.unsubscribe());
    };
  }

  /** Hangs the four images again, each in its place, linked, in the windows that they had. */
  async restore(): Promise<void> {
    this.restoring = true;
    try {
      await this.hang();
    } finally {
      this.restoring = false;
    }
  }

  private async hang(): Promise<void> {
    const { services, commandsManager } = this.parts;
    commandsManager.runCommand('setHangingProtocol', {
      protocolId: HANGING_PROTOCOL_ID,
      stageIndex: 0,
      // Not as it was left: with other images in its places.
      reset: true,
    });
    if (!(await untilViewports(services, () => this.isHung()))) return;
    this.fill();
    await untilViewports(services, () => this.isFilled());
  }

  /** After other display sets have come to be those of the places, or to be out of date. */
  refresh(places: readonly Place[]): void {
    this.fill(places);
    this.replaceOutdated();
  }

  /** Puts each image into its place, when that place is on screen and does not already show it. */
  fill(places: readonly Place[] = PLACES): void {
    const contents = this.parts.contents();
    const wrong = places.flatMap((place) => {
      const displaySet = contents[place];
      const viewport = this.viewportOf(place);
      if (!displaySet || !viewport) return [];
      const { displaySetInstanceUID } = displaySet;
      if (viewport.displaySetInstanceUIDs?.[0] === displaySetInstanceUID) return [];
      return [inPlace(place, [displaySetInstanceUID])];
    });
    showInViewports(this.parts.commandsManager, wrong);
  }

  /** Whether every place that is on screen has drawn an image of what it is to show. */
  isFilled(): boolean {
    const { services } = this.parts;
    const contents = this.parts.contents();
    return PLACES.every((place) => {
      const displaySet = contents[place];
      const shown = this.viewportOf(place);
      if (!displaySet || !shown) return true;
      if (shown.displaySetInstanceUIDs?.[0] !== displaySet.displaySetInstanceUID) return false;
      const viewport = services.cornerstoneViewportService.getCornerstoneViewport(
        VIEWPORT_IDS[place]
      );
      const ids = new Set(displaySet.instances?.map(({ imageId }) => imageId));
      if (viewport?.type !== 'stack') return Boolean(viewport?.getImageData?.());
      return ids.has(viewport.getCurrentImageId?.());
    });
  }

  /** Whether a place shows this display set; false where the reader has put another there. */
  shows(place: Place, displaySet: DisplaySet | undefined): boolean {
    const uid = this.viewportOf(place)?.displaySetInstanceUIDs?.[0];
    return uid !== undefined && uid === displaySet?.displaySetInstanceUID;
  }

  private isHung(): boolean {
    return PLACES.every((place) => this.viewportOf(place) !== undefined);
  }

  private viewportOf(place: Place): GridViewport | undefined {
    const { viewports } = this.parts.services.viewportGridService.getState();
    return viewports.get(VIEWPORT_IDS[place]);
  }

  /**
   * Two by two is the layout of the four images. Where the reader comes to it from another protocol, the viewer would
   * fill it with what is left of that one and with what is not on screen; and viewports that are closed again while it
   * still fills them end in "Something went wrong".
   */
  private takeOver({ numRows, numCols }: GridChoice): boolean {
    const ours = numRows === 2 && numCols === 2;
    if (ours && !this.restoring) this.parts.restore();
    return ours;
  }

  /** Where the choice could not be taken over. */
  private onLayout({ numRows, numCols }: Record<string, unknown>): void {
    if (numRows === 2 && numCols === 2 && !this.restoring && !this.isHung()) this.parts.restore();
  }

  private replaceOutdated(): void {
    const updates = gridViewports(this.parts.services).flatMap((viewport) => {
      const { viewportId, displaySetInstanceUIDs = [] } = viewport;
      const wanted = displaySetInstanceUIDs.map(
        (uid) => this.parts.successor(uid)?.displaySetInstanceUID ?? uid
      );
      const state = displaySetInstanceUIDs.join();
      if (wanted.join() === state) {
        this.asked.delete(viewportId);
        return [];
      }
      if (this.asked.get(viewportId) === state) return [];
      this.asked.set(viewportId, state);
      const place = PLACES.find((candidate) => VIEWPORT_IDS[candidate] === viewportId);
      return [place ? inPlace(place, wanted) : { viewportId, displaySetInstanceUIDs: wanted }];
    });
    showInViewports(this.parts.commandsManager, updates);
  }
}

function inPlace(place: Place, displaySetInstanceUIDs: string[]) {
  return {
    viewportId: VIEWPORT_IDS[place],
    displaySetInstanceUIDs,
    // Without the protocol's selector the host takes another series when the reader reformats this series.
    displaySetOptions: displaySetInstanceUIDs.map((_, n) => ({
      id: n === 0 ? place : '',
      options: {},
    })),
  };
}
