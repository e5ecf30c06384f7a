import type { DataSource, ExtensionManager } from './types';

/** `getActiveDataSource()` returns an array whose first entry is the source in use (3.12.10 and 3.13.2). */
export function activeDataSource(extensionManager: ExtensionManager): DataSource | null {
  return extensionManager.getActiveDataSource()?.[0] ?? null;
}

/**
 * Makes the data source ask the archive for a study's series again. `deleteStudyMetadataPromise` of
 * 3.12.10 and 3.13.2 looks for the study's UID alone, while they keep it under `<name>:<UID>`.
 */
export function forgetStudyMetadata(dataSource: DataSource, studyInstanceUid: string): void {
  const name = dataSource.getConfig?.()['name'];
  for (const key of [studyInstanceUid, `${String(name)}:${studyInstanceUid}`]) {
    dataSource.deleteStudyMetadataPromise?.(key);
  }
}
