import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { EarCrops } from './crops/EarCrops';
import { readConfig } from './config';
import { Archive } from './host/Archive';
import { Brush } from './host/brush';
import { switchDebugLog } from './host/debugSwitch';
import { derivedKind } from './host/displaySets';
import { viewerSteps } from './host/undo';
import { viewCenter } from './host/viewports';
import type { DisplaySet, HostManagers, HostServices } from './host/types';
import { PLACEHOLDER_HANDLER } from './id';
import { MI2_ATTRIBUTE, ROLE_ATTRIBUTE } from './layout/hangingProtocol';
import type { PaintPlacesParts } from './layout/paintPlaces';
import { placeholderDisplaySet } from './layout/placeholder';
import { StudyImages } from './layout/StudyImages';
import { Computing } from './result/Computing';
import { Hold, heldNotice } from './result/Hold';
import { ReaderFindings } from './result/ReaderFindings';
import { ResultActions } from './result/ResultActions';
import { ResultEncoder } from './result/ResultEncoder';
import { ResultExport } from './result/ResultExport';
import { ResultHolder } from './result/ResultHolder';
import { ResultOpening } from './result/ResultOpening';
import { Work } from './result/Work';
import { archiveTarget } from './saving/archiveTarget';
import { Drafts } from './saving/Drafts';
import { keptNotice } from './saving/keptNotice';
import { Keeper } from './saving/Keeper';
import { OtherTabs } from './saving/OtherTabs';
import { KeptResults } from './saving/keptResults';
import { leaveWork } from './saving/leaveWork';
import { listStored } from './saving/listStored';
import { rememberedParts } from './saving/rememberedParts';
import { SaveActions } from './saving/SaveActions';
import { Saver } from './saving/Saver';
import { watchLeaving } from './saving/watchLeaving';
import { History } from './state/History';
import type { HydropsService } from './state/HydropsService';
import { INITIAL_STATE } from './state/HydropsState';
import { problemOf } from './state/problems';
import { StayStore } from './state/StayStore';
import { cropsShown, failed, modeEntered, modeLeft, refused } from './state/transitions';
import { attributeText } from './host/attributeText';
import { Choosing } from './study/Choosing';
import { Engine } from './study/Engine';
import { watchDrawnValues } from './study/drawnValues';
import { hostImages } from './study/hostImages';
import { ModelLoading } from './study/ModelLoading';
import { readSeries } from './study/readSeries';
import { RoleReader } from './study/RoleReader';
import { ROLES } from './study/roles';
import { SegmentAssigning } from './study/SegmentAssigning';
import { StudyList } from './study/StudyList';
import { WorkerClient } from './worker';

/**
 * One stay in our mode: what was begun in it ends with `end()`. It makes the collaborators that carry out the
 * commands, and gives each the few things that it needs.
 */
export class HydropsSession {
  /** Changes what the next computation rests on. */
  readonly choosing: Choosing;
  /** Which organs segments of other software are. */
  readonly assigning: SegmentAssigning;
  readonly work: Work;
  /** Holds changes back while a result is made or opened. */
  readonly hold: Hold;
  readonly computing: Computing;
  /** Opens what was stored or kept. */
  readonly opening: ResultOpening;
  /** Changes the open result and moves in it. */
  readonly acting: ResultActions;
  readonly findings: ReaderFindings;
  /** Reports the open result and hands it out as files. */
  readonly exporting: ResultExport;
  /** Stores the open result, and what this browser keeps. */
  readonly saving: SaveActions;
  readonly brush: Brush;
  /** What the viewer shows of the study. */
  readonly images: StudyImages;
  private readonly crops: EarCrops;
  private readonly list: StudyList;
  private readonly store: StayStore;
  private readonly listNew: (objects: EncodedObject[]) => Promise<void>;
  private readonly offerKept: (studyInstanceUid: string) => Promise<void>;
  private readonly leaveWork: () => Promise<void> | null;
  /** What ends the stay, last begun first. */
  private readonly endings: (() => void)[] = [];
  /** As `endings`, of what keeps the reader's last changes: they wait for that. */
  private readonly lastEndings: (() => void)[] = [];

