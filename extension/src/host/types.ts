/**
 * The parts of OHIF's services that this extension uses, declared here since the `@ohif/*` packages
 * on npm carry no types. Tried on 3.12.10 and 3.13.2.
 */

export interface Subscription {
  unsubscribe(): void;
}

export interface PubSub {
  EVENTS: Record<string, string>;
  subscribe(event: string, callback: (event: Record<string, unknown>) => void): Subscription;
}

/** A naturalised DICOM instance with the host's image id. */
export type HostInstance = Record<string, unknown> & {
  SOPInstanceUID: string;
  SOPClassUID: string;
  SeriesInstanceUID: string;
  StudyInstanceUID: string;
  imageId?: string;
};

export interface DisplaySet {
  displaySetInstanceUID: string;
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SOPClassHandlerId?: string;
  SOPInstanceUID?: string;
  Modality?: string;
  SeriesDescription?: string;
  SeriesNumber?: number | string | null;
  FrameOfReferenceUID?: string;
  instances?: HostInstance[];
  instance?: HostInstance;
  imageIds?: string[];
  images?: HostInstance[];
  madeInClient?: boolean;
  excludeFromThumbnailBrowser?: boolean;
  [key: string]: unknown;
}

export interface DisplaySetService extends PubSub {
  getActiveDisplaySets(): DisplaySet[];
  getDisplaySetByUID(uid: string): DisplaySet | undefined;
  addDisplaySets(...displaySets: DisplaySet[]): DisplaySet[];
  makeDisplaySets(
    instances: HostInstance[],
    options?: { madeInClient?: boolean }
  ): DisplaySet[] | undefined;
  deleteDisplaySet(uid: string): void;
}

/** How a viewport is opened; `viewportId` is its id. */
export type ViewportOptions = Record<string, unknown> & { viewportId: string };

/** By the selector of a protocol that chose the display set; empty where none did. */
export interface DisplaySetOptions {
  id: string;
  options: Record<string, unknown>;
}

export interface GridViewport {
  viewportId: string;
  displaySetInstanceUIDs: string[];
  displaySetOptions?: DisplaySetOptions[];
  viewportOptions?: ViewportOptions;
  isReady?: boolean;
}

export interface ViewportGridService extends PubSub {
  getState(): {
    viewports: Map<string, GridViewport>;
    activeViewportId: string | null;
    layout: { numRows: number; numCols: number };
  };
  /** Rows and columns of viewports, each with what the function gives for its position, counted row by row. */
  setLayout(layout: {
    numRows: number;
    numCols: number;
    findOrCreateViewport: (position: number) => Omit<GridViewport, 'viewportId'> | undefined;
    /** Whether the viewports keep the options of the protocol that hangs when other series are put into them. */
    isHangingProtocolLayout: boolean;
  }): unknown;
}

/** The part of a Cornerstone viewport that is used; stack and volume viewports differ in the rest. */
export interface HostViewport {
  id: string;
  setProperties(properties: { voiRange?: { lower: number; upper: number } }): void;
  /** Undefined of a reformation that has no volume yet. */
  getProperties(): { voiRange?: { lower: number; upper: number } } | undefined;
  getImageIds?(): string[];
  getCurrentImageIdIndex?(): number;
  getCurrentImageId?(): string | undefined;
  type?: string;
  getCamera?(): Camera;
  setCamera?(camera: Partial<Camera>): void;
  /** Of a stack viewport: fits the image into the present size. */
  resetCameraForResize?(): unknown;
  setImageIdIndex?(index: number): Promise<unknown>;
  /** Size for which it draws, in pixels of the screen; it follows the size of the element late. */
  sWidth?: number;
  sHeight?: number;
  /** What the viewport draws into; positions on it are in CSS pixels from its upper left corner. */
  element?: HTMLDivElement;
  worldToCanvas?(point: [number, number, number]): [number, number];
  /** LPS mm of a place on the plane that is shown. */
  canvasToWorld?(position: [number, number]): [number, number, number];
  getFrameOfReferenceUID?(): string | undefined;
  getImageData?(): unknown;
  /** Whether it has drawn what it was given: `rendered` (both hosts). */
  viewportStatus?: string;
  /** Of a stack viewport: takes over the pixels of the image that it shows. */
  renderImageObject?(image: unknown): void;
  /** What is drawn; `representationUID` of a segmentation begins with its id, `referencedId` is the image or volume. */
  getActors?(): {
    representationUID?: string;
    referencedId?: string;
    actor?: { getVisibility?(): boolean; setVisibility?(visible: boolean): void };
  }[];
  render(): void;
}

/** Patient coordinates, mm; `parallelScale` is half the height of what is shown. */
export interface Camera {
  focalPoint: [number, number, number];
  position: [number, number, number];
  viewPlaneNormal: [number, number, number];
  parallelScale: number;
}

export interface CornerstoneViewportService extends PubSub {
  getCornerstoneViewport(viewportId: string): HostViewport | null | undefined;
}

export interface HostSegmentation {
  segmentationId: string;
  representationData?: {
    Labelmap?: {
      imageIds?: string[];
      referencedImageIds?: string[];
      volumeId?: string;
      /** 3.13: the layer that `imageIds` are, and the layer in which each segment lies. */
      primaryLabelmapId?: string;
      segmentBindings?: Record<number, { labelmapId: string }>;
      /** By id, of hosts that keep several layers (3.13.2). */
      labelmaps?: Record<string, { referencedImageIds?: string[] }>;
    };
  };
}

