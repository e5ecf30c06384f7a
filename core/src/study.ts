import type {
  AbsenceReason,
  AlignmentReport,
  EarSide,
  ImageReference,
  LabelVolume,
  Measurement,
  Method,
  ModelIdentity,
  Organ,
  Role,
  Sampling,
  Series,
  Vector3,
  Volume,
  Warning,
} from './types';

/** One ear as a segmentation network found it. */
export interface EarFinding {
  side: EarSide;
  /** LPS mm: centre of the crop that was segmented. */
  center: Vector3;
  /** Mean probability of the voxels given to each organ, 0–1. */
  confidence: Record<Organ, number>;
  /**
   * What the confidence is judged by: from the manifest of the network that made the region, so that it stays
   * with the region wherever that is stored. Null where the manifest states none; absent in results that were
   * stored before manifests could.
   */
  confidenceThresholds?: Record<Organ, number> | null;
}

/** An ear that was looked for and not found, and why: said in every output (`ear-not-found`). */
export interface EarAbsence {
  side: EarSide;
  reason: Exclude<AbsenceReason, 'no-region'>;
}

export interface EarSegmentation {
  /** On MRC's grid, values of `ANATOMY` (+ `RIGHT_EAR_OFFSET`). */
  anatomy: Uint8Array;
  /** On MRC's grid, the four segments. */
  labels: LabelVolume;
  ears: EarFinding[];
  /** One entry for each ear that `ears` lacks. */
  absent: EarAbsence[];
}

/** Implemented in `core/segmentation`. */
export interface Segmenter {
  readonly identity: ModelIdentity;
  /** What it sees of an ear, mm along the axes of the nearest axial grid. */
  readonly cropSize: Vector3;
  /** Of its manifest: what it was trained on, as a sentence. */
  readonly trainedOn: string;
  /** e.g. "wasm (2 threads)". */
  readonly backend: string;
  /** In sentences: faster backends that were not taken, and why; absent or empty: none. */
  readonly passedOver?: string;
  segment(
    mrc: Volume,
    options: {
      signal?: AbortSignal;
      onProgress?: (fraction: number) => void;
      centers?: Partial<Record<EarSide, Vector3>>;
    }
  ): Promise<EarSegmentation>;
}

/** Images of one series that are no measurement, or none on the scale of the others. */
export interface ImageFault {
  role: Role;
  /** `blank`: one single value everywhere; `repeated`: the pixels of another image; `brightness`: brighter or darker than their neighbours. */
  kind: 'blank' | 'repeated' | 'brightness';
  /** In the order of the stack. */
  images: ImageReference[];
  /** Of `brightness`: least and greatest factor on the images against the rest of the series. */
  factors: [number, number] | null;
  /** On MRC's grid: 1 where the value comes from one of the images. */
  reach: Uint8Array;
}

/** Where a series holds no signal, or may not, as it was read. */
export interface SignalGap {
  role: Role;
  /** Of the series, by slice. */
  images: ImageReference[];
  /** How it was brought onto MRC's grid. */
  sampling: Sampling;
  /** By voxel of the series: 1 where nothing was measured (padding, holes in fluid); null where all was. */
  missing: Uint8Array | null;
  /** By voxel of the series: 1 in patches of equal pixels, which are gaps where an organ lies on them; null: none. */
  flat: Uint8Array | null;
}

/** The three images on one grid, ready to be measured again after each edit. */
export interface PreparedStudy {
  header: { studyInstanceUid: string; mrc: string; ppi: string; pei: string | null };
  mrc: Volume;
  ppi: Volume;
  pei: Volume | null;
  hydrops: Volume;
  hydropsMi2: Volume;
  method: Method;
  /** HYDROPS2's factor on MRC: a single factor for both ears, or each ear's own; null for the other methods. */
  mrcScale: number | Record<EarSide, number> | null;
  alignment: { ppi: AlignmentReport; pei: AlignmentReport | null };
  /** Warnings about alignment and input, independent of any ROI. */
  warnings: Warning[];
  /** The stored image of each MRC slice k. */
  images: ImageReference[];
  /** Found in the series as they were read; empty for a sound study. */
  faults: ImageFault[];
  /**
   * The one definition of endolymph: 1 where HYDROPS-Mi2 < 0 (zero is not endolymph), on MRC's grid. Whoever
   * counts, draws or stores endolymph takes it from here.
   */
  endolymph: Uint8Array;
  /**
   * 1 for each voxel of MRC's grid at which PPI or PEI has no image. All images but MRC are 0 there, and an organ that
   * reaches there is not measured. Null or absent where both cover MRC.
   */
  uncovered?: Uint8Array | null;
  /** Of the series as they were read; empty or absent for a study without padding or flat patches. */
  gaps?: SignalGap[];
  /**
   * 1 for each voxel of MRC's grid at which a series was not measured: a value there would be made of padding or of a
   * hole. It is not counted, and where PPI or PEI is missing all images but MRC are 0. Null or absent: none.
   */
  missing?: Uint8Array | null;
  /** Share of the noise variance that interpolation left, mean of PPI and PEI; absent where their values are as stored. */
  noiseKept?: number;
  /** 1 for each voxel that statistics of the images leave out: missing, or made of a faulty image. */
  leftOut?: Uint8Array | null;
}

export interface StudyResult {
  prepared: PreparedStudy;
  segmentation: EarSegmentation;
  measurement: Measurement;
  backend: string;
}

export type StudySeries = Partial<Record<Role, Series>>;
