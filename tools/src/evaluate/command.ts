import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { RESEARCH_NOTICE, SOFTWARE_VERSION, itemAt } from '@inner-ear-hydrops/core';
import { DEFAULT_MODEL } from '../model/modelFiles';
import { indexDirectories } from '../dataset/dicomIndex';
import type { AskedKind } from '../dataset/coverage';
import { addPairingOptions, readPairing, type PairingArguments } from '../dataset/pairingOptions';
import { findLabelledStudies } from '../dataset/labelledStudies';
import type { DataProblem, LabelledStudy } from '../dataset/labelledStudy';
import { CommandError } from '../errors';
import { accountFor, accountingText, countUsed, studyLeftOut, type LeftOut } from './accounting';
import { evaluateModels } from './evaluateModels';
import { recordMetrics } from './recordMetrics';
import { evaluationHtml, summaryText } from './report';
import { realEar, simulatedStudies } from './simulatedStudies';

interface EvaluateOptions extends PairingArguments {
  model: string;
  compare?: string[];
  data?: string[];
  annotations: AskedKind;
  phantoms?: number;
  seed: number;
  difficulty: number;
  grids: 'varied' | 'paper';
  realEar?: boolean;
  out: string;
  record?: string;
}

/** `hydrops evaluate --model M --data DIR --out DIR` */
export function register(program: Command): void {
  const command = program
    .command('evaluate')
    .description(`Compare what models find with annotated studies.\n${RESEARCH_NOTICE}`)
    .option('--model <dir or url>', 'model folder or address', DEFAULT_MODEL)
    .option('--compare <models...>', 'further models, side by side on the same studies')
    .option(
      '--data <dir...>',
      'DICOM studies with DICOM SEG or RTSTRUCT, or cohorts of hydrops phantom'
    );
  addPairingOptions(command)
    .option(
      '--phantoms <number>',
      'instead of --data: this many phantoms, made as needed',
      wholeNumber
    )
    .option('--seed <number>', 'seed of the first phantom', wholeNumber, 1_000_000)
    .option('--difficulty <number>', 'difficulty of the phantoms, as in hydrops phantom', Number, 1)
    .addOption(
      new Option('--grids <kind>', 'grids of the phantoms, as in hydrops phantom')
        .choices(['varied', 'paper'])
        .default('varied')
    )
    .option('--real-ear', 'instead of --data: the real ear, if its data lie beside the checkout')
    .requiredOption('--out <dir>', 'folder for evaluation.html and evaluation.json')
    .option('--record <test set>', "write the model's metrics into its manifest under this name")
    .addHelpText(
      'after',
      `
IoU, Dice, surface Dice at 0.5 mm and 95 % Hausdorff distance of each organ; agreement of the EH ratio
where the studies have PPI and PEI: ICC(2,1), ICC(3,1), Pearson's r, limits of agreement, each with its
95 % confidence interval. Areas are compared on the annotated slice, and the agreement of the slices is a figure of its own.
Organs annotated on chosen slices are compared on these; what was not annotated is not judged; what a program found and
nobody edited is no annotation (--accept-automatic). What is left out is printed with its reason.
Figures on phantoms say nothing about patients.
Exit status: 0 done, 2 if the data cannot be used, 1 if the program fails.

Examples:
  $ hydrops evaluate --model run/fold-1/model --data held-out/ --out evaluation/
  $ hydrops evaluate --phantoms 60 --difficulty 1.3 --compare run/fold-1/model --out evaluation/`
    )
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { studies, given, description, problems, notes, ...chosen } = await chooseStudies(
    options,
    say
  );
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const locations = [options.model, ...(options.compare ?? [])];
  const evaluated = await evaluateModels(locations, studies, {
    annotations: options.annotations,
    signal: stop.signal,
    say,
  }).finally(() => process.off('SIGINT', onSignal).off('SIGTERM', onSignal));
  const first = itemAt(evaluated.models, 0);
  const leftOut = [...chosen.leftOut, ...evaluated.leftOut];
  const evaluation = {
    ...evaluated,
    problems,
    notes: [...notes, ...evaluated.notes],
    accounting: accountFor(given, countUsed(first.studies), leftOut),
  };
  if (first.studies.length === 0) {
    say(accountingText(evaluation.accounting));
    throw new CommandError('No study could be evaluated.', 2);
  }
  const out = path.resolve(options.out);
  await mkdir(out, { recursive: true });
  const json = {
    schema: 'inner-ear-hydrops/evaluation@1',
    notice: RESEARCH_NOTICE,
    software: { name: 'inner-ear-hydrops', version: SOFTWARE_VERSION },
    description,
    problems,
    accounting: evaluation.accounting,
    notes: evaluation.notes,
    models: evaluation.models.map(({ summary, studies: results }) => ({
      ...summary,
      results,
    })),
  };
  await writeFile(path.join(out, 'evaluation.json'), `${JSON.stringify(json, null, 2)}\n`);
  await writeFile(path.join(out, 'evaluation.html'), evaluationHtml(evaluation, description));
  if (options.record) await recordMetrics(options.model, first.summary, options.record);
  process.stdout.write(accountingText(evaluation.accounting));
  process.stdout.write(summaryText(evaluation.models.map((model) => model.summary)));
}

interface ChosenStudies {
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

async function chooseStudies(
  options: EvaluateOptions,
  say: (line: string) => void
): Promise<ChosenStudies> {
  const asked = [options.data, options.phantoms, options.realEar].filter(
    (value) => value !== undefined
  );
  if (asked.length !== 1) {
    throw new CommandError('Choose what to evaluate on: one of --data, --phantoms and --real-ear.');
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
  options: EvaluateOptions,
  say: (line: string) => void
): Promise<ChosenStudies> {
  const index = await indexDirectories(options.data ?? []);
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

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) {
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  }
  return number;
}
