import type { PerAxis } from './axes';
import type { ChosenBy, Choices } from './registry/choiceTypes';
import { EARS, type EarSide } from './registry/ears';
import type { Method } from './registry/methods';
import type { Organ, Segment } from './registry/organs';
import type { Role } from './registry/roles';
import type { Output, WarningCode } from './registry/warnings';

// Their data stand in `registry`.
export { SEGMENTS } from './registry/organs';
export type { EarSide, Method, Organ, Role, Segment };
export type { AutomaticChoices, Choices, ChosenBy } from './registry/choiceTypes';

/**
 * Plain data that crosses module, worker and file boundaries. Coordinates are DICOM patient
 * coordinates (LPS: +x left, +y posterior, +z superior) in millimetres.
 */

export type Vector3 = [number, number, number];

/** Three vectors one after the other, or a 3 × 3 matrix row by row. */
export type Matrix3 = readonly [
  ...[number, number, number],
  ...[number, number, number],
  ...[number, number, number],
];

/**
 * A regular grid in patient space. The centre of voxel (i, j, k) lies at
 * `origin + i·spacing[0]·direction[0..2] + j·spacing[1]·direction[3..5] + k·spacing[2]·direction[6..8]`.
 */
export interface Geometry {
  /** Columns, rows, slices. */
  size: Vector3;
  /** Millimetres between centres along i (columns), j (rows) and k (slices). */
  spacing: Vector3;
  /** LPS position of the centre of voxel (0, 0, 0). */
  origin: Vector3;
  /** Unit LPS vectors of the i, j and k axes, one after the other; always right-handed. */
  direction: Matrix3;
}

/** Where the values of a grid are read from in a series that was brought onto it; plain data. */
export interface Sampling {
  /** Of the series. */
  size: Vector3;
  /** Continuous index in the series of the grid's voxel (0, 0, 0), and the steps from it along the grid's axes. */
  zero: Vector3;
  steps: PerAxis<Vector3>;
  /** Sub-samples of a voxel that a value is the mean of: i, j, k of each, in voxels of the series. */
  offsets: number[];
}

/** Voxel (i, j, k) is at `data[i + columns·(j + rows·k)]`. */
export interface Volume extends Geometry {
  data: Float32Array;
  /** 1 for each voxel at which nothing was measured (padding); absent where all were. */
  missing?: Uint8Array;
}

export interface LabelVolume extends Geometry {
  data: Uint8Array;
  segments: Segment[];
}

/**
 * Values of an anatomy volume, which holds what the four segments leave out and the rules for
 * representative slices and leakage need. An ear's own structures are `EARS[ear].anatomyOffset` higher.
 */
export const ANATOMY = {
  background: 0,
  cochlea: 1,
  /** Without the ampullae. */
  vestibule: 2,
  /** Lateral semicircular canal with its ampulla. */
  lateralCanal: 3,
  /** Superior and posterior canals with their ampullae and common crus. */
  otherCanals: 4,
  internalAuditoryCanal: 5,
} as const;
export const RIGHT_EAR_OFFSET = EARS.right.anatomyOffset;

/** What identifies a stored image that a slice came from. */
export interface SliceSource {
  sopInstanceUid: string;
  sopClassUid: string;
  /** Instance Number (0020,0013), by which people find the image. */
  instanceNumber: number | null;
  /** 1-based, for multi-frame images only. */
  frameNumber?: number;
}

/** Series-level facts used for roles, checks, and for encoding results. Absent values are null. */
export interface SeriesHeader {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  seriesNumber: number | null;
  seriesDescription: string;
  protocolName: string;
  sequenceName: string;
  modality: string;
  frameOfReferenceUid: string | null;
  imageType: string[];
  /** Milliseconds. */
  inversionTime: number | null;
  echoTime: number | null;
  repetitionTime: number | null;
  scanningSequence: string[];
  manufacturer: string;
  modelName: string;
  /** VOI of the first image, when given. */
  windowCenter: number | null;
  windowWidth: number | null;
  /** True when the modality LUT gives, or the pixel type and values contain, values below zero. */
  hasNegativeValues: boolean;
  /** Number of images (frames) found, before any check. */
  imageCount: number;
  /**
   * Naturalised DICOM attributes (dcmjs names) of one instance without pixel data: patient and
   * study modules for the objects that we write.
   */
  attributes: Record<string, unknown>;
}

/** By what the stored values of an image became the values that are measured. */
export interface ValueScale {
  /** Rescale Slope and Intercept; Real World Value Mapping where these are absent; or the stored values as they are. */
  source: 'rescale' | 'real-world' | 'stored';
  /** Rescale Slope (0028,1053) as the image states it: a number, `empty` or `absent`. */
  slope: string;
  /** Rescale Intercept (0028,1052), likewise. */
  intercept: string;
  /** Unit of a real world value, code value and scheme; empty otherwise. */
  units: string;
}

