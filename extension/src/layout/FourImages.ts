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
import { FOUR, PLACES, placesOf, viewportsOf, type Place } from './grid';
import { ourLayoutHangs } from './hangingProtocol';

export interface FourImagesParts {
  services: Pick<
    HostServices,
    'viewportGridService' | 'cornerstoneViewportService' | 'hangingProtocolService'
  >;
  commandsManager: CommandsManager;
  /** What each place is to show, as far as it is known. */
  contents(): Partial<Record<Place, DisplaySet>>;
  /** Further series of the study, for the places beyond the four, those that are shown first in front. */
  others(): readonly DisplaySet[];
  /** What is to be shown instead of a display set: HYDROPS-Mi2 instead of its empty place. */
  successor(displaySetInstanceUID: string): DisplaySet | null;
  /** The reader has asked for rows and columns by the host's own means. */
  choose(grid: GridChoice): void;
}

/**
 * The layout of the four images, MRC | HYDROPS-Mi2 over PPI | PEI, and the grids of other rows and columns that the
 * reader chooses, in which each image keeps its place and its links. It keeps out what is out of date, whatever layout
 * brings it (the host keeps layouts of its own), and comes back from any state: a reformation, one image, other images.
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
      onLayoutChanged(services, () => this.onLayout()),
    ];
    // The host closes viewports that still read their first image, which ends in "Something went wrong".
    const release = takeGridChoices(services.hangingProtocolService, (choice) =>
      this.parts.choose(choice)
    );
    return () => {
      release();
      subscriptions.forEach((subscription) => subscription.unsubscribe());
    };
  }

  /**
   * Hangs the images in a grid, each in its place, linked, in the windows that they had: two by two anew, in other
   * grids without closing what stays on screen.
   */
  async restore(grid: GridChoice = FOUR): Promise<void> {
    const { services } = this.parts;
    this.restoring = true;
    try {
      const isFour = placesOf(grid).join() === PLACES.join();
      if (isFour || !ourLayoutHangs(services)) this.hangFour();
      // At once, so that the host opens none of the four only to close it again.
      if (!isFour) this.lay(grid);
      if (!(await untilViewports(services, () => this.isHung(grid)))) return;
      if (isFour) this.fill();
      await untilViewports(services, () => this.isFilled());
    } finally {
      this.restoring = false;
    }
  }

  private hangFour(): void {
    this.parts.commandsManager.runCommand('setHangingProtocol', {
      protocolId: HANGING_PROTOCOL_ID,
      stageIndex: 0,
      // Not as it was left: with other images in its places.
      reset: true,
    });
  }

  private lay(grid: GridChoice): void {
    const { viewportGridService } = this.parts.services;
    const { viewports } = viewportGridService.getState();
    const laid = viewportsOf(grid, viewports, this.parts.contents(), this.parts.others());
    viewportGridService.setLayout({
      ...grid,
      findOrCreateViewport: (position) => laid[position],
      isHangingProtocolLayout: true,
    });
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

  /** For a stay that begins after the places were hung: as soon as they are on screen, each gets its image. */
  async fillHung(): Promise<void> {
    if (await untilViewports(this.parts.services, () => this.isHung(FOUR))) this.fill();
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
      if (!displaySet.instances?.length) return true;
      const ids = new Set(displaySet.instances.map(({ imageId }) => imageId));
      if (viewport?.type !== 'stack') return Boolean(viewport?.getImageData?.());
      return ids.has(viewport.getCurrentImageId?.());
    });
  }

  /** Whether a place shows this display set; false where the reader has put another there. */
  shows(place: Place, displaySet: DisplaySet | undefined): boolean {
    const uid = this.viewportOf(place)?.displaySetInstanceUIDs?.[0];
    return uid !== undefined && uid === displaySet?.displaySetInstanceUID;
  }

  /** Whether the viewports of a grid are on screen, and no others. */
  private isHung(grid: GridChoice): boolean {
    const { numRows, numCols } = grid;
    const { size } = this.parts.services.viewportGridService.getState().viewports;
    const places = placesOf(grid).filter((place) => place !== null);
    return size === numRows * numCols && places.every((place) => this.viewportOf(place));
  }

  private viewportOf(place: Place): GridViewport | undefined {
    const { viewports } = this.parts.services.viewportGridService.getState();
    return viewports.get(VIEWPORT_IDS[place]);
  }

  /** Two by two is the layout of the four images, also where the choice could not be taken over. */
  private onLayout(): void {
    // As it is now: the host tells of a layout late, and the next one may be there.
    const { numRows, numCols } = this.parts.services.viewportGridService.getState().layout;
    const isFour = numRows === FOUR.numRows && numCols === FOUR.numCols;
    if (isFour && !this.restoring && !this.isHung(FOUR)) this.parts.choose(FOUR);
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