  constructor(
    managers: HostManagers,
    private readonly service: HydropsService,
    appConfig: Record<string, unknown> | undefined,
    /** The stay of the moment: this one, later the next; what a save stores after the end is listed there. */
    private readonly standing: () => HydropsSession | null
  ) {
    const { commandsManager, extensionManager } = managers;
    const services = managers.servicesManager.services as HostServices;
    const { displaySetService } = services;
    const { config, problems } = readConfig(appConfig, services.customizationService);
    for (const problem of problems) console.warn(`Inner Ear Hydrops, settings: ${problem}`);
    const reader = config.readerName ?? '';
    const store = new StayStore(service);
    this.store = store;
    const archive = new Archive({ services, extensionManager, timeout: config.archiveTimeout });
    const notify: PaintPlacesParts['notify'] = (notice) =>
      void services.uiNotificationService?.show(notice);
    this.hold = new Hold({ store, notify });
    const history = new History(viewerSteps, () => this.hold.refuses());
    const mrc = () => this.list.displaySetOf('mrc');
    // One for each stay: the last stay's may still be keeping the reader's last changes.
    const client = new WorkerClient();

    this.images = new StudyImages({
      services,
      commandsManager,
      displaySetOf: (role) => this.list.displaySetOf(role),
      roi: () => result.current?.roi() ?? null,
      heldNotice: () => (this.hold.isOn() ? heldNotice('Nothing was drawn') : null),
      notify,
    });
    const result: ResultHolder = new ResultHolder({
      store,
      images: this.images,
      mrc,
      history,
      notify,
      onChange: () => drafts.changed(),
      unsaved: {
        keepReplaced: (findingsStay) => drafts.keepReplaced(findingsStay),
        replaced: () => drafts.replaced(),
      },
    });
    const current = () => result.current;
    this.work = new Work({ store, hasResult: () => result.current !== null });

    // The study
    this.list = new StudyList({
      displaySetService,
      store,
      roleRules: config.roleRules,
      placeholder: placeholderDisplaySet,
      onStudy: (studyInstanceUid) => void keeper.offer(studyInstanceUid),
      onStored: () => {
        if (!config.autoRestore || result.current || !mrc()) return;
        void this.opening.loadStored({});
      },
      onRoles: () => this.images.layout.fill(ROLES),
    });
    this.choosing = new Choosing({
      store,
      list: this.list,
      middleOfMrc: () => {
        const shown = mrc();
        return shown ? viewCenter(services, shown.displaySetInstanceUID) : null;
      },
    });
    const engine = new Engine({
      client,
      read: async ({ key, displaySet: uid, wish }, signal, onShare) => {
        const displaySet = displaySetService.getDisplaySetByUID(uid);
        const header = this.list.headerOf(uid);
        if (!displaySet || !header) throw new Error(`No images of display set ${uid}`);
        const source = hostImages(archive);
        const timeout = config.archiveTimeout;
        const options = { key, wish, engine: client, source, signal, onShare, timeout };
        return readSeries(displaySet, header, options);
      },
    });
    const roleReader = new RoleReader({
      engine,
      roles: () => this.list.roles(),
      inversionTimes: () => this.list.inversionTimes(),
      onProgress: (fraction) => this.work.progress('read', fraction),
    });
    const read: RoleReader['readRoles'] = (...request) => roleReader.readRoles(...request);

    // Results
    const keeper = new Keeper({
      store,
      open: KeptResults.open,
      isWanted: config.keepUnsaved,
      tabs: (parts) => new OtherTabs(parts),
      onLost: () => drafts.changed(),
    });
    const encoder = new ResultEncoder({
      findings: () => store.getState().findings,
      segmentationType: config.segmentationType,
    });
    const drafts: Drafts = new Drafts({
      store,
      encoder,
      keeper,
      result: current,
      onReplaced: () => {
        const [kept] = store.getState().unsavedResults;
        if (kept) notify(keptNotice(kept));
      },
    });
    const saver = new Saver({
      store,
      archive,
      target: archiveTarget(archive),
      encoder,
      keeper,
      drafts,
      result: current,
      list: async (objects) => {
        const { studyInstanceUid } = store.getState();
        await this.standing()?.listStored(studyInstanceUid, objects);
      },
      attempts: config.storeAttempts,
    });
    const { modelUrl, backend } = config;
    const model = new ModelLoading({ client, store, service, modelUrl, backend });
    this.computing = new Computing({
      store,
      work: this.work,
      engine,
      read,
      roleWarnings: () => this.list.warnings(),
      result,
      showDerived: (images, of) => this.images.showDerived(images, of),
      model,
      modelUrl,
      backend,
    });
    this.opening = new ResultOpening({
      store,
      work: this.work,
      archive,
      engine,
      read,
      roleWarnings: () => this.list.warnings(),
      roles: () => this.list.roles(),
      inversionTimes: () => this.list.inversionTimes(),
      kept: keeper,
      result,
      reader,
    });
    this.acting = new ResultActions({
      result: current,
      stack: () => store.getState().stack,
      refuse: (message) => store.apply(refused(message, 'compute')),
      fail: (error) => store.apply(failed({ ...problemOf(error, 'compute'), retry: null })),
    });
    this.findings = new ReaderFindings({
      store,
      result: current,
      history,
      onChange: () => drafts.findingsChanged(),
    });
    this.exporting = new ResultExport({ store, result: current, encoder });
    this.saving = new SaveActions({
      store,
      saver,
      keeper,
      result: current,
      onSaved: (studyInstanceUid) => void this.standing()?.afterSave(studyInstanceUid),
    });
    this.listNew = (objects) =>
      listStored({ displaySetService, dataSource: () => archive.dataSource() }, objects);
    this.offerKept = (studyInstanceUid) => keeper.offer(studyInstanceUid);
    this.leaveWork = () =>
      leaveWork({
        drafts,
        saving: this.saving,
        saver,
        store,
        keeper,
        patient: attributeText(
          this.list.headerOf(this.list.roles().mrc ?? '')?.attributes ?? {},
          'PatientName'
        ),
        keepArchive: () => archive.keepDataSource(),
        notify,
      });

    // What the reader drags
    this.brush = new Brush(services);
    this.crops = new EarCrops({
      services,
      state: service,
      mrc,
      computed: () => result.current?.input.ears ?? [],
      onSet: (ear, center) => {
        if (!this.hold.refuses()) this.choosing.setEarCenter(ear, center);
      },
    });

    this.assigning = new SegmentAssigning({ store, isKept: config.keepUnsaved });
    store.apply(
      modeEntered({
        archiveName: archive.name(),
        saveParts: rememberedParts(INITIAL_STATE.saveParts, config.saveParts),
        keepsUnsaved: config.keepUnsaved,
        reader,
        configProblems: problems,
        segmentAssignments: this.assigning.remembered(),
      })
    );
    this.lastEndings.push(
      () => client.dispose(),
      () => result.dispose(),
      () => drafts.end(),
      () => keeper.end(),
      () => engine.end()
    );
    this.endings.push(
      switchDebugLog(config.debug),
      () => history.end(),
      this.images.begin(),
      () => result.leave(),
      this.list.begin(),
      watchDrawnValues(services, store),
      model.begin(),
      () => this.crops.hide(),
      watchLeaving({
        isUnsaved: () => drafts.hasUnsavedWork(),
        keepNow: () => drafts.keepNow(),
      }),
      () => this.work.end()
    );
    // Where the mode could not wait for this file, the protocol has run without roles.
    if (ROLES.some((role) => this.list.displaySetOf(role))) void this.images.layout.fillHung();
  }

