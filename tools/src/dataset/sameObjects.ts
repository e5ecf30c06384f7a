import type { AnnotationFile, IndexedStudy } from './dicomIndex';

/** What makes a study's files none of one study, or none of one state; null where nothing does. */
export interface Contradiction {
  code: 'patient-differs' | 'annotation-differs';
  message: string;
}

/**
 * Files of one study that name several patients.
 * @param isTold whether the user said whose study it is
 */
export function severalPatients(study: IndexedStudy, isTold: boolean): Contradiction | null {
  if (study.patientIds.size < 2 || isTold) return null;
  const list = [...study.patientIds].map(([id, file]) => `"${id}" in ${file}`).join(', ');
  return {
    code: 'patient-differs',
    message: `Its files name several patients by Patient ID (0010,0020): ${list}. Take out what is of another patient, or say whose study it is with --groups, by its Study Instance UID or folder.`,
  };
}

/** Copies of one object under several paths count once. */
export function withoutCopies<T extends AnnotationFile>(annotations: readonly T[]): T[] {
  const keyOf = ({ sopInstanceUid, sha256 }: T) => `${sopInstanceUid} ${sha256}`;
  return [...new Map(annotations.map((entry) => [keyOf(entry), entry])).values()];
}

/** Two states of one object: which of them is the later is not known. */
export function severalStates(annotations: readonly AnnotationFile[]): Contradiction | null {
  const byUid = new Map<string, AnnotationFile>();
  for (const entry of annotations) {
    const other = byUid.get(entry.sopInstanceUid);
    if (other)
      return {
        code: 'annotation-differs',
        message: `${other.file} and ${entry.file} are one object by their SOP Instance UID, and differ. Take one of them away.`,
      };
    byUid.set(entry.sopInstanceUid, entry);
  }
  return null;
}
