import { MOVING_ROLES, SEGMENTS } from '@inner-ear-hydrops/core';
import type { LabelVolume, Role } from '@inner-ear-hydrops/core';
import { DerivedImages } from '../derived/DerivedImages';
import { CORRECTED_KINDS, derivedKind, RETIRED_FLAG } from '../host/displaySets';
import {
  showDerived,
  type MovedSeries,
  type ShownStudy,
  type SourceSeries,
  type SourcesRead,
} from '../derived/showDerived';
import type { DisplayWindow } from '../derived/window';
import { onImageDrawn, onStackImage } from '../host/events';
import { PLACEHOLDER_HANDLER } from '../id';
import type { HydropsLabelmap } from '../host/labelmap';
import { LabelmapHolder } from '../host/labelmapHolder';
import { FourImages } from './FourImages';
import { movedNote, movedPaintNote, movedSeriesIn } from './movedSeries';
import { MIN_SLICES } from './hangingProtocol';
import { linkViews } from './linkedViews';
import { watchMrcWindow } from './mrcWindow';
import type { Target } from './navigation';
import { PlaceKeeper } from './PlaceKeeper';
import { watchPaintPlaces, type PaintPlacesParts } from './paintPlaces';
import { RoiOverlay } from '../overlay/RoiOverlay';
import type { Roi } from '../overlay/roi';
import type { GridChoice } from '../host/layoutChoice';
import type { CommandsManager, DisplaySet, HostServices } from '../host/types';
import {
  gridViewports,
  isInFrameOf,
  onViewportFilled,
  redrawImages,
  setWindow,
  untilViewports,
  whileOpen,
  windowOf,
} from '../host/viewports';

const ALL_SEGMENTS: ReadonlySet<number> = new Set(SEGMENTS.map(({ number }) => number));

export interface StudyImagesParts {
  services: HostServices;
  commandsManager: CommandsManager;
  displaySetOf(role: Role): DisplaySet | undefined;
  /** The region of the open result as it stands; null where there is no result. */
  roi(): Roi | null;
  heldNotice: PaintPlacesParts['heldNotice'];
  notify: PaintPlacesParts['notify'];
}

/**
 * What the viewer shows of a study: the four images in their places, HYDROPS and HYDROPS-Mi2 among them, the
 * labels, and the measured region. It lasts as long as the stay in the mode; results come and go in it.
 */
export class StudyImages {
  readonly layout: FourImages;
  private readonly derived: DerivedImages;
  private readonly labelmaps: LabelmapHolder;
  private readonly overlay: RoiOverlay;
  private readonly place: PlaceKeeper;
  private layouts: Promise<unknown> = Promise.resolve();
  /** Of the study that is shown. */
  private moved: readonly MovedSeries[] = [];

  constructor(private readonly parts: StudyImagesParts) {
    const { services, commandsManager } = parts;
    const mrc = () => parts.displaySetOf('mrc');
    this.derived = new DerivedImages(services.displaySetService, (imageIds) =>
      redrawImages(services, imageIds)
    );
    this.layout = new FourImages({
      services,
      commandsManager,
      contents: () => ({
        mrc: mrc(),
        hydropsMi2: this.derived.displaySet('hydrops-mi2') ?? this.emptyPlace(),
        ppi: this.shownAs('ppi'),
        pei: this.shownAs('pei'),
      }),
      others: () => this.others(),
      successor: (uid) => this.successorOf(uid),
      choose: (grid) => this.choose(grid),
    });
    this.place = new PlaceKeeper({ services, mrc });
    this.overlay = new RoiOverlay({
      services,
      mrc,
      roi: parts.roi,
      misplacedOn: (viewportId) => this.notedOn(viewportId, movedNote),
      outlinesOn: (viewportId) => this.labelmaps.current?.visibleIn(viewportId) ?? ALL_SEGMENTS,
      showsFluids: (viewportId) => this.kindIn(viewportId) === 'hydrops-mi2',
    });
    this.labelmaps = new LabelmapHolder(services, () => this.overlay.changed());
  }

