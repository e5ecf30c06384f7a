import type { EarAbsence, EarFinding } from '../../study';
import type { LabelVolume, MaskOrigin, Measurement, ModelIdentity, Series } from '../../types';
import type { Json } from './storedState';

/** A result as `encodeSegmentation` takes it. */
export interface SegmentationInput {
  mrc: Series;
  /** Further series that the segments rest on: PPI and PEI, of the endolymph. */
  sources?: readonly Series[];
  /** On MRC's grid, values of `SEGMENTS`. */
  labels: LabelVolume;
  /**
   * `binary` (default) is what everything reads; `labelmap` is newer, smaller and without the
   * endolymph, since its segments cannot overlap.
   */
  type?: 'binary' | 'labelmap';
  /**
   * 1 where a voxel is endolymph, on MRC's grid (`PreparedStudy.endolymph`). Adds to a binary object the endolymph
   * within each organ, but for organs whose ratio a warning voids.
   */
  endolymph?: Uint8Array;
  /**
   * Values of `ANATOMY` on MRC's grid: what the rules need beside the organs is stored as segments of its own, so
   * that a restore finds the same slices.
   */
  anatomy?: Uint8Array;
  /** What the network found; with `measurement`, a restore finds it in standard attributes too. */
  ears?: readonly EarFinding[];
  absent?: readonly EarAbsence[];
  model: ModelIdentity | null;
  backend?: string;
  /**
   * Where the voxels come from, for organs of which `measurement` does not say it; when absent `automatic`, or
   * `drawn` without a model.
   */
  mask?: MaskOrigin;
  /** Family^Given; stands as Content Creator's Name. */
  reader?: string;
  /**
   * When the reader made or last edited the result, not when it is stored: a retry must repeat it. Null for a result
   * that follows from images and software alone.
   */
  created: Date | null;
  /** Says of each organ who made its region, and what the reader chose. */
  measurement?: Measurement;
  representativeSlices?: Json;
  /** The viewer's own state, restored as it is. */
  state?: Json;
}
