import path from 'node:path';
import { labelStem } from '../labelFiles/labelNames';
import type { DicomIndex, IndexedStudy } from './dicomIndex';
import type { LabelSource } from './labelSource';
import type { DataProblem } from './labelledStudy';

/** A label file that belongs to a study. */
export interface PairedLabels {
  file: string;
  /** Who drew it; null where nobody is named. */
  reader: string | null;
  /** Whether the user named it with `--labels`, or it lies beside the images. */
  isGiven: boolean;
}

/** A file whose study is not known. */
export interface UnclearLabels {
  problem: DataProblem;
  /** Whether it may belong to one of several studies. */
  isOfSeveral: boolean;
  isGiven: boolean;
}

export interface LabelPairs {
  /** By Study Instance UID. */
  byStudy: Map<string, PairedLabels[]>;
  /** Files of no study, or of one of several. */
  unclear: UnclearLabels[];
}

/**
 * Which study each NIfTI or NRRD file belongs to: these files name no patient and no study. A table says it; a file of a
 * folder is found by its name or a folder's, which is the study's folder, Patient ID or Study Instance UID; a file beside the
 * images belongs to these. What may be of several studies is refused.
 */
export function pairLabels(
  { studies, labelFiles }: Pick<DicomIndex, 'studies' | 'labelFiles'>,
  source: LabelSource
): LabelPairs {
  const all = [...studies.values()].filter(({ series }) => series.size > 0);
  const pairs: LabelPairs = { byStudy: new Map(), unclear: [] };
  const given = new Set<string>();
  const add = (file: string, of: IndexedStudy[], isGiven: boolean, reader: string | null) => {
    const [only] = of;
    if (!only || of.length > 1)
      pairs.unclear.push({ problem: unclear(file, of), isOfSeveral: only !== undefined, isGiven });
    else {
      const own = pairs.byStudy.get(only.studyInstanceUid) ?? [];
      pairs.byStudy.set(only.studyInstanceUid, [...own, { file, reader, isGiven }]);
    }
  };
  for (const { study, file, reader } of source.rows) {
    given.add(path.resolve(file));
    add(
      file,
      all.filter((one) => isCalled(one, study) || isFolder(one, study)),
      true,
      reader
    );
  }
  for (const { root, files } of source.folders)
    for (const file of files) {
      if (given.has(path.resolve(file))) continue;
      given.add(path.resolve(file));
      const named = byName(all, file, root);
      const isAlone = all.length === 1 && files.length === 1;
      add(file, named.length === 0 && isAlone ? all : named, true, null);
    }
  for (const file of labelFiles)
    if (!given.has(path.resolve(file))) add(file, beside(all, file), false, null);
  return pairs;
}

const isCalled = ({ studyInstanceUid, identity, folder }: IndexedStudy, name: string): boolean =>
  [studyInstanceUid, identity.id, path.basename(path.resolve(folder))].includes(name);

const isFolder = ({ folder }: IndexedStudy, name: string): boolean =>
  path.resolve(folder) === path.resolve(name);

/** By the file's name, else by that of the nearest folder that is a study's, up to `root`. */
function byName(studies: readonly IndexedStudy[], file: string, root: string): IndexedStudy[] {
  const folders = path.dirname(path.relative(root, file)).split(path.sep).reverse();
  for (const name of [labelStem(file), ...folders]) {
    const found = studies.filter((study) => isCalled(study, name));
    if (found.length > 0) return found;
  }
  return [];
}

/** The studies in whose folder a file lies, else those that it is called after, else those in the file's folder. */
function beside(studies: readonly IndexedStudy[], file: string): IndexedStudy[] {
  const folder = path.resolve(path.dirname(file));
  const isIn = (inner: string, outer: string) =>
    `${inner}${path.sep}`.startsWith(`${outer}${path.sep}`);
  const around = studies.filter((study) => isIn(folder, path.resolve(study.folder)));
  const depth = Math.max(...around.map((study) => path.resolve(study.folder).length));
  const nearest = around.filter((study) => path.resolve(study.folder).length === depth);
  if (nearest.length === 1) return nearest;
  const named = studies.filter((study) => isCalled(study, labelStem(file)));
  if (named.length > 0 || nearest.length > 0) return named.length > 0 ? named : nearest;
  return studies.filter((study) => isIn(path.resolve(study.folder), folder));
}

function unclear(file: string, of: readonly IndexedStudy[]): DataProblem {
  const found = of.map(({ folder }) => folder).join(', ');
  return {
    code: of.length === 0 ? 'labels-without-study' : 'labels-of-several-studies',
    where: file,
    message:
      (of.length === 0
        ? 'It is called after no study, and lies beside none.'
        : `It may belong to each of ${of.length} studies: ${found}.`) +
      ' Call the file after the study’s folder, Patient ID or Study Instance UID, lay it into the study’s folder, or give a table with --labels.',
  };
}
