export { disposeWorker, encodeInWorker, runInWorker, warmUp, type RunOptions } from './client';
export type { BackendChoice } from './protocol';
