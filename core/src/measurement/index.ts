export * from './measure';
export * from './representativeSlices';
export * from './noise';
export * from './mixture';
export * from './grade';
export * from './quality';
export * from './readerChoices';
export * from './organVoxels';
