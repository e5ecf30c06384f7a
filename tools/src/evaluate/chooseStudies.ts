import { dataFolders, type ArchiveDataArguments } from '../dicomweb/archiveOptions';
import type { AskedKind } from '../dataset/coverage';
import { indexDirectories } from '../dataset/dicomIndex';
import { findLabelledStudies } from '../dataset/labelledStudies';
import type { DataProblem, LabelledStudy } from '../dataset/labelledStudy';
import { readPairing, type PairingArguments } from '../dataset/pairingOptions';
import { CommandError } from '../errors';
import { accountFor, accountingText, countUsed, studyLeftOut, type LeftOut } from './accounting';
import { realEar, simulatedStudies } from './simulatedStudies';

export interface StudyOptions extends PairingArguments, ArchiveDataArguments {
  annotations: AskedKind;
  phantoms?: number;
  seed: number;
  difficulty: number;
  grids: 'varied' | 'paper';
  realEar?: boolean;
}

/** What is evaluated on. */
export interface ChosenStudies {
  studies: LabelledStudy[];
  /** With those that are left out before they are read. */
  given: number;
  leftOut: LeftOut[];
  description: string;
  /** What is wrong with the data beside whole studies, as with a medium. */
  problems: DataProblem[];
  notes: string[];
}

/** Studies that are made as they are needed. */
const simulated = (studies: LabelledStudy[], description: string): ChosenStudies => ({
  ...{ studies, description, given: studies.length },
  ...{ leftOut: [], problems: [], notes: [] },
});

/**
 * Studies on disk, phantoms that are made as they are needed, or the real ear.
 * @throws CommandError where not exactly one of these is asked for, and status 2 where there is no annotated study
 */
export async function chooseStudies(
  options: StudyOptions,
  say: (line: string) => void
): Promise<ChosenStudies> {
  const asked = [options.data ?? options.dicomweb, options.phantoms, options.realEar].filter(
    (value) => value !== undefined
  );
  if (asked.length !== 1) {
    throw new CommandError(
      'Choose what to evaluate on: one of --data (or --dicomweb), --phantoms and --real-ear.'
    );
  }
  if (options.realEar) {
    return simulated(
      [realEar()],
      'One real left ear at 0.5 × 0.5 × 1.0 mm inside a synthetic head; the right ear is its mirror image. An example, not a study.'
    );
  }
  if (options.phantoms !== undefined) {
    const { phantoms, seed, difficulty, grids } = options;
    return simulated(
      simulatedStudies(phantoms, seed, { difficulty, grids }),
      `${phantoms} phantom studies, seeds ${seed}–${seed + phantoms - 1}, difficulty ${difficulty}, ${grids} grids. Figures on phantoms say nothing about patients.`
    );
  }
  return studiesOnDisk(options, say);
}

async function studiesOnDisk(
  options: StudyOptions,
  say: (line: string) => void
): Promise<ChosenStudies> {
  const index = await indexDirectories(await dataFolders(options, say));
  const found = await findLabelledStudies(index, await readPairing(options));
  // Nothing is split by patient here: what is not known of patients is no fault.
  const questions = found.questions.map(
    ({ where, message, code }) => `${where}: ${message} [${code}]`
  );
  const notes = [...found.notes, ...questions];
  for (const note of notes) say(`note: ${note}`);
  const crops = index.cases.map((where) => ({
    ...{ where, code: 'training-crop' },
    message: 'A training crop shows no whole study, and phantoms of it were made to be trained on.',
  }));
  const problems = found.problems.filter((problem) => !found.leftOut.includes(problem));
  for (const { where, message, code } of problems) say(`${where}: ${message} [${code}]`);
  for (const { where, message, code } of [...found.leftOut, ...crops])
    say(`left out: ${where}: ${message} [${code}]`);
  const leftOut = [...found.leftOut, ...crops].flatMap((problem) => studyLeftOut([problem]));
  const given = found.given + crops.length;
  if (found.studies.length === 0) {
    say(accountingText(accountFor(given, countUsed([]), leftOut)));
    throw new CommandError('The data hold no annotated study: nothing can be evaluated.', 2);
  }
  const phantoms = found.studies.filter((study) => study.kind === 'phantom').length;
  return {
    ...{ studies: found.studies, given, leftOut, problems, notes },
    description:
      `${found.studies.length} studies of ${new Set(found.studies.map((study) => study.patient)).size} patients.` +
      (phantoms > 0
        ? ` ${phantoms} of them are phantoms, whose figures say nothing about patients.`
        : '') +
      (options.acceptAutomatic
        ? ' Segments that a program found count as annotations: where it was the model that is evaluated, the model is compared with itself.'
        : ''),
  };
}
