import { RefusedInputError, REQUIRED_ROLES } from '@inner-ear-hydrops/core';
import type { EarSide, Method, Role, Vector3 } from '@inner-ear-hydrops/core';
import { activeDataSource } from './host';
import { derivedKind } from './derived/derivedInstance';
import { findForeignSegmentations, findStoredResults } from './storedResults';
import { INITIAL_STATE } from './state';
import { MI2_ATTRIBUTE, ROLE_ATTRIBUTE } from './layout/hangingProtocol';
import { choicesOf } from './choices';
import { PLACEHOLDER_HANDLER } from './id';
import {
  assignRoles,
  ROLES,
  withChoice,
  withoutChoice,
  type RoleAssignment,
  type RoleChoices,
} from './roles';
import { disposeWorker, workerClient } from './worker';
import { EarCrops } from './crops';
import { isAbort, problemOf, type Task } from './problems';
import { placeholderDisplaySet } from './layout/placeholder';
import { viewCenter } from './viewports';
import { readConfig, type HydropsConfig } from './config';
import { Engine } from './study/Engine';
import { hostImages } from './study/hostImages';
import { readSeries } from './study/readSeries';
import { READ_SHARE, RoleReader } from './study/RoleReader';
import { OpenResult } from './openResult';
import { ResultActions } from './resultActions';
import { ResultOpening } from './resultOpening';
import { archiveName } from './archive';
import { rememberedParts } from './saving/parts';
import { ResultKeeping } from './saving/ResultKeeping';
import { Saver } from './saving/Saver';
import { hideDoubles, showReportsAsText } from './storedImages';
import { StudyImages } from './StudyImages';
import type { DisplaySet, HostManagers, HostServices } from './hostTypes';
import type { HydropsService } from './HydropsService';

/** The model is loaded once the first images have had time to show. */
const WARM_UP_DELAY_MS = 2500;

/**
 * One stay in our mode: what was begun in it ends with `end()`. It holds what is too large or too alive
 * for the state (volumes, labelmap, subscriptions) and carries out the commands.
 */
export class HydropsSession {
  readonly config: HydropsConfig;
  readonly services: HostServices;
  /** What the viewer shows of the study. */
  readonly images: StudyImages;
  /** The worker, which holds series and studies. */
  readonly engine: Engine;
  readonly reader: RoleReader;
  readonly saver: Saver;
  /** What is done with the open result: stored, kept, reported. */
  readonly keeping: ResultKeeping;
  /** Opens what was stored or kept. */
  readonly opening: ResultOpening;
  /** Changes the open result and moves in it. */
  readonly acting: ResultActions;
  private readonly crops: EarCrops;
  result: OpenResult | null = null;
  private readonly endings: (() => void)[] = [];
  private endImages: () => void = () => undefined;
  private choices: RoleChoices = {};
  /** Which series has which role now, and their headers. */
  assignment: RoleAssignment = {
    series: [],
    roles: { ...INITIAL_STATE.roles },
    automatic: { ...INITIAL_STATE.roles },
    headers: new Map(),
    warnings: [],
  };
  private running: AbortController | null = null;
  private refreshing = false;
  ended = false;

  constructor(
    readonly managers: HostManagers,
    readonly service: HydropsService,
    appConfig: Record<string, unknown> | undefined
  ) {
    this.services = managers.servicesManager.services as HostServices;
    const { config, problems } = readConfig(appConfig, this.services.customizationService);
    this.config = config;
    for (const problem of problems) console.warn(`Inner Ear Hydrops, settings: ${problem}`);
    this.images = new StudyImages({
      services: this.services,
      commandsManager: managers.commandsManager,
      displaySetOf: (role) => this.displaySetOf(role),
      roi: () => this.result?.roi() ?? null,
    });
    this.engine = new Engine({
      client: workerClient,
      read: (key, signal, onShare) => this.readIntoWorker(key, signal, onShare),
    });
    this.reader = new RoleReader({
      engine: this.engine,
      roles: () => this.assignment.roles,
      onProgress: (fraction) => this.progress('read', fraction),
    });
    this.saver = new Saver(this);
    this.keeping = new ResultKeeping(this);
    this.opening = new ResultOpening(this);
    this.acting = new ResultActions({
      result: () => this.result,
      stack: () => service.getState().stack,
      refuse: (message) => this.refuse(message, 'compute'),
      fail: (error) => service.update({ problem: { ...problemOf(error, 'compute'), retry: null } }),
    });
    this.crops = new EarCrops(this);
    service.update({
      archiveName: archiveName(this.dataSource()),
      saveParts: rememberedParts(INITIAL_STATE.saveParts, this.config.saveParts),
      reading: { ...INITIAL_STATE.reading, reader: this.config.readerName ?? '' },
      configProblems: problems,
    });
    this.begin();
  }