/** What is known of the lossy compression of an image (PS3.3 C.7.6.1.1.5), one value for each time it was compressed. */
export interface LossyCompression {
  /** Lossy Image Compression Ratio (0028,2112). */
  ratios: number[];
  /** Lossy Image Compression Method (0028,2114). */
  methods: string[];
  /** Whether the file says so (0028,2110), or its stream only. */
  isStated: boolean;
}

/** One series assembled into a volume; `sources[k]` is the image of slice k. */
export interface Series {
  header: SeriesHeader;
  volume: Volume;
  /** Absent: not known. */
  scale?: ValueScale;
  /** Of the image that lost most; absent where none is known to have been compressed with loss. */
  lossy?: LossyCompression;
  /** Value of the volume for one unit of the signal that the scanner measured; absent where none is stated. */
  valuePerSignal?: number;
  sources: SliceSource[];
}

/** One image as a reader (DICOM file, or the host's image cache) hands it over. */
/** What tells images of one series apart that lie at one place (magnitude and phase, echoes, repetitions). */
export interface ImageTraits {
  /** Image Type (0008,0008) or Frame Type (0008,9007), in capitals. */
  imageType: readonly string[];
  /** Complex Image Component (0008,9208) as stated; null where it is not. */
  component: string | null;
  /** Milliseconds. */
  echoTime: number | null;
  inversionTime: number | null;
  acquisitionNumber: number | null;
  temporalPosition: number | null;
  /** In colour: several Samples per Pixel (0028,0002), or indices of a palette (0028,0004). */
  colour: boolean;
}

export interface SliceInput extends SliceSource {
  columns: number;
  rows: number;
  imagePositionPatient: Vector3;
  /** Row cosines (direction of increasing column index), then column cosines. */
  imageOrientationPatient: [number, number, number, number, number, number];
  /** DICOM order: distance between rows, distance between columns. */
  pixelSpacing: [number, number];
  /** Row by row; rescale slope and intercept already applied. */
  pixels: ArrayLike<number>;
  /** 1 for each pixel that is padding and no measurement; absent where none is. */
  padded?: Uint8Array;
  /** Absent: like all others of its series. */
  traits?: ImageTraits;
  /** Value of `pixels` for one unit of the signal that the scanner measured, where it states one (Philips). */
  valuePerSignal?: number;
  scale?: ValueScale;
  /** Absent where the image is not known to have been compressed with loss. */
  lossy?: LossyCompression;
  /** Name of its file, for messages. */
  file?: string;
}

/**
 * A stored image as people find it in any viewer (Series Number, Instance Number, frame) and as software
 * does (SOP Instance UID). Nothing that leaves the software names a slice in any other way.
 */
export interface ImageReference {
  /** Series Number (0020,0011). */
  seriesNumber: number | null;
  /** Instance Number (0020,0013). */
  instanceNumber: number | null;
  /** 1-based frame of a multi-frame image; null for an image of one frame. */
  frameNumber: number | null;
  sopInstanceUid: string;
  /** Where Instance Number and frame do not tell the slices of the series apart: the place in the stack, for the name. */
  byPosition?: SlicePosition;
}

/** The place of a slice in its stack, from 1 on. */
export interface SlicePosition {
  slice: number;
  of: number;
  /** The end of the stack where slice 1 lies, as of the patient: `the feet`. */
  from: string;
}

/** Where the voxels of an organ come from: the network, the network and the reader's edits, or neither. */
export type MaskOrigin = 'automatic' | 'edited' | 'drawn';

/** A stable code, a sentence for the reader, and the values behind it. */
export interface Warning {
  code: WarningCode;
  message: string;
  ear: EarSide | null;
  /** The organ that is meant; absent or null: both of the ear, or of both ears. */
  organ?: Organ | null;
  values?: Record<string, number | string>;
}

/** Counted pixels of one slice of an organ. */
export interface SliceMeasurement {
  image: ImageReference;
  /** Endolymph pixels / total pixels, 0–1. */
  ratio: number;
  totalPixels: number;
  endolymphPixels: number;
  /** 95 % interval of the ratio from noise, and from how exactly PPI lies on PEI; null when not estimated. */
  interval: [number, number] | null;
}

/** The representative slice. */
export interface AreaMeasurement extends SliceMeasurement {
  totalMm2: number;
  endolymphMm2: number;
  chosenBy: ChosenBy;
  /** The image that the rules of the paper choose; null where that is not known. */
  automaticImage: ImageReference | null;
}

export interface VolumeMeasurement {
  ratio: number;
  totalVoxels: number;
  endolymphVoxels: number;
  totalMm3: number;
  endolymphMm3: number;
  /** Share of ROI voxels whose |PPI − PEI| lies within the noise, 0–1; null when not estimated. */
  withinNoise: number | null;
  /** 95 % interval of the ratio from that noise, and from how exactly PPI lies on PEI; null when not estimated. */
  interval: [number, number] | null;
}

export interface MixtureMeasurement {
  /** Experimental: estimated share of endolymph by volume, 0–1. */
  fraction: number;
  uncertainty: number;
}

