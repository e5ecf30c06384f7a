export * from './methods';
export * from './warningWords';
export * from './warnings';