  private begin(): void {
    const { displaySetService } = this.services;
    this.endImages = this.images.begin();
    for (const name of ['DISPLAY_SETS_ADDED', 'DISPLAY_SETS_CHANGED', 'DISPLAY_SETS_REMOVED']) {
      const event = displaySetService.EVENTS[name];
      if (!event) continue;
      const subscription = displaySetService.subscribe(event, () => this.refresh());
      this.endings.push(() => subscription.unsubscribe());
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = this.service.onFirstListener(() => {
      timer = setTimeout(() => void this.loadModel(), WARM_UP_DELAY_MS);
    });
    this.endings.push(forget, () => clearTimeout(timer));
    this.refresh();
  }

  end(): void {
    this.ended = true;
    this.running?.abort();
    this.engine.end();
    this.saver.end();
    this.crops.hide();
    for (const ending of this.endings.splice(0)) ending();
    this.result?.dispose();
    this.result = null;
    this.endImages();
    disposeWorker();
    this.service.reset();
  }

  /** Lists series, roles and stored results of the display sets that the host has now. */
  refresh(): void {
    if (this.refreshing || this.ended) return;
    this.refreshing = true;
    try {
      const { displaySetService } = this.services;
      const displaySets = displaySetService.getActiveDisplaySets();
      const studyInstanceUid =
        displaySets.find((one) => one.Modality === 'MR' && !one.madeInClient)?.StudyInstanceUID ??
        null;
      if (
        studyInstanceUid &&
        !displaySets.some((one) => one.SOPClassHandlerId === PLACEHOLDER_HANDLER)
      ) {
        displaySetService.addDisplaySets(placeholderDisplaySet(studyInstanceUid));
      }
      const ofStudy = displaySets.filter((one) => one.StudyInstanceUID === studyInstanceUid);
      this.assignment = assignRoles(ofStudy, this.choices, this.config.roleRules);
      const before = this.service.getState();
      const storedResults = findStoredResults(ofStudy);
      this.service.update({
        studyInstanceUid,
        series: this.assignment.series,
        roles: this.assignment.roles,
        automaticRoles: this.assignment.automatic,
        roleWarnings: this.assignment.warnings,
        storedResults,
        foreignSegmentations: findForeignSegmentations(ofStudy),
      });
      hideDoubles(displaySetService, ofStudy);
      showReportsAsText(ofStudy);
      if (studyInstanceUid && studyInstanceUid !== before.studyInstanceUid) {
        this.service.update({ earCenters: {}, foundEars: {} });
        void this.saver.keeper.offer(studyInstanceUid);
      }
      if (
        this.config.autoRestore &&
        before.storedResults.length === 0 &&
        storedResults.length > 0 &&
        !this.result &&
        this.assignment.roles.mrc
      ) {
        void this.opening.loadStored({});
      }
    } finally {
      this.refreshing = false;
    }
  }

  /** Attributes for the hanging protocol's rules; asked for whenever a protocol is applied. */
  attributeOf(displaySet: DisplaySet, attribute: string): string | undefined {
    if (attribute === MI2_ATTRIBUTE) {
      if (derivedKind(displaySet) === 'hydrops-mi2') return 'image';
      return displaySet.SOPClassHandlerId === PLACEHOLDER_HANDLER ? 'placeholder' : undefined;
    }
    if (attribute !== ROLE_ATTRIBUTE) return undefined;
    // The protocol may run in the same turn in which the last series arrived.
    this.refresh();
    const { roles } = this.assignment;
    return ROLES.find((role) => roles[role] === displaySet.displaySetInstanceUID);
  }

  setRole(displaySetInstanceUID: string, role: Role | null): void {
    this.choose(withChoice(this.choices, this.assignment.roles, displaySetInstanceUID, role));
  }

  /** Gives a role back to the series that was recognised for it. */
  resetRole(role: Role): void {
    this.choose(withoutChoice(this.choices, this.assignment.automatic, role));
  }

  private choose(choices: RoleChoices): void {
    this.choices = choices;
    this.refresh();
    this.images.layout.fill(ROLES);
  }

  /** @param center LPS mm; null lets the ear be located again; absent: the middle of the MRC view. */
  setEarCenter(ear: EarSide, center?: Vector3 | null): void {
    const mrc = this.displaySetOf('mrc');
    const chosen =
      center === undefined && mrc ? viewCenter(this.services, mrc.displaySetInstanceUID) : center;
    if (chosen === undefined || (chosen === null && center !== null)) {
      return this.refuse(
        'MRC is not on the screen.',
        'compute',
        'Show the MRC series, then set the ear.'
      );
    }
    const earCenters = { ...this.service.getState().earCenters };
    if (chosen) earCenters[ear] = chosen;
    else delete earCenters[ear];
    this.service.update({ earCenters });
  }

  /** Draws the ears' crops on the images, or takes them away. */
  showCrops(shown: boolean): void {
    this.service.update({ cropsShown: shown });
    if (shown) this.crops.show();
    else this.crops.hide();
  }

  setMethod(method: Method): void {
    this.service.update({ method });
  }

  /** Reads, segments and measures; the outcome is in the state, as is any problem. */
  async compute(): Promise<void> {
    await this.run('compute', async (signal) => {
      const before = this.service.getState();
      const { method, roles, earCenters } = before;
      const choices = choicesOf(before);
      const { warnings: roleWarnings } = this.assignment;
      const read = await this.reader.readRoles(REQUIRED_ROLES[method], signal);
      const warnings = [...roleWarnings, ...Object.values(read).flatMap((one) => one.warnings)];
      const outcome = await this.engine.compute({
        read,
        modelUrl: this.config.modelUrl,
        backend: this.config.backend,
        method,
        centers: Object.keys(earCenters).length > 0 ? earCenters : undefined,
        choices,
        warnings,
        signal,
        onProgress: ({ stage, fraction }) =>
          this.progress(stage, READ_SHARE + (1 - READ_SHARE) * fraction),
      });
      signal.throwIfAborted();
      await this.open(
        await OpenResult.create(this, {
          read,
          prepared: outcome.images,
          held: outcome.held,
          labels: outcome.labels,
          ears: outcome.ears,
          model: outcome.measurement.model,
          backend: outcome.backend,
          measurement: outcome.measurement,
          measuredWith: { method, roles, earCenters },
          edited: false,
          created: new Date(),
          representativeSlices: {},
        })
      );
      const found = outcome.ears.filter(({ side }) => !earCenters[side]);
      this.service.update({
        status: 'ready',
        backend: outcome.backend,
        model: outcome.measurement.model,
        foundEars: {
          ...this.service.getState().foundEars,
          ...Object.fromEntries(found.map(({ side, center }) => [side, center])),
        },
        save: { status: 'none', message: '' },
      });
    });
  }

  /** HYDROPS and HYDROPS-Mi2 alone, without a segmentation. */
  async createMi2(): Promise<void> {
    await this.run('compute', async (signal) => {
      const { method } = this.service.getState();
      const read = await this.reader.readRoles(REQUIRED_ROLES[method], signal);
      this.progress('align', 0.8);
      this.images.showDerived(await this.engine.derive(read, method, signal), read);
      this.service.update({ status: this.result ? 'ready' : 'idle' });
    });
  }

  cancel(): void {
    this.running?.abort();
  }

  /** Brings the four images back, each in its place. */
  async restoreLayout(): Promise<void> {
    await this.images.restoreLayout();
  }

  dataSource() {
    return activeDataSource(this.managers.extensionManager);
  }

  private readIntoWorker(key: string, signal: AbortSignal, onShare: (share: number) => void) {
    const displaySet = this.services.displaySetService.getDisplaySetByUID(key);
    const header = this.assignment.headers.get(key);
    if (!displaySet || !header) throw new Error(`No images of display set ${key}`);
    return readSeries(displaySet, header, {
      key,
      engine: workerClient,
      source: hostImages(this.services, this.dataSource()),
      signal,
      onShare,
      timeout: this.config.archiveTimeout,
    });
  }

  displaySetOf(role: Role): DisplaySet | undefined {
    const uid = this.assignment.roles[role];
    return uid ? this.services.displaySetService.getDisplaySetByUID(uid) : undefined;
  }

  /** Shows a result in place of the one before. */
  async open(result: OpenResult): Promise<void> {
    this.result?.dispose();
    this.result = result;
    await result.show();
  }

  /** One computation at a time; what goes wrong becomes the state's problem. */
  async run(task: Task, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.running) return;
    const controller = new AbortController();
    this.running = controller;
    this.service.update({
      status: 'running',
      problem: null,
      progress: { stage: 'read', fraction: 0 },
    });
    try {
      await work(controller.signal);
    } catch (error) {
      if (!this.ended && !isAbort(error)) {
        console.error('Inner Ear Hydrops:', error);
        this.service.update({ problem: problemOf(error, task) });
      }
    } finally {
      this.running = null;
      if (!this.ended) {
        this.service.update({ status: this.result ? 'ready' : 'idle', progress: null });
      }
    }
  }

  /** How far the running work is; nothing when none runs. */
  progress(
    stage: 'read' | 'model' | 'align' | 'locate' | 'segment' | 'measure',
    fraction: number
  ): void {
    if (this.running) this.service.update({ progress: { stage, fraction } });
  }

  /** Tells the reader that something comes first. */
  refuse(
    message: string,
    task: Task,
    remedy = 'Press Compute EH first, or restore a stored result.'
  ): void {
    this.service.update({
      problem: problemOf(new RefusedInputError('no-result', message, remedy), task),
    });
  }

  private async loadModel(): Promise<void> {
    try {
      const { model, cropSize } = await workerClient.warmUp(
        this.config.modelUrl,
        this.config.backend
      );
      if (this.ended) return;
      this.service.update({ model: this.service.getState().model ?? model, cropSize });
    } catch (error) {
      if (this.ended || isAbort(error)) return;
      const { problem } = this.service.getState();
      this.service.update({ problem: problem ?? { ...problemOf(error, 'compute') } });
    }
  }
}