  end(): void {
    this.store.end();
    const left = this.leaveWork();
    const endLast = () =>
      this.lastEndings
        .splice(0)
        .reverse()
        .forEach((ending) => ending());
    for (const ending of this.endings.splice(0).reverse()) ending();
    if (left) void left.finally(endLast);
    else endLast();
    this.service.apply(modeLeft);
  }

  /** Has the viewer list objects that were stored, where they are of the study that is open. */
  async listStored(studyInstanceUid: string | null, objects: EncodedObject[]): Promise<void> {
    if (this.isOpen(studyInstanceUid)) await this.listNew(objects);
  }

  /** A save has ended, of this stay or of the stay before. */
  async afterSave(studyInstanceUid: string | null): Promise<void> {
    if (studyInstanceUid === null || !this.isOpen(studyInstanceUid)) return;
    this.list.refresh();
    await this.offerKept(studyInstanceUid);
  }

  private isOpen(studyInstanceUid: string | null): boolean {
    return this.store.getState().studyInstanceUid === studyInstanceUid;
  }

  /** Attributes for the hanging protocol's rules; asked for whenever a protocol is applied. */
  attributeOf(displaySet: DisplaySet, attribute: string): string | undefined {
    if (attribute === MI2_ATTRIBUTE) {
      if (derivedKind(displaySet) === 'hydrops-mi2') return 'image';
      return displaySet.SOPClassHandlerId === PLACEHOLDER_HANDLER ? 'placeholder' : undefined;
    }
    if (attribute !== ROLE_ATTRIBUTE) return undefined;
    const { displaySetInstanceUID } = displaySet;
    // Corrected images stand for the series that was corrected.
    const shown = ROLES.find(
      (role) => this.images.shownAs(role)?.displaySetInstanceUID === displaySetInstanceUID
    );
    if (shown) return shown;
    const role = this.list.roleOf(displaySet);
    const standing = role && this.images.shownAs(role);
    return standing && derivedKind(standing) ? undefined : role;
  }

  /** Draws the ears' crops on the images, or takes them away. */
  showCrops(shown: boolean): void {
    this.store.apply(cropsShown(shown));
    if (shown) this.crops.show();
    else this.crops.hide();
  }
}
