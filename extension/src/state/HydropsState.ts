import { DEFAULT_METHOD, PARTS, perPart, perRole } from '@inner-ear-hydrops/core';
import type {
  ImageReference,
  Measurement,
  Method,
  ModelIdentity,
  Progress,
  ResultOrigin,
  Role,
  EarSide,
  Organ,
  Vector3,
  Warning,
} from '@inner-ear-hydrops/core';
import type { ResultPart } from '@inner-ear-hydrops/core/dicom';
import type { AssignmentsBySegmentation, ForeignSegment } from './foreignSegments';
import { NO_FINDINGS, type Findings } from './findingFields';

/** One image series of the open study, as the panel lists it. */
export interface SeriesEntry {
  displaySetInstanceUID: string;
  seriesInstanceUid: string;
  seriesNumber: number | null;
  description: string;
  imageCount: number;
  /** Milliseconds, ascending, where the series holds images of several; else empty. */
  inversionTimes: number[];
  /** Role in force (recognised, or set by the reader). */
  role: Role | null;
  /** Why it has the role, in words ("description contains …", "set by the reader"). */
  reason: string;
}

/** A command that can be run again after it has failed. */
export type RetryCommand =
  | 'computeHydrops'
  | 'saveHydropsResults'
  | 'loadHydropsResults'
  | 'restoreUnsavedResult'
  | 'useSegmentationAsRoi';

/** What went wrong, in words for the reader: cause and remedy. `retry` names the command that tries again. */
export interface Problem {
  code: string;
  message: string;
  remedy: string;
  retry: RetryCommand | null;
  /** What that command was called with; without it, it would take another result. */
  retryOptions?: Record<string, string>;
}

/** A result found in the archive for this study. */
export interface StoredResult {
  seriesInstanceUid: string;
  sopInstanceUid: string;
  label: string;
  created: string | null;
  origin: ResultOrigin;
  /** Name and version; the hash is in the object. */
  model: Pick<ModelIdentity, 'name' | 'version'> | null;
  /** Who read it, where the object names a person. */
  reader: string | null;
}

/** What a result is stored as. */
export type SavePart = ResultPart;

/** How far the storing of one part is. */
export interface SaveItem {
  part: SavePart;
  /** In words: "HYDROPS-Mi2, 48 images". */
  label: string;
  total: number;
  stored: number;
  status: 'waiting' | 'storing' | 'stored' | 'failed';
  /** One sentence for each object that the archive did not take. */
  problems: string[];
}

/** A result of this study that this browser keeps because no archive has confirmed it. */
export interface UnsavedResult {
  id: string;
  /** `save`: storing was begun; `draft`: the reader's work since the last save. */
  kind: 'save' | 'draft';
  /** ISO 8601. */
  created: string;
  edited: boolean;
  /** Objects that the archive has not confirmed. */
  objects: number;
  /** What of it is the reader's, in words, e.g. "slice of the left cochlea"; not known of results kept by earlier versions. */
  changes?: string[];
  /** Another tab of this browser works on it. */
  isOpenElsewhere?: boolean;
}

/** A segmentation of another software that shows at least one of the four organs. */
export interface ForeignSegmentation {
  seriesInstanceUid: string;
  sopInstanceUid: string;
  label: string;
  segments: ForeignSegment[];
}

/** The images of MRC in the order of its slices, as people name them. */
export interface ImageStack {
  images: ImageReference[];
  /** Unit LPS vector from each image to the next. */
  direction: Vector3;
}

export type OrganImages = Partial<Record<EarSide, Partial<Record<Organ, ImageReference>>>>;

/** What a measurement rests on and the reader can change before the next measurement. */
export interface MeasuredWith {
  method: Method;
  /** displaySetInstanceUID of each role. */
  roles: Record<Role, string | null>;
  /** Milliseconds: of roles for which the reader has chosen some of a series' images. */
  inversionTimes: Partial<Record<Role, number>>;
  /** LPS mm; an ear that is absent was located. */
  earCenters: Partial<Record<EarSide, Vector3>>;
}

