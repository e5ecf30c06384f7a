export * from './methods';
export * from './warnings';
