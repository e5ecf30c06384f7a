import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { contentOf, listFiles } from '../files/inputFiles';
import { isLabelName, readLabelNames, type LabelNames } from '../labelFiles/labelNames';
import { CommandError } from '../errors';

/** A line of a table of label files. */
export interface LabelRow {
  /** Study Instance UID, folder or Patient ID. */
  study: string;
  file: string;
  /** Who drew it; null where nobody is named. */
  reader: string | null;
}

/** What the command line says of NIfTI and NRRD files. */
export interface LabelSource {
  /** Folders whose files are found by their names, and single files. */
  folders: { root: string; files: string[] }[];
  rows: LabelRow[];
  /** Of all files that do not name their labels; null: what lies beside each. */
  names: LabelNames | null;
}

export const NO_LABELS: LabelSource = { folders: [], rows: [], names: null };

/**
 * @param labels `--labels`: folders, NIfTI and NRRD files, and tables (`.csv`)
 * @param names `--label-names`
 * @throws CommandError for what is none of these
 */
export async function readLabelSource(
  labels: readonly string[],
  names: string | undefined
): Promise<LabelSource> {
  const source: LabelSource = { folders: [], rows: [], names: null };
  for (const given of labels) {
    const information = await stat(given).catch(() => null);
    if (!information) throw new CommandError(`--labels ${given}: there is no such file or folder.`);
    if (!information.isDirectory() && /\.csv$/i.test(given))
      source.rows.push(...(await readTable(given)));
    else if (information.isDirectory() || isLabelName(given)) {
      const files = (await listFiles([given])).filter(isLabelName);
      if (files.length === 0)
        throw new CommandError(`--labels ${given} holds no .nii, .nii.gz, .nrrd or .nhdr file.`);
      const root = information.isDirectory() ? given : path.dirname(given);
      source.folders.push({ root, files });
    } else
      throw new CommandError(
        `--labels ${given} is no folder, no table (.csv) and no .nii, .nii.gz, .nrrd or .nhdr file.`
      );
  }
  if (names !== undefined) {
    const content = await contentOf(names).catch((error: unknown) => {
      throw new CommandError(`--label-names ${names} cannot be read: ${(error as Error).message}`);
    });
    source.names = readLabelNames(names, content);
  }
  return source;
}

/** Columns: study, file (from the table's folder), and perhaps the reader. A first line "study,…" is a heading. */
async function readTable(table: string): Promise<LabelRow[]> {
  const lines = (await readFile(table, 'utf8')).split(/\r?\n/);
  return lines.flatMap((line, n): LabelRow[] => {
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (line.trim() === '' || (n === 0 && cells[0]?.toLowerCase() === 'study')) return [];
    const [study, file, reader] = cells;
    if (!study || !file || cells.length > 3 || !isLabelName(file))
      throw new CommandError(
        `${table}, line ${n + 1}: "${line}" does not say what the study is called and which .nii, .nii.gz, .nrrd or .nhdr file its labels are in. Write study,file or study,file,reader.`
      );
    return [{ study, file: path.resolve(path.dirname(table), file), reader: reader || null }];
  });
}
