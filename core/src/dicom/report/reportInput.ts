import type { EarSide, ImageReference, Measurement, Organ, Series } from '../../types';
import type { EncodedObject } from '../encode/part10';
import type { ReaderFinding } from './readerFindings';

/** A result as `encodeMeasurementReport` takes it. */
export interface MeasurementReportInput {
  mrc: Series;
  ppi: Series;
  pei: Series | null;
  measurement: Measurement;
  /** What `encodeSegmentation` returned for the same result: the groups refer to its segments. */
  segmentation: EncodedObject;
  backend?: string;
  /** Slices that the software would choose, where known: named beside those that the reader chose. */
  automaticSlices?: Partial<Record<EarSide, Partial<Record<Organ, ImageReference | null>>>>;
  /** Family^Given of the person who read the result. */
  reader?: string;
  /** The reader's own fields, name and text. */
  readerFields?: Record<string, string>;
  /** Those of them that were chosen from a list, for their codes. */
  readerFindings?: ReaderFinding[];
  /** A named reader stands for the content; without it the report is UNVERIFIED. */
  verified?: { name: string; organization: string; date: Date };
  /** When the reader made or last edited the result; null where it follows from images and software alone. */
  created: Date | null;
}
