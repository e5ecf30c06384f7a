import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { forgetStudyMetadata } from '../host/dataSource';
import type { HydropsSession } from '../session';
import type { HostInstance } from '../host/types';

/**
 * Makes the host list what has just been stored, by the way in which it lists it after a reload: it
 * asks the archive for the new series' metadata. Where that fails the object itself is listed.
 */
export async function listStored(session: HydropsSession, objects: EncodedObject[]): Promise<void> {
  const series = new Map<string, EncodedObject>();
  for (const object of objects) series.set(object.seriesInstanceUid, object);
  for (const object of series.values()) {
    if (isListed(session, object)) continue;
    await fetchMetadata(session, object).catch((error: unknown) =>
      console.warn(`Inner Ear Hydrops: no metadata of ${object.description} yet`, error)
    );
    if (!isListed(session, object)) listObject(session, object);
  }
}

function isListed(session: HydropsSession, object: EncodedObject): boolean {
  return session.services.displaySetService
    .getActiveDisplaySets()
    .some((one) => one.SeriesInstanceUID === object.seriesInstanceUid && !one.madeInClient);
}

async function fetchMetadata(session: HydropsSession, object: EncodedObject): Promise<void> {
  const dataSource = session.dataSource();
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
    // The next opening of the study must ask for all series, not for this one.
    forgetStudyMetadata(dataSource, studyInstanceUid);
  }
}

function listObject(session: HydropsSession, object: EncodedObject): void {
  const instance = { ...object.dataset } as HostInstance;
  // The host fetches the object from here when it is opened; enumerable it would be taken for an attribute.
  const wadoRoot = session.dataSource()?.getConfig?.()['wadoRoot'];
  Object.defineProperty(instance, 'wadoRoot', { value: wadoRoot, enumerable: false });
  session.services.displaySetService.makeDisplaySets([instance], { madeInClient: true });
}
