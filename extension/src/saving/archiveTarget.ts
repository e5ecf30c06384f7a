import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import type { Archive } from '../host/Archive';
import { storedFiles } from './storedFiles';
import type { StoreTarget } from './storeObjects';

/** The archive as the target of storing. */
export function archiveTarget(archive: Pick<Archive, 'post' | 'fetch' | 'listed'>): StoreTarget {
  return {
    post: (objects, signal) =>
      archive.post(
        objects.map(({ file }) => file),
        nameOf(objects),
        signal
      ),
    holds: async (object) => {
      try {
        const held = await archive.fetch(
          { ...seriesOf(object), sopInstanceUID: object.sopInstanceUid },
          object.description
        );
        const { isSameObject } = await storedFiles();
        return isSameObject(object.file, held);
      } catch {
        return false;
      }
    },
    listed: async ([first]) => (first ? archive.listed(seriesOf(first)) : new Set()),
  };
}

function seriesOf({ dataset, seriesInstanceUid }: EncodedObject) {
  return {
    studyInstanceUID: String(dataset['StudyInstanceUID']),
    seriesInstanceUID: seriesInstanceUid,
  };
}

function nameOf(objects: EncodedObject[]): string {
  const [first] = objects;
  const description = first?.description ?? 'nothing';
  const others = objects.length - 1;
  return others > 0 ? `${description} and ${others} more in the same request` : description;
}
