import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import { labelsFromAnatomy } from '../dataset/anatomyLabels';
import { coverageOf, type AskedKind } from '../dataset/coverage';
import { indexDirectories } from '../dataset/dicomIndex';
import {
  findLabelledStudies,
  type LabelledStudies,
  type PairingOptions,
} from '../dataset/labelledStudies';
import type { DataProblem, LabelledStudy, LoadedStudy } from '../dataset/labelledStudy';
import { CommandError } from '../errors';
import { checkStudy } from '../train/checkStudy';
import { caseNames } from './caseNames';
import { DESCRIPTIONS, ENCODERS, LABELS_OF, type CaseFiles, type Format } from './formats';
import { DATASET_NAME, datasetJson, splitsJson, type DatasetCase } from './nnunetDataset';

export interface ConvertRequest {
  data: string[];
  out: string;
  format: Format;
  annotations: AskedKind;
  pairing: PairingOptions;
  folds: number;
  seed: number;
  say(line: string): void;
}

interface WrittenCase extends DatasetCase {
  studyInstanceUid: string;
  reader: string | null;
  file: string;
  hasIgnored: boolean;
}

/**
 * Writes the annotation of each study in another format, on MRC's grid, and a table that `--labels` takes.
 * @returns number of studies that were written
 * @throws CommandError status 2 where nothing can be written, or the folder holds something already
 */
export async function convertStudies(request: ConvertRequest): Promise<number> {
  const { data, out, format, pairing, say } = request;
  await requireEmpty(out, format);
  const found = await findLabelledStudies(await indexDirectories(data), pairing);
  for (const note of found.notes) say(`note: ${note}`);
  refuseQuestions(found, format, say);
  const leftOut: DataProblem[] = [...found.leftOut];
  const others = found.problems.filter((problem) => !leftOut.includes(problem));
  for (const problem of others) sayLeftOut(say, problem, '');
  const names = caseNames(found.studies);
  const written: WrittenCase[] = [];
  for (const [n, study] of found.studies.entries()) {
    try {
      written.push(await convertStudy(study, names[n] ?? study.studyInstanceUid, request));
    } catch (error) {
      if (!(error instanceof RefusedInputError)) throw error;
      leftOut.push({ code: error.code, where: study.name, message: error.message });
    }
  }
  for (const problem of leftOut) sayLeftOut(say, problem, 'left out: ');
  say(`${written.length} of ${found.given} studies written to ${out}.`);
  if (written.length === 0) throw new CommandError('No study could be converted.', 2);
  await writeFiles(out, { ...filesOfAll(written, request), ...DESCRIPTIONS[format] });
  return written.length;
}

function sayLeftOut(
  say: (line: string) => void,
  { where, message, code }: DataProblem,
  what: string
): void {
  say(`${what}${where}: ${message} [${code}]`);
}

/** Files of an earlier run would stand among those of this one. */
async function requireEmpty(out: string, format: Format): Promise<void> {
  if (format === 'nnunet' && !DATASET_NAME.test(path.basename(out)))
    throw new CommandError(
      `nnU-Net wants folders like Dataset501_InnerEar: --out ${out} is not called so.`
    );
  const entries = await readdir(out).catch(() => []);
  if (entries.length > 0)
    throw new CommandError(`${out} is not empty. Name another folder with --out.`, 2);
}

/** Folds are split by patient. */
function refuseQuestions(
  { questions }: LabelledStudies,
  format: Format,
  say: (line: string) => void
): void {
  for (const question of questions) sayLeftOut(say, question, format === 'nnunet' ? '' : 'note: ');
  if (format === 'nnunet' && questions.length > 0)
    throw new CommandError('Whose studies these are must be known before folds are split.', 2);
}

function filesOfAll(
  written: readonly WrittenCase[],
  { format, folds, seed }: ConvertRequest
): CaseFiles {
  // A segmentation names its study itself.
  if (format === 'seg') return {};
  const table = { 'cases.csv': Buffer.from(tableOf(written)) };
  if (format !== 'nnunet') return table;
  const hasIgnored = written.some((entry) => entry.hasIgnored);
  return {
    ...table,
    'dataset.json': Buffer.from(datasetJson(written, hasIgnored)),
    'splits_final.json': Buffer.from(splitsJson(written, folds, seed)),
  };
}

async function convertStudy(
  study: LabelledStudy,
  name: string,
  { annotations, format, out, say }: ConvertRequest
): Promise<WrittenCase> {
  const loaded = await study.load([]);
  const said = [...loaded.notes, ...loaded.warnings.map(({ message }) => message)];
  for (const text of said) say(`note: ${study.name}: ${text}`);
  const coverage = coverageOf(loaded, annotations);
  const [fault] = checkStudy(study.name, loaded, coverage);
  if (fault) throw new RefusedInputError(fault.code, fault.message, '');
  if (format === 'seg') requireConvertible(study, loaded);
  const labels = labelsFromAnatomy(loaded.mrc.volume, loaded.anatomy);
  const { studyInstanceUid, reader, patient } = study;
  const { files, hasIgnored } = ENCODERS[format]({
    ...{ name, reader, loaded, labels, coverage, created: await lastChange(study) },
  });
  await writeFiles(out, files);
  return { name, patient, studyInstanceUid, reader, file: LABELS_OF[format](name), hasIgnored };
}

/** A segmentation of ours says that people drew it: what a program had a part in would be miscalled. */
function requireConvertible({ kind, name }: LabelledStudy, { isDrawn }: LoadedStudy): void {
  if (isDrawn && kind !== 'segmentation') return;
  throw new RefusedInputError(
    kind === 'segmentation' ? 'segmentation-already' : 'made-by-program',
    kind === 'segmentation'
      ? `The annotation of ${name} is a DICOM Segmentation already.`
      : `A program made ${name} or had a part in it, and a segmentation would not say which.`,
    'Leave it as it is.'
  );
}

/** Of the annotation's file; null where nothing tells it, and the segmentation bears the time of the images. */
async function lastChange({ file }: LabelledStudy): Promise<Date | null> {
  const information = file === null ? null : await stat(file).catch(() => null);
  return information?.mtime ?? null;
}

/** With it `--labels` finds each study again. */
function tableOf(written: readonly WrittenCase[]): string {
  const lines = written.map(({ studyInstanceUid, file, reader }) =>
    [studyInstanceUid, file, ...(reader ? [reader.replace(/[,;\t\r\n"]/g, ' ')] : [])].join(',')
  );
  return `study,file,reader\n${lines.join('\n')}\n`;
}

async function writeFiles(out: string, files: CaseFiles): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(out, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
