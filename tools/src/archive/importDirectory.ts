import { readFile, stat } from 'node:fs/promises';
import { messageOf, parseInstance } from './parseInstance';
import { filesUnder, type InstanceStore } from './store';

export interface ImportReport {
  stored: number;
  identical: number;
  /** Files that were not taken, with the reason. */
  skipped: { path: string; reason: string }[];
  /** Study Instance UIDs in the order in which they were met. */
  studies: string[];
}

/** Takes every DICOM file below a directory into the store, whatever the files' names. */
export async function importDirectory(
  store: InstanceStore,
  directory: string
): Promise<ImportReport> {
  const report: ImportReport = { stored: 0, identical: 0, skipped: [], studies: [] };
  if (!(await stat(directory)).isDirectory()) throw new Error(`${directory} is not a directory.`);
  for await (const path of filesUnder(directory)) {
    try {
      const file = await readFile(path);
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
