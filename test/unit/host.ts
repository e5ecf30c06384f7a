import type { HydropsService } from '../../extension/src/state/HydropsService';

/*
 * The managers and services of @ohif/core 3.13.2, as a viewer makes them. Stubbed are the two
 * Cornerstone packages, which need WebGL: @ohif/core takes one metadata provider and one function of
 * address parsing from them, neither of which plays a part here.
 */
jest.mock('@cornerstonejs/core', () => ({
  metaData: { get: () => undefined },
  utilities: {
    calibratedPixelSpacingMetadataProvider: { add: () => undefined, get: () => undefined },
  },
}));
jest.mock('@cornerstonejs/dicom-image-loader', () => ({
  utilities: { getUriModule: () => undefined },
}));

interface MatchDetails {
  viewportOptions: { syncGroups: { type: string }[] };
  displaySetsInfo: { displaySetInstanceUID: string }[];
}

interface Mode {
  onModeEnter(context: unknown): void;
  onModeExit(context: unknown): void;
}

export interface Host {
  commandsManager: {
    getCommand(name: string, context: string): unknown;
    /** The commands of a context by their names. */
    getContext(context: string): Record<string, unknown>;
    runCommand(name: string, options: unknown, context: string): unknown;
  };
  extensionManager: {
    registerExtensions(extensions: unknown[]): Promise<void>;
    getModuleEntry(id: string): unknown;
    onModeEnter(): void;
    onModeExit(): void;
  };
  services: {
    displaySetService: {
      addDisplaySets(...displaySets: unknown[]): void;
      getActiveDisplaySets(): unknown[];
      deleteDisplaySet(uid: string): void;
      subscribe(event: string, callback: () => void): unknown;
    };
    customizationService: { init(extensionManager: unknown): void };
    viewportGridService: {
      setServiceImplementation(implementation: Record<string, () => unknown>): void;
    };
    hangingProtocolService: {
      getMatchDetails(): { viewportMatchDetails: Map<string, MatchDetails> };
      getProtocolById(id: string): unknown;
      run(input: unknown, protocolId: string): void;
    };
  };
  hydrops(): HydropsService;
  /** What the viewer's route does, in its order: extensions first, the mode last; null is a mode of another plugin. */
  enter(mode: Mode | null): void;
  /** The mode first, extensions and services last. */
  leave(mode: Mode | null): void;
}

interface OhifCore {
  CommandsManager: new () => Host['commandsManager'];
  ServicesManager: new (commands: unknown) => {
    services: Host['services'] & { hydropsService: HydropsService };
    registerServices(services: unknown[]): void;
    setExtensionManager?(manager: unknown): void;
  };
  ExtensionManager: new (options: Record<string, unknown>) => Host['extensionManager'];
  HangingProtocolService: { REGISTRATION: unknown };
  DisplaySetService: { REGISTRATION: unknown };
  CustomizationService: { REGISTRATION: unknown };
  ToolbarService: { REGISTRATION: unknown };
  ViewportGridService: { REGISTRATION: unknown };
}

/** Stands for what the viewer's Cornerstone extension puts on `window`; here nothing is drawn or loaded. */
function standInForCornerstone(): void {
  const nothing = () => undefined;
  Object.assign(globalThis, {
    cornerstone: {
      eventTarget: new EventTarget(),
      imageLoader: { registerImageLoader: nothing },
      metaData: { get: nothing, addProvider: nothing, removeProvider: nothing },
      cache: { getImage: nothing, getImageLoadObject: nothing },
    },
  });
}

/** Stands for the Cornerstone extension's services, which need WebGL: there is no viewport and no segmentation. */
const cornerstoneServices = ['cornerstoneViewportService', 'segmentationService'].map((name) => ({
  name,
  create: () => ({
    EVENTS: {},
    subscribe: () => ({ unsubscribe: () => undefined }),
    getCornerstoneViewport: () => null,
    destroy: () => undefined,
  }),
}));

/** What our mode asks the viewer's Cornerstone extension for. */
const cornerstoneExtension = {
  id: '@ohif/extension-cornerstone',
  getUtilityModule: () => [
    { name: 'tools', exports: { toolNames: {}, Enums: { MouseBindings: {} } } },
  ],
};

/** A viewer without a screen, with the services that the extension uses at registration and on entry. */
export async function loadHost(): Promise<Host> {
  standInForCornerstone();
  // Its UMD bundle carries no types; what is used of it is declared above.
  const ohif = jest.requireActual<OhifCore>('@ohif/core');
  const commandsManager = new ohif.CommandsManager();
  const servicesManager = new ohif.ServicesManager(commandsManager);
  const extensionManager = new ohif.ExtensionManager({
    commandsManager,
    servicesManager,
    hotkeysManager: {},
    appConfig: { defaultDataSourceName: 'none' },
  });
  servicesManager.setExtensionManager?.(extensionManager);
  servicesManager.registerServices([
    ohif.CustomizationService.REGISTRATION,
    ohif.DisplaySetService.REGISTRATION,
    ohif.HangingProtocolService.REGISTRATION,
    ohif.ToolbarService.REGISTRATION,
    ohif.ViewportGridService.REGISTRATION,
    ...cornerstoneServices,
  ]);
  // The grid's state lives in a React provider of the viewer; this stands for a provider that shows nothing.
  servicesManager.services.viewportGridService.setServiceImplementation({
    getState: () => ({ viewports: new Map(), activeViewportId: null }),
    onModeExit: () => undefined,
  });
  servicesManager.services.customizationService.init(extensionManager);
  await extensionManager.registerExtensions([cornerstoneExtension]);
  return {
    commandsManager,
    extensionManager,
    services: servicesManager.services,
    hydrops: () => servicesManager.services.hydropsService,
    enter: (mode) => {
      extensionManager.onModeEnter();
      mode?.onModeEnter({ servicesManager, extensionManager, commandsManager });
    },
    leave: (mode) => {
      mode?.onModeExit({ servicesManager, extensionManager });
      extensionManager.onModeExit();
    },
  };
}
