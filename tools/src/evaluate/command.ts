import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { RESEARCH_NOTICE } from '@inner-ear-hydrops/core';
import { DEFAULT_MODEL } from '../model/modelFiles';
import { addPairingOptions, readPairing } from '../dataset/pairingOptions';
import { addArchiveOptions } from '../dicomweb/archiveOptions';
import { CommandError } from '../errors';
import { accountFor, accountingText, countUsed } from './accounting';
import { chooseStudies, type ChosenStudies, type StudyOptions } from './chooseStudies';
import { evaluateModels, type Evaluation } from './evaluateModels';
import { evaluateRun, otherChoices } from './evaluateRun';
import { recordMetrics } from './recordMetrics';
import { summaryText } from './report';
import { readRun } from './storedRun';
import { maskWriter } from './writeMasks';
import { writeEvaluation } from './writeEvaluation';

interface EvaluateOptions extends StudyOptions {
  model: string;
  compare?: string[];
  run?: string;
  out: string;
  record?: string;
  masks?: boolean;
}

/** `hydrops evaluate --model M --data DIR --out DIR` */
export function register(program: Command): void {
  const command = program
    .command('evaluate')
    .description(`Compare what models find with annotated studies.\n${RESEARCH_NOTICE}`)
    .option('--model <dir or url>', 'model folder or address', DEFAULT_MODEL)
    .option(
      '--run <dir>',
      'instead of --model: a run of hydrops train; each of its folds is tried on the patients that it held back'
    )
    .option('--compare <models...>', 'further models, side by side on the same studies')
    .option(
      '--data <dir...>',
      'DICOM studies with DICOM SEG, RTSTRUCT, NIfTI or NRRD labels, or cohorts of hydrops phantom'
    );
  addArchiveOptions(addPairingOptions(command))
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
    .requiredOption('--out <dir>', 'folder for evaluation.html, evaluation.csv and evaluation.json')
    .option(
      '--masks',
      'also write the annotation of each study and what each model found, as NIfTI, into OUT/masks'
    )
    .option('--record <test set>', "write the model's metrics into its manifest under this name")
    .addHelpText(
      'after',
      `
IoU, Dice, surface Dice at 0.5 mm and 95 % Hausdorff distance of each organ; agreement of the EH ratio
where the studies have PPI and PEI: ICC(2,1), ICC(3,1), Pearson's r, limits of agreement, each with its
95 % confidence interval. Areas are compared on the annotated slice, and the agreement of the slices is a figure of its own.
Organs annotated on chosen slices are compared on these; what was not annotated is not judged; what a program found and
nobody edited is not an annotation (--accept-automatic). What is left out is printed with its reason.
Figures on phantoms say nothing about patients.
Exit status: 0 done, 2 if the data cannot be used, 1 if the program fails.

Examples:
  $ hydrops evaluate --model run/fold-1/model --data held-out/ --out evaluation/
  $ hydrops evaluate --run run/ --data studies/ --out evaluation/
  $ hydrops evaluate --phantoms 60 --difficulty 1.3 --compare run/fold-1/model --out evaluation/`
    )
    .action(evaluate);
}

const say = (line: string) => process.stderr.write(`${line}\n`);

async function evaluate(options: EvaluateOptions, command: Command): Promise<void> {
  if (options.run !== undefined) refuseBesideRun(options, command);
  const chosen = await chooseStudies(options, say);
  const { given, description, problems, notes } = chosen;
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const evaluated = await evaluateChosen(options, chosen, stop.signal).finally(() =>
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  );
  const [first] = evaluated.models;
  const leftOut = [...chosen.leftOut, ...evaluated.leftOut];
  const evaluation = {
    ...evaluated,
    problems,
    notes: [...notes, ...evaluated.notes],
    accounting: accountFor(given, countUsed(first?.studies ?? []), leftOut),
  };
  if (!first || first.studies.length === 0) {
    say(accountingText(evaluation.accounting));
    throw new CommandError('No study could be evaluated.', 2);
  }
  await writeEvaluation(path.resolve(options.out), evaluation, description);
  if (options.record) await recordMetrics(options.model, first.summary, options.record);
  process.stdout.write(accountingText(evaluation.accounting));
  process.stdout.write(summaryText(evaluation.models.map((model) => model.summary)));
}

/** The run names its own models and patients. */
function refuseBesideRun(options: EvaluateOptions, command: Command): void {
  const { data, dicomweb, compare, record } = options;
  if (!data && !dicomweb)
    throw new CommandError('--run needs --data: the studies that the run was trained on.');
  const isModelGiven = command.getOptionValueSource('model') !== 'default';
  const beside = [isModelGiven && '--model', compare && '--compare', record && '--record'];
  const given = beside.filter(Boolean).join(' and ');
  if (given) throw new CommandError(`--run takes the model of each fold: leave out ${given}.`);
}

async function evaluateChosen(
  options: EvaluateOptions,
  { studies }: ChosenStudies,
  signal: AbortSignal
): Promise<Evaluation> {
  const { annotations, model, compare = [] } = options;
  const masks = options.masks ? await maskWriter(path.resolve(options.out), studies) : undefined;
  const settings = { annotations, masks, signal, say };
  if (options.run === undefined) return evaluateModels([model, ...compare], studies, settings);
  const run = await readRun(path.resolve(options.run));
  const notes = otherChoices(run, annotations, await readPairing(options));
  for (const note of notes) say(`note: ${note}`);
  const evaluation = await evaluateRun(run, studies, settings);
  return { ...evaluation, notes: [...notes, ...evaluation.notes] };
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) {
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  }
  return number;
}
