export { WorkerClient, type CallOptions } from './client';
export { eitherSignal } from './eitherSignal';
export type {
  BackendChoice,
  EncodeRequest,
  RestoredStudy,
  SeriesSummary,
  ShownImages,
} from './protocol';
