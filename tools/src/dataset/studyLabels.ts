import path from 'node:path';
import { RefusedInputError, sha256 } from '@inner-ear-hydrops/core';
import { contentOf } from '../files/inputFiles';
import type { LabelNames } from '../labelFiles/labelNames';
import { readLabelFile } from '../labelFiles/readLabelFile';
import { isDrawnBy, type AnnotationPolicy } from './annotationChoice';
import type { AnnotationFile, DicomAnnotation, LabelAnnotation } from './dicomIndex';
import type { DataProblem } from './labelledStudy';
import type { PairedLabels, UnclearLabels } from './labelPairing';
import { isSameReader, readerKey } from './readerNames';

/** The label files of a study, as they were read. */
export interface StudyLabels {
  given: LabelAnnotation[];
  beside: LabelAnnotation[];
  /** Files that cannot be read. */
  unreadable: { file: string; reason: string }[];
  notes: string[];
}

/** Reads what each file says of its labels; an image that lies beside the study is none of its annotations. */
export async function readStudyLabels(
  paired: readonly PairedLabels[],
  names: LabelNames | null
): Promise<StudyLabels> {
  const found: StudyLabels = { given: [], beside: [], unreadable: [], notes: [] };
  for (const { file, reader, isGiven } of paired) {
    try {
      const { labels } = await readLabelFile(file, names);
      const hash = sha256(new Uint8Array(await contentOf(file)));
      const list = isGiven ? found.given : found.beside;
      list.push({
        ...{ kind: 'label-file', file, labels, reader },
        ...{ sopInstanceUid: hash, sha256: hash },
      });
    } catch (error) {
      if (!(error instanceof RefusedInputError)) {
        const reason = `${file} cannot be opened: ${(error as Error).message}.`;
        found.unreadable.push({ file, reason });
      } else if (error.code === 'labels-expected' && !isGiven)
        found.notes.push(`${error.message} It is taken for an image and passed over.`);
      else found.unreadable.push({ file, reason: `${error.message} ${error.remedy}` });
    }
  }
  return found;
}

/**
 * What is said of files whose study is not known. Of those among the data, images are no annotations, and what is called after
 * no study is only noted: no study is the worse for it.
 */
export async function sayUnclear(
  unclear: readonly UnclearLabels[],
  names: LabelNames | null
): Promise<{ problems: DataProblem[]; notes: string[] }> {
  const problems: DataProblem[] = [];
  const notes: string[] = [];
  for (const { problem, isOfSeveral, isGiven } of unclear) {
    const text = `${problem.where}: ${problem.message} [${problem.code}]`;
    if (isGiven || (isOfSeveral && !(await isImage(problem.where, names)))) problems.push(problem);
    else notes.push(isOfSeveral ? `${problem.where}: an image, not labels; passed over.` : text);
  }
  return { problems, notes };
}

async function isImage(file: string, names: LabelNames | null): Promise<boolean> {
  try {
    await readLabelFile(file, names);
    return false;
  } catch (error) {
    return error instanceof RefusedInputError && error.code === 'labels-expected';
  }
}

export type Candidates =
  { annotations: AnnotationFile[]; note: string | null } | { ambiguous: string };

/**
 * The annotations of a study that may be chosen from. Files of labels bear no date: of two of one reader, or of one and a
 * segmentation, nobody can say which is the later. What the user names with `--labels` comes before all others.
 */
export function candidatesOf(
  dicom: readonly DicomAnnotation[],
  { given, beside }: StudyLabels,
  policy: AnnotationPolicy
): Candidates {
  const labels = given.length > 0 ? given : beside;
  const others = given.length > 0 ? [...dicom, ...beside] : [];
  const rivals = given.length > 0 ? [] : dicom;
  for (const label of labels) {
    const { reader } = label;
    const isAsked =
      policy.readers.length === 0 ||
      (reader !== null && policy.readers.some((name) => isSameReader(name, reader)));
    if (!isAsked) continue;
    const same = [
      ...labels.filter((one) => keyOf(one.reader) === keyOf(reader)),
      ...rivals.filter((one) => isDrawnBy(one, reader, policy)),
    ];
    if (same.length < 2) continue;
    const list = same.map(({ file }) => path.basename(file)).join(', ');
    return {
      ambiguous: `It has several annotations${reader ? ` by "${reader}"` : ''} (${list}), and files of labels do not say which is the latest. Take the others away, or name one with --labels.`,
    };
  }
  const note =
    others.length > 0
      ? `--labels names its annotation; passed over: ${others.map(({ file }) => path.basename(file)).join(', ')}.`
      : null;
  return { annotations: given.length > 0 ? [...labels] : [...dicom, ...labels], note };
}

const keyOf = (reader: string | null): string => (reader === null ? '' : readerKey(reader));
