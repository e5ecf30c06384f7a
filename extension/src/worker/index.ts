export { disposeWorker, workerClient, WorkerClient, type CallOptions } from './client';
export type {
  BackendChoice,
  EncodeRequest,
  RestoredStudy,
  SeriesSummary,
  ShownImages,
} from './protocol';
