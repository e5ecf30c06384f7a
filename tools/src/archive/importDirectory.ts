import { RefusedInputError, type Warning } from '@inner-ear-hydrops/core';
import { countedOnce, textWarnings } from '@inner-ear-hydrops/core/dicom';
import { listFiles, readBuffer } from '../files/inputFiles';
import { textOf } from './dicomJson';
import { messageOf, parseInstance, type ParsedInstance } from './parseInstance';
import type { InstanceStore } from './store';
import { withPreamble } from './withPreamble';

export interface ImportReport {
  stored: number;
  identical: number;
  /** Files that were not taken, with the reason. */
  skipped: { path: string; reason: string }[];
  /** Study Instance UIDs in the order in which they were met. */
  studies: string[];
  /** What could not be read of files that were taken: their text. */
  warnings: Warning[];
}

/** Text of one series that cannot be read whole. */
interface UnreadText {
  seriesInstanceUid: string;
  seriesNumber: number | null;
  seriesDescription: string;
  problems: Map<string, number>;
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
  const report: ImportReport = { stored: 0, identical: 0, skipped: [], studies: [], warnings: [] };
  const unread = new Map<string, UnreadText>();
  for (const path of await filesOf(directory)) {
    try {
      const file = withPreamble(new Uint8Array(await readBuffer(path)));
      const parsed = parseInstance(file);
      const outcome = await store.add(parsed, file);
      if (outcome === 'different') {
        const reason = `instance ${parsed.sopInstanceUid} is already stored with other content`;
        report.skipped.push({ path, reason });
        continue;
      }
      report[outcome]++;
      if (parsed.textProblems.length > 0) addUnread(unread, parsed);
      if (!report.studies.includes(parsed.studyInstanceUid)) {
        report.studies.push(parsed.studyInstanceUid);
      }
    } catch (error) {
      report.skipped.push({ path, reason: messageOf(error) });
    }
  }
  report.warnings = [...unread.values()].flatMap((series) => textWarnings(series, series.problems));
  return report;
}

function addUnread(unread: Map<string, UnreadText>, parsed: ParsedInstance): void {
  const { seriesInstanceUid, metadata, textProblems } = parsed;
  const number = textOf(metadata, '00200011');
  unread.set(seriesInstanceUid, {
    seriesInstanceUid,
    seriesNumber: number === '' ? null : Number(number),
    seriesDescription: textOf(metadata, '0008103E'),
    problems: countedOnce(unread.get(seriesInstanceUid)?.problems, textProblems),
  });
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
