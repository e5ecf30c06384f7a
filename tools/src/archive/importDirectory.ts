import { RefusedInputError } from '@inner-ear-hydrops/core';
import { listFiles, readBuffer } from '../files/inputFiles';
import { messageOf, parseInstance } from './parseInstance';
import type { InstanceStore } from './store';
import { withPreamble } from './withPreamble';

export interface ImportReport {
  stored: number;
  identical: number;
  /** Files that were not taken, with the reason. */
  skipped: { path: string; reason: string }[];
  /** Study Instance UIDs in the order in which they were met. */
  studies: string[];
}

/**
 * Takes every DICOM file below a directory, in a zip file or of a DICOMDIR into the store, whatever
 * the files' names.
 *
 * @throws RefusedInputError as `listFiles`
 */
export async function importDirectory(
  store: InstanceStore,
  directory: string
): Promise<ImportReport> {
  const report: ImportReport = { stored: 0, identical: 0, skipped: [], studies: [] };
  for (const path of await filesOf(directory)) {
    try {
      const file = withPreamble(new Uint8Array(await readBuffer(path)));
      const parsed = parseInstance(file);
      const outcome = await store.add(parsed, file);
      if (outcome === 'different') {
        const reason = `instance ${parsed.sopInstanceUid} is kept already with other content`;
        report.skipped.push({ path, reason });
        continue;
      }
      report[outcome]++;
      if (!report.studies.includes(parsed.studyInstanceUid)) {
        report.studies.push(parsed.studyInstanceUid);
      }
    } catch (error) {
      report.skipped.push({ path, reason: messageOf(error) });
    }
  }
  return report;
}

async function filesOf(directory: string): Promise<string[]> {
  try {
    return await listFiles([directory]);
  } catch (error) {
    // The report says that there was nothing.
    if (error instanceof RefusedInputError && error.code === 'input-empty') return [];
    throw error;
  }
}