/** Why a suggested grade stands on the edge: what would change it, and to what. */
export interface GradeDoubt {
  code: 'interval' | 'alignment' | 'neighbouring-slice' | 'area-volume-gap' | 'weak-enhancement';
  message: string;
}

export interface SuggestedGrade {
  scheme: 'nakashima';
  suggested: 'none' | 'mild' | 'significant';
  /** True where `doubts` is not empty. */
  borderline: boolean;
  doubts: GradeDoubt[];
}

/** The representative slice of an organ that has no pixel on it, and so no area that could hold the slice. */
export interface EmptySlice {
  image: ImageReference | null;
  chosenBy: ChosenBy;
  /** The image that the rules choose; null where that is not known. */
  automaticImage: ImageReference | null;
}

/** What an organ's region gave before the reader edited it. */
export interface AutomaticRatios {
  /** On the slice of the rules; null where the region had no pixel there. */
  areaRatio: number | null;
  volumeRatio: number;
}

export interface OrganMeasurement {
  /**
   * False where a warning voids the ratio: `area.ratio`, `volume.ratio` and those of `slices` are then what was
   * counted and no measurement. Whoever shows them strikes them out.
   */
  measurable: boolean;
  /** Codes of the warnings that void each output; an output that holds is absent. */
  voided: Partial<Record<Output, WarningCode[]>>;
  area: AreaMeasurement | null;
  /** Only where the organ has no pixel on its representative slice: `area` is null then. */
  emptySlice?: EmptySlice;
  volume: VolumeMeasurement;
  /** Null where voided. */
  mixture: MixtureMeasurement | null;
  /** Grade of an organ that a scheme grades (`ORGANS`), from the area ratio; null if voided. */
  grade?: SuggestedGrade | null;
  /** Every slice with a pixel of the organ, in the order of the stack. */
  slices: SliceMeasurement[];
  mask: MaskOrigin;
  /** Of an edited region alone: what it gave before; null where that is not known any more. */
  automatic?: AutomaticRatios | null;
}

/**
 * Why an ear has no measurement: it lies outside the stack or its field of view; too much noise; nothing there that
 * looks like an ear; or the labels, drawn or restored, hold none of it, and no network looked for it.
 */
export const ABSENCE_REASONS = ['field-of-view', 'noise', 'not-recognised', 'no-region'] as const;
export type AbsenceReason = (typeof ABSENCE_REASONS)[number];

export type EarMeasurement = Record<Organ, OrganMeasurement | null>;

export interface ModelIdentity {
  name: string;
  version: string;
  sha256: string;
}

/** The published result, `measurement.json`. */
export interface Measurement {
  schema: 'inner-ear-hydrops/measurement@2';
  notice: string;
  study: { studyInstanceUid: string; mrc: string; ppi: string; pei: string | null };
  model: ModelIdentity | null;
  method: Method;
  /** Null: the ear has no region; `absentEars` says why. */
  ears: Record<EarSide, EarMeasurement | null>;
  /** Why an ear is null; null for an ear that is measured. */
  absentEars: Record<EarSide, AbsenceReason | null>;
  choices: Choices;
  /** LPS mm: the middle of what the network saw of each ear; absent where it is not known. */
  earPositions?: Partial<Record<EarSide, Vector3>>;
  warnings: Warning[];
  /** What was done to bring PPI and PEI onto MRC's grid. */
  alignment: { ppi: AlignmentReport; pei: AlignmentReport | null } | null;
  timings: Record<string, number>;
}

/** How far an ear in a series still lies from where it belongs. */
export interface EarOffset {
  /** LPS mm: the middle of the ear. */
  center: Vector3;
  /** LPS mm. */
  offset: Vector3;
}

export interface AlignmentReport {
  /** `identical`: same grid, used as it is; `resampled`: other sampling, same space; `corrected`: motion removed. */
  treatment: 'identical' | 'resampled' | 'corrected';
  /** Movement found relative to MRC: translation in LPS mm, rotation in degrees about the LPS axes. */
  translation: Vector3;
  rotation: Vector3;
  /** Largest displacement of a point in the ears' region, mm. */
  displacement: number;
  /** Of PPI: how far it stood from PEI as that is placed, and the standard error of this, mm. */
  againstPei?: { displacement: number; standardError: number; left?: EarOffset[] };
  interpolation: 'none' | 'trilinear' | 'cubic';
}

export const RESEARCH_NOTICE = 'For research use only. Not for clinical use.';

/** Input that cannot be measured: the message names series, tag and values, the remedy says what to do. */
export class RefusedInputError extends Error {
  override readonly name = 'RefusedInputError';
  constructor(
    /** Stable, kebab-case: for tests, logs and translation. */
    readonly code: string,
    message: string,
    readonly remedy: string,
    readonly values: Record<string, number | string> = {}
  ) {
    super(message);
  }
}

export interface Progress {
  stage: 'read' | 'model' | 'align' | 'locate' | 'segment' | 'measure';
  /** 0–1 over the whole computation. */
  fraction: number;
}
export type ProgressListener = (progress: Progress) => void;
