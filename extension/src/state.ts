import type {
  Measurement,
  Method,
  ModelIdentity,
  Progress,
  Role,
  EarSide,
  Organ,
} from '@inner-ear-hydrops/core';

/** One image series of the open study, as the panel lists it. */
export interface SeriesEntry {
  displaySetInstanceUID: string;
  seriesInstanceUid: string;
  seriesNumber: number | null;
  description: string;
  imageCount: number;
  /** Role in force (recognised, or set by the reader). */
  role: Role | null;
  /** Why it has the role, in words ("description contains …", "set by the reader"). */
  reason: string;
}

/** What went wrong, in words for the reader: cause and remedy. `retry` names the command that tries again. */
export interface Problem {
  code: string;
  message: string;
  remedy: string;
  retry: 'computeHydrops' | 'saveHydropsResults' | 'loadHydropsResults' | null;
}

/** A result found in the archive for this study. */
export interface StoredResult {
  seriesInstanceUid: string;
  sopInstanceUid: string;
  label: string;
  created: string | null;
  edited: boolean;
  model: ModelIdentity | null;
}

export interface HydropsState {
  studyInstanceUid: string | null;
  series: SeriesEntry[];
  /** displaySetInstanceUID of each role. */
  roles: Record<Role, string | null>;
  method: Method;
  status: 'idle' | 'running' | 'ready';
  progress: Progress | null;
  problem: Problem | null;
  measurement: Measurement | null;
  /** True once the reader has changed the ROI since the automatic result. */
  edited: boolean;
  /** Backend that ran, e.g. "wasm (2 threads)" or "webgl". */
  backend: string | null;
  /** Model that a computation would use (from the manifest), known before it runs. */
  model: ModelIdentity | null;
  /** Research notice and training-data line of the model, always shown. */
  modelNotice: string;
  representativeSlices: Partial<Record<EarSide, Partial<Record<Organ, number>>>>;
  /**
   * Number of MRC slice k as the viewports show it (their order may run against the grid's);
   * absent before the images are read. The panel falls back to k + 1.
   */
  sliceNumbers?: number[];
  save: { status: 'none' | 'saving' | 'saved' | 'failed'; message: string };
  storedResults: StoredResult[];
}

export const INITIAL_STATE: HydropsState = {
  studyInstanceUid: null,
  series: [],
  roles: { mrc: null, ppi: null, pei: null },
  method: 'hydrops-mi2',
  status: 'idle',
  progress: null,
  problem: null,
  measurement: null,
  edited: false,
  backend: null,
  model: null,
  modelNotice: '',
  representativeSlices: {},
  save: { status: 'none', message: '' },
  storedResults: [],
};
