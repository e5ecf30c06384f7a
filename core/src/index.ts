export * from './types';
export * from './volume';
export * from './alignment';
export * from './hydrops';
export * from './ears/earReach';
export { PAPER_REFERENCE_POINTS, paperCenters } from './ears/referencePoints';
export * from './measurement';
export * from './model';
export * from './analysis';
