import type { LabelVolume, Measurement, Series } from '../../types';

/** What the summary image shows. */
export interface SummaryContent {
  mrc: Series;
  /** Further series that it rests on. */
  sources?: readonly Series[];
  labels: LabelVolume;
  /** 1 where a voxel is endolymph, on MRC's grid: tinted within the organs that are measurable. */
  endolymph?: Uint8Array;
  measurement: Measurement;
}
