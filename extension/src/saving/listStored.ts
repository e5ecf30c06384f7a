import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { forgetStudyMetadata } from '../host/dataSource';
import type { DataSource, DisplaySetService, HostInstance } from '../host/types';

/** What listing needs of the viewer. */
export interface ListingHost {
  displaySetService: DisplaySetService;
  dataSource(): DataSource | null;
}

/**
 * Makes the host list what has just been stored, by the way in which it lists it after a reload: it
 * asks the archive for the new series' metadata. Where that fails the object itself is listed.
 */
export async function listStored(host: ListingHost, objects: EncodedObject[]): Promise<void> {
  const series = new Map<string, EncodedObject>();
  for (const object of objects) series.set(object.seriesInstanceUid, object);
  for (const object of series.values()) {
    if (isListed(host, object)) continue;
    await fetchMetadata(host, object).catch((error: unknown) =>
      console.warn(`Inner Ear Hydrops: no metadata of ${object.description} yet`, error)
    );
    if (!isListed(host, object)) listObject(host, object);
  }
}

function isListed({ displaySetService }: ListingHost, object: EncodedObject): boolean {
  return displaySetService
    .getActiveDisplaySets()
    .some(
      (displaySet) =>
        displaySet.SeriesInstanceUID === object.seriesInstanceUid && !displaySet.madeInClient
    );
}

async function fetchMetadata(host: ListingHost, object: EncodedObject): Promise<void> {
  const dataSource = host.dataSource();
  const studyInstanceUid = String(object.dataset['StudyInstanceUID'] ?? '');
  const metadata = dataSource?.retrieve?.series?.metadata;
  if (!dataSource || !metadata) return;
  forgetStudyMetadata(dataSource, studyInstanceUid);
  try {
    await metadata({
      StudyInstanceUID: studyInstanceUid,
      filters: { seriesInstanceUID: object.seriesInstanceUid },
    });
  } finally {
    // The next opening of the study must ask for all series, not only for this series.
    forgetStudyMetadata(dataSource, studyInstanceUid);
  }
}

function listObject(host: ListingHost, object: EncodedObject): void {
  const instance = { ...object.dataset } as HostInstance;
  // The host fetches the object from here when it is opened; enumerable it would be taken for an attribute.
  const wadoRoot = host.dataSource()?.getConfig?.()['wadoRoot'];
  Object.defineProperty(instance, 'wadoRoot', { value: wadoRoot, enumerable: false });
  host.displaySetService.makeDisplaySets([instance], { madeInClient: true });
}
