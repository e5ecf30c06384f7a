export * from './manifest';
export * from './modelFiles';
export { sha256 } from './sha256';
