export { archiveRoutes, MAX_STORE_REQUEST } from './routes';
export { importDirectory, type ImportReport } from './importDirectory';
export { InstanceStore, type IndexedInstance, type StoreOutcome } from './store';
export { parseInstance, UnreadableInstanceError, type ParsedInstance } from './parseInstance';
