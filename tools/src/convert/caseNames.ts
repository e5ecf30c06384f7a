import path from 'node:path';
import type { LabelledStudy } from '../dataset/labelledStudy';

/** What a file may be called everywhere, without an ending that tells a format. */
const SAFE = /^[A-Za-z0-9][\w-]{0,63}$/;

/**
 * A name for the files of each study: that of its folder where it is one study's alone and a file may be called so, else
 * the Study Instance UID. `--labels` finds the study again by either.
 */
export function caseNames(
  studies: readonly Pick<LabelledStudy, 'name' | 'studyInstanceUid'>[]
): string[] {
  const folders = studies.map(({ name }) => path.basename(path.resolve(name)));
  return studies.map(({ studyInstanceUid }, n) => {
    const folder = folders[n] ?? '';
    const isOwn = folders.indexOf(folder) === n && folders.lastIndexOf(folder) === n;
    return isOwn && SAFE.test(folder) ? folder : studyInstanceUid;
  });
}