  /** @returns the function that takes everything out of the viewer again. */
  begin(): () => void {
    const { services, displaySetOf } = this.parts;
    const endings = [
      watchMrcWindow(services, () => displaySetOf('mrc')),
      linkViews(services),
      this.place.watch(),
      this.layout.watch(),
      this.overlay.begin(),
    ];
    const filled = onViewportFilled(services, (viewportId) => void this.complete(viewportId));
    const keepUndrawn = (viewportId: string) => this.labelmaps.current?.keepUndrawn(viewportId);
    const drawing = [
      onStackImage(() => this.labelmaps.current?.stackFilled()),
      onStackImage(keepUndrawn),
      onImageDrawn(keepUndrawn),
      onImageDrawn((viewportId) => this.labelmaps.current?.keepOn(viewportId)),
      watchPaintPlaces({
        services,
        mrc: () => displaySetOf('mrc') ?? null,
        labelmap: () => this.labelmaps.current,
        misplacedOn: (viewportId) => this.notedOn(viewportId, movedPaintNote),
        heldNotice: this.parts.heldNotice,
        notify: this.parts.notify,
      }),
    ];
    const { hangingProtocolService } = services;
    const rehung = hangingProtocolService.subscribe(
      hangingProtocolService.EVENTS['PROTOCOL_CHANGED'] as string,
      () => {
        // Its viewports are about to be closed.
        this.place.letGo();
        this.labelmaps.current?.readyForStacks();
      }
    );
    return () => {
      filled.unsubscribe();
      rehung.unsubscribe();
      for (const { unsubscribe } of drawing) unsubscribe();
      for (const end of endings) end();
      this.labelmaps.dispose();
      this.derived.dispose();
    };
  }

  /**
   * HYDROPS and HYDROPS-Mi2 in the study browser, the latter also in its place; PPI and PEI as they were measured, if
   * their motion was corrected, in place of what was acquired.
   * @param region on MRC's grid: where it is not zero, the windows are to show the values well
   */
  showDerived(study: ShownStudy, read: SourcesRead, region?: Uint8Array): void {
    this.moved = showDerived(this.derived, study, read, {
      region,
      windowOf: (seriesInstanceUid) => this.windowOfSeries(seriesInstanceUid),
    });
    const replaced = MOVING_ROLES.filter((role) =>
      this.layout.shows(role, this.parts.displaySetOf(role))
    );
    this.layout.refresh(['hydropsMi2', ...replaced]);
    for (const { viewportId } of gridViewports(this.parts.services)) this.correctWindow(viewportId);
  }

  /** What stands in the place of a role: the corrected images of the series that has it, where there are any. */
  shownAs(role: Role): DisplaySet | undefined {
    const acquired = this.parts.displaySetOf(role);
    if (role === 'mrc' || !acquired) return acquired;
    const isMoved = this.moved.some(
      (moved) => moved.role === role && moved.seriesInstanceUid === acquired.SeriesInstanceUID
    );
    return (isMoved && this.derived.displaySet(CORRECTED_KINDS[role])) || acquired;
  }

  /** The labelmap of MRC with these labels. */
  openLabelmap(mrc: DisplaySet, read: SourceSeries, labels: LabelVolume): Promise<HydropsLabelmap> {
    return this.labelmaps.open(mrc, read.imageIds, labels);
  }

  /** Shows labels and region in every viewport that can, once each has its images. */
  async showRegion(): Promise<void> {
    const { services } = this.parts;
    // What was drawn since the labels were written belongs to the result before.
    this.overlay.changed();
    await untilViewports(services, () => this.layout.isFilled());
    for (const { viewportId } of gridViewports(services)) await this.complete(viewportId);
    this.overlay.changed();
  }

  /** Brings the images back in a grid, two by two where none is given, at the place that the viewer shows now. */
  async restoreLayout(grid?: GridChoice): Promise<void> {
    this.place.letGo();
    this.labelmaps.current?.readyForStacks();
    await this.layout.restore(grid);
    await this.place.bringBack();
  }

  /** A viewport that is closed while it reads its first image is reported to the reader as an error of the viewer. */
  private choose(grid: GridChoice): void {
    const restore = async () => {
      await this.place.untilFilled();
      await this.restoreLayout(grid);
    };
    // One after the other.
    this.layouts = this.layouts.then(restore, restore);
  }

