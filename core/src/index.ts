export * from './types';
export * from './registry';
export * from './volume';
export * from './alignment';
export * from './hydrops';
export { PAPER_REFERENCE_POINTS, paperCenters } from './ears/referencePoints';
export * from './measurement';
export * from './model';
export * from './analysis';
