export { findImageFaults } from './imageFaults';
export * from './prepareStudy';
export * from './correctedImages';
export * from './analyzeStudy';
export * from './measurementSchema';
export * from './readMeasurement';
export { csvField, summaryCsv } from './summaryCsv';