/** A segmentation in one viewport. */
export interface HostRepresentation {
  segmentationId: string;
  visible?: boolean;
  /** By segment number. */
  segments?: Record<number, { visible?: boolean }>;
}

export interface SegmentationService extends PubSub {
  createLabelmapForDisplaySet(
    displaySet: DisplaySet,
    options: {
      segmentationId: string;
      label: string;
      segments: Record<number, Record<string, unknown>>;
    }
  ): Promise<string>;
  addSegmentationRepresentation(
    viewportId: string,
    options: { segmentationId: string; type?: string }
  ): Promise<void>;
  getSegmentation(segmentationId: string): HostSegmentation | undefined;
  getSegmentationRepresentations(
    viewportId: string,
    specifier?: { segmentationId?: string; type?: string }
  ): HostRepresentation[];
  setSegmentColor?(
    viewportId: string,
    segmentationId: string,
    segmentIndex: number,
    color: [number, number, number, number]
  ): void;
  setStyle?(
    specifier: { type: string; segmentationId: string },
    style: Record<string, number | boolean>
  ): void;
  setActiveSegmentation?(viewportId: string, segmentationId: string): void;
  setActiveSegment?(segmentationId: string, segmentIndex: number): void;
  remove?(segmentationId: string): void;
}

export interface CustomizationService {
  getCustomization(id: string): unknown;
}

export interface UserAuthenticationService {
  getAuthorizationHeader?(): Record<string, string> | undefined;
}

/** Notices in a corner of the viewer, whichever panel is open. */
export interface NotificationService {
  show(notice: {
    id?: string;
    title: string;
    message: string;
    type?: 'success' | 'error' | 'info' | 'warning';
    /** Milliseconds. */
    duration?: number;
    allowDuplicates?: boolean;
  }): unknown;
}

export interface ToolGroupService {
  getToolGroupIds(): string[];
  /** Undefined of a viewport without tools. */
  getToolGroupForViewport(viewportId: string): ToolGroup | undefined | void;
}

/** Cornerstone's own. */
export interface ToolGroup {
  /** Name of the tool that the primary button uses. */
  getActivePrimaryMouseButtonTool(): string | undefined;
  getToolInstance(
    name: string
  ): { configuration?: { brushSize?: number; activeStrategy?: string } } | undefined;
}

export interface ToolbarService {
  refreshToolbarState(props: { viewportId: string | null }): unknown;
}

/** The part of a protocol that is used. */
export interface HangingProtocol {
  id: string;
  callbacks?: {
    /** Called before the reader's choice of rows and columns is carried out; false keeps the viewer from it. */
    onLayoutChange?: (choice: { numRows: number; numCols: number }) => unknown;
  };
}

export interface HangingProtocolService extends PubSub {
  /** The protocol that hangs, the viewer's own object; none before the first study. */
  getActiveProtocol(): { protocol?: HangingProtocol | null };
  addCustomAttribute(
    id: string,
    name: string,
    callback: (...arguments_: unknown[]) => unknown,
    options?: Record<string, unknown>
  ): void;
}

export interface HostServices {
  displaySetService: DisplaySetService;
  viewportGridService: ViewportGridService;
  cornerstoneViewportService: CornerstoneViewportService;
  segmentationService: SegmentationService;
  customizationService: CustomizationService;
  hangingProtocolService: HangingProtocolService;
  userAuthenticationService?: UserAuthenticationService;
  uiNotificationService?: NotificationService;
  toolGroupService: ToolGroupService;
  toolbarService: ToolbarService;
}

export interface ServicesManager {
  services: Partial<HostServices> & Record<string, unknown>;
  registerService(registration: {
    name: string;
    create(options: Record<string, unknown>): unknown;
  }): void;
}

export interface DataSource {
  store?: { dicom?(data: ArrayBuffer, request?: unknown): Promise<unknown> };
  retrieve?: {
    series?: {
      metadata(options: {
        StudyInstanceUID: string;
        filters?: Record<string, unknown>;
      }): Promise<unknown>;
    };
    bulkDataURI?(options: {
      StudyInstanceUID: string;
      BulkDataURI: string;
    }): Promise<ArrayBuffer | ArrayBuffer[]>;
  };
  getImageIdsForInstance?(options: { instance: HostInstance; frame?: number }): string;
  getConfig?(): Record<string, unknown>;
  deleteStudyMetadataPromise?(studyInstanceUid: string): void;
}

export interface ExtensionManager {
  getActiveDataSource(): DataSource[];
  getModuleEntry(id: string): { exports?: unknown } | undefined;
  /** The application's configuration; `appConfig` on 3.12 and 3.13, private there. */
  appConfig?: Record<string, unknown>;
  _appConfig?: Record<string, unknown>;
}

export interface CommandsManager {
  runCommand(name: string, options?: Record<string, unknown>, context?: string): unknown;
}

export interface HostManagers {
  servicesManager: ServicesManager;
  extensionManager: ExtensionManager;
  commandsManager: CommandsManager;
}