export interface HydropsState {
  studyInstanceUid: string | null;
  series: SeriesEntry[];
  /** displaySetInstanceUID of each role. */
  roles: Record<Role, string | null>;
  /** displaySetInstanceUID of each role as recognised, whatever the reader chose. */
  automaticRoles: Record<Role, string | null>;
  /** Milliseconds: of roles for which the reader has chosen the images of one inversion time of a series. */
  inversionTimes: Partial<Record<Role, number>>;
  /** Warnings from recognising the roles (`series-repeated`), known before anything is computed. */
  roleWarnings: Warning[];
  /** Display sets that the viewer draws with rounded values; the measurement has those of the files. */
  roundedSeries: string[];
  /** For the next computation; automatic is that of `INITIAL_STATE`. */
  method: Method;
  status: 'idle' | 'running' | 'ready';
  progress: Progress | null;
  problem: Problem | null;
  measurement: Measurement | null;
  /** What `measurement` was made with; null where there is none. */
  measuredWith: MeasuredWith | null;
  /** True once the reader has changed the ROI since the automatic result. */
  edited: boolean;
  /** Backend that ran, e.g. "wasm (2 threads)" or "webgl". */
  backend: string | null;
  /** In sentences: faster backends that the networks do not run on in this browser, and why; empty: none. */
  passedOver: string;
  /** Model that a computation would use (from the manifest), known before it runs. */
  model: ModelIdentity | null;
  /** What the loaded model was trained on, shown from then on; empty before. */
  modelNotice: string;
  /** What the model sees of an ear, mm (from the manifest); null until it is loaded. */
  cropSize: Vector3 | null;
  /** LPS mm: middles of the ears' crops that the reader set; the other ears are located. */
  earCenters: Partial<Record<EarSide, Vector3>>;
  /** Whether the ears' crops are drawn on the images, to be dragged. */
  cropsShown: boolean;
  /** LPS mm: where the network last found each ear by itself. */
  foundEars: Partial<Record<EarSide, Vector3>>;
  /** MRC of the open result. */
  stack: ImageStack | null;
  representativeImages: {
    /** Those that the reader chose. */
    chosen: OrganImages;
    /** Those that are, or without the reader's choice would be, in force. */
    automatic: OrganImages;
  };
  /** Whether a save runs; the result on the screen may change meanwhile. */
  saving: boolean;
  /** The archive has confirmed nothing for some seconds. */
  savingStalls: boolean;
  /** How it stands with the result on the screen. */
  save: { status: 'none' | 'saved' | 'failed'; message: string };
  /** Parts that Save results stores. */
  saveParts: Record<SavePart, boolean>;
  /** What the last save has stored so far; empty before. */
  saveItems: SaveItem[];
  /** Where results are stored, in words. */
  archiveName: string;
  storedResults: StoredResult[];
  /** SOP Instance UID of the stored result that is on the screen, or that the result there was made from. */
  shownStored: string | null;
  unsavedResults: UnsavedResult[];
  /** Whether the site lets browsers keep results that are not saved. */
  keepsUnsaved: boolean;
  /** Why this browser cannot keep results; empty when it can. */
  keepingProblem: string;
  foreignSegmentations: ForeignSegmentation[];
  /** Which organs the reader takes their segments for. */
  segmentAssignments: AssignmentsBySegmentation;
  /** The reader's own findings. */
  findings: Findings;
  /** One sentence for each setting of the site that was not taken. */
  configProblems: string[];
}

export const INITIAL_STATE: HydropsState = {
  studyInstanceUid: null,
  series: [],
  roles: perRole(() => null),
  automaticRoles: perRole(() => null),
  inversionTimes: {},
  roleWarnings: [],
  roundedSeries: [],
  method: DEFAULT_METHOD,
  status: 'idle',
  progress: null,
  problem: null,
  measurement: null,
  measuredWith: null,
  edited: false,
  backend: null,
  passedOver: '',
  model: null,
  modelNotice: '',
  cropSize: null,
  earCenters: {},
  cropsShown: false,
  foundEars: {},
  stack: null,
  representativeImages: { chosen: {}, automatic: {} },
  saving: false,
  savingStalls: false,
  save: { status: 'none', message: '' },
  saveParts: perPart((part) => PARTS[part].byDefault),
  saveItems: [],
  archiveName: 'the archive',
  storedResults: [],
  shownStored: null,
  unsavedResults: [],
  keepsUnsaved: true,
  keepingProblem: '',
  foreignSegmentations: [],
  segmentAssignments: {},
  findings: NO_FINDINGS,
  configProblems: [],
};
