/** DICOM results: what is stored for a study and read back. */
export { deriveUid } from './encode/deriveUid';
export { requireFrameOfReference } from './encode/frameOfReference';
export { personName, type EncodedObject } from './encode/part10';
export { SOFTWARE_NAME, SOFTWARE_VERSION } from '../version';
export { matchSegment } from './segmentation/matchSegment';
export {
  isOwnSegmentation,
  storedSegments,
  type StoredSegment,
} from './segmentation/storedSegments';
export { encodeSegmentation } from './segmentation/encodeSegmentation';
export type { SegmentationInput } from './segmentation/segmentationInput';
export {
  decodeSegmentation,
  type DecodedSegmentation,
  type SegmentAssignments,
} from './segmentation/decodeSegmentation';
export { nearestVoxel, resampledWarning } from './segmentation/resampleSegments';
export type { Json, OlderMeasurement, StoredState } from './segmentation/storedState';
export { encodeMrSeries, type MrAcquisition, type MrSeriesInput } from './mr/encodeMrSeries';
export { encodeDerivedSeries, type DerivedSeriesInput } from './mr/encodeDerivedSeries';
export { derivedInstanceNumbers } from './mr/instanceNumbers';
export type { ScalingPolicy } from './mr/pixelScaling';
export { encodeMeasurementReport } from './report/encodeMeasurementReport';
export { findingCode, type ReaderFinding } from './report/readerFindings';
export type { MeasurementReportInput } from './report/reportInput';
export {
  decodeMeasurementReport,
  type DecodedMeasurementReport,
  type ReportedOrgan,
} from './report/decodeMeasurementReport';
export { encodeParametricMap, type ParametricMapInput } from './parametricMap/encodeParametricMap';
export { encodeSummaryImage, type SummaryImageInput } from './summary/encodeSummaryImage';
export {
  encodeResult,
  possibleParts,
  RESULT_PARTS,
  type EncodedPart,
  type ResultInput,
  type ResultPart,
} from './encodeResult';
export { storedSlicesOf } from './knownState';
export {
  FOREIGN_REGION,
  restoreResult,
  storedMethod,
  type RestoredResult,
  type RestoreOptions,
} from './restoreResult';
