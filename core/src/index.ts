export * from './types';
export * from './volume';
export * from './alignment';
export * from './hydrops';
export * from './measurement';
export * from './model';
export * from './analysis';