  /** Brings all viewports to a point, and keeps them there until the reader acts. */
  async goTo(target: Target): Promise<void> {
    await this.place.goTo(target);
  }

  /** Gives a viewport that has its images what belongs on them. */
  private async complete(viewportId: string): Promise<void> {
    const { services, displaySetOf } = this.parts;
    const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
    const mrc = displaySetOf('mrc');
    if (!viewport || !mrc) return;
    this.correctWindow(viewportId);
    const labelmap = this.labelmaps.current;
    if (!labelmap || !isInFrameOf(services, viewport, mrc)) return;
    if (this.notedOn(viewportId, movedNote)) return;
    await whileOpen(services, viewport, () => labelmap.showIn(viewportId));
  }

  /** The host brings the window of an earlier result back with its layout. */
  private correctWindow(viewportId: string): void {
    const kind = this.kindIn(viewportId);
    const { services } = this.parts;
    const window = kind && this.derived.windowInPlaceOf(kind, windowOf(services, viewportId));
    if (window) setWindow(services, viewportId, window);
  }

  private notedOn(viewportId: string, note: (moved: MovedSeries) => string): string | null {
    const moved = movedSeriesIn(this.parts.services, viewportId, this.moved);
    return moved && note(moved);
  }

  /** The window of the first viewport that shows a series. */
  private windowOfSeries(seriesInstanceUid: string): DisplayWindow | null {
    const { services } = this.parts;
    const shown = gridViewports(services).find(({ displaySetInstanceUIDs: [uid] = [] }) => {
      const displaySet = uid ? services.displaySetService.getDisplaySetByUID(uid) : undefined;
      return displaySet?.SeriesInstanceUID === seriesInstanceUid;
    });
    const range = shown && windowOf(services, shown.viewportId);
    if (!range) return null;
    const { lower, upper } = range;
    return { windowCenter: (lower + upper) / 2, windowWidth: upper - lower };
  }

  private kindIn(viewportId: string) {
    const { viewportGridService, displaySetService } = this.parts.services;
    const uid = viewportGridService.getState().viewports.get(viewportId)
      ?.displaySetInstanceUIDs?.[0];
    const displaySet = uid ? displaySetService.getDisplaySetByUID(uid) : undefined;
    return displaySet ? derivedKind(displaySet) : null;
  }

  /** What stands in the place of HYDROPS-Mi2 before it is computed. */
  private emptyPlace(): DisplaySet | undefined {
    return this.parts.services.displaySetService
      .getActiveDisplaySets()
      .find(({ SOPClassHandlerId }) => SOPClassHandlerId === PLACEHOLDER_HANDLER);
  }

  /** The series of the study, those that were derived from it in front; localizers are not looked at beside others. */
  private others(): DisplaySet[] {
    const study = this.parts.displaySetOf('mrc')?.StudyInstanceUID;
    const series = this.parts.services.displaySetService
      .getActiveDisplaySets()
      .filter(
        (displaySet) =>
          displaySet.StudyInstanceUID === study &&
          displaySet.Modality === 'MR' &&
          (displaySet.instances?.length ?? 0) > MIN_SLICES &&
          !displaySet[RETIRED_FLAG]
      );
    const isDerived = (displaySet: DisplaySet) => derivedKind(displaySet) !== null;
    return [...series.filter(isDerived), ...series.filter((displaySet) => !isDerived(displaySet))];
  }

  private successorOf(uid: string): DisplaySet | null {
    const displaySet = this.parts.services.displaySetService.getDisplaySetByUID(uid);
    if (!displaySet) return null;
    if (displaySet.SOPClassHandlerId === PLACEHOLDER_HANDLER) {
      return this.derived.displaySet('hydrops-mi2');
    }
    const kind = displaySet[RETIRED_FLAG] ? derivedKind(displaySet) : null;
    if (!kind) return null;
    const role = MOVING_ROLES.find((moving) => CORRECTED_KINDS[moving] === kind);
    return (role ? this.shownAs(role) : this.derived.displaySet(kind)) ?? null;
  }
}
