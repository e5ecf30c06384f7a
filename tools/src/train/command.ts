import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { RESEARCH_NOTICE } from '@inner-ear-hydrops/core';
import type { NetworkPlan } from '@inner-ear-hydrops/core/segmentation';
import { DEFAULT_MODEL } from '../model/modelFiles';
import type { AskedKind } from '../dataset/coverage';
import { addPairingOptions, readPairing, type PairingArguments } from '../dataset/pairingOptions';
import {
  addArchiveOptions,
  dataFolders,
  type ArchiveDataArguments,
} from '../dicomweb/archiveOptions';
import { CommandError } from '../errors';
import type { AugmentationLevel } from './plans';
import { makePlan, PRESETS } from './presets';
import { runTraining } from './runTraining';

interface TrainOptions extends PairingArguments, ArchiveDataArguments {
  out: string;
  preset: string;
  task: 'segmentation' | 'locator';
  folds: number;
  fold?: number;
  jobs?: number;
  partOfRun?: boolean;
  seed?: number;
  steps?: number;
  batch?: number;
  learningRate?: number;
  augmentation?: AugmentationLevel;
  annotations: AskedKind;
  network?: NetworkPlan['architecture'];
  width?: number;
  head?: number;
  decoder?: 'fcn8' | 'unet';
  blocks?: 'plain' | 'residual';
  from?: string;
  otherNetwork: string;
  name?: string;
  modelVersion: string;
  authors?: string;
  license?: string;
  dataStatement?: string;
  resume?: boolean;
  leaveOutBad?: boolean;
  checkOnly?: boolean;
  backend: 'auto' | 'wasm';
}

/** `hydrops train --data DIR… --out DIR` */
export function register(program: Command): void {
  const command = program
    .command('train')
    .description(`Train a network on annotated studies.\n${RESEARCH_NOTICE}`)
    .option(
      '--data <dir...>',
      'DICOM studies with DICOM SEG, RTSTRUCT, NIfTI or NRRD labels, cohorts of hydrops phantom, or its training crops'
    )
    .requiredOption('--out <dir>', 'folder of the run; created if missing')
    .addOption(
      new Option('--preset <name>', 'our own recipe, or a recipe of the paper (Cho et al., 2020)')
        .choices(PRESETS)
        .default('default')
    )
    .addOption(
      new Option('--task <name>', 'network to train')
        .choices(['segmentation', 'locator'])
        .default('segmentation')
    )
    .option('--folds <number>', 'folds of cross-validation, split by patient', positive, 5)
    .option('--fold <number>', 'train this fold only, 1 to the number of folds', positive)
    .option(
      '--jobs <number>',
      'folds trained at the same time (default: as processors and memory allow)',
      positive
    )
    .addOption(
      new Option('--part-of-run', 'one fold of a run that another process leads').hideHelp()
    )
    .option(
      '--seed <number>',
      'seed of the initial weights, the folds and all random draws',
      positive
    )
    .option('--steps <number>', 'steps of each phase', positive)
    .option('--batch <number>', 'patches per step', positive)
    .option('--learning-rate <number>', 'learning rate of Adam', number)
    .addOption(
      new Option(
        '--augmentation <level>',
        'smooth: our own; low, moderate, high: those of the paper'
      ).choices(['none', 'smooth', 'low', 'moderate', 'high'])
    );
  addArchiveOptions(addPairingOptions(command))
    .addOption(
      new Option('--network <name>', 'architecture').choices([
        'unet',
        '3into3vgg',
        'concat3into1vgg',
      ])
    )
    .option('--width <number>', 'channels of the first convolutions', positive)
    .option('--head <number>', 'channels after VGG (4096 in the paper)', positive)
    .addOption(
      new Option(
        '--decoder <name>',
        'decoder of the VGG networks: that of the paper, or that of a U-Net on their branches'
      ).choices(['fcn8', 'unet'])
    )
    .addOption(
      new Option(
        '--blocks <name>',
        'blocks of the U-Net: plain convolutions, or with shortcuts'
      ).choices(['plain', 'residual'])
    )
    .option('--from <model>', 'model whose weights training starts from')
    .option(
      '--other-network <model>',
      'model that supplies the network that is not trained',
      DEFAULT_MODEL
    )
    .option('--name <name>', 'name of the exported model')
    .option('--authors <names>', 'who trained it, for its manifest')
    .option('--license <name>', 'licence of the exported model, for its manifest')
    .option(
      '--data-statement <text>',
      'whose data it learnt from and who allowed that (ethics committee, consent), for its manifest'
    )
    .option('--model-version <version>', 'version of the exported model', '0.1.0')
    .option('--resume', 'continue the run in OUT, with the same options')
    .option('--leave-out-bad', 'train without the studies that cannot be used')
    .option('--check-only', 'check and describe the data, then stop')
    .addOption(
      new Option('--backend <name>', 'auto: tfjs-node if it is installed')
        .choices(['auto', 'wasm'])
        .default('auto')
    )
    .addHelpText(
      'after',
      `
Writes OUT/plan.json (every setting), and for each fold OUT/fold-K/progress.svg, progress.csv,
summary.json, checkpoint and model/, which hydrops compute --model and the extension accept.
Segments that a program found and nobody edited are not annotations (--accept-automatic), and what was not
annotated is left open and does not count as background. What is left out is printed with its reason.
The run can be stopped or killed at any moment; --resume then ends with the same weights.
Folds are independent and are trained side by side, each in its own process (--jobs).
Exit status: 0 done or stopped, 2 if the data cannot be used, 1 if the program fails.

Examples:
  $ hydrops train --data studies/ --out run/ --fold 1
  $ hydrops train --dicomweb http://localhost:8042/dicom-web --patients patients.txt --copy copy/ --out run/
  $ hydrops train --data studies/ phantoms/ --out run/ --from models/inner-ear-unet --steps 2000
  $ hydrops train --data studies/ --out paper/ --preset paper-sa-fasa --augmentation high`
    )
    .action(train);
}

async function train(options: TrainOptions, command: Command): Promise<void> {
  if (options.fold !== undefined && options.fold > options.folds) {
    throw new CommandError(`--fold ${options.fold} is more than --folds ${options.folds}.`);
  }
  const plan = makePlan({ ...options, fromWeights: options.from !== undefined });
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const data = await dataFolders(options, say);
  if (data.length === 0)
    throw new CommandError('Give the studies with --data, or with --dicomweb.');
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  await runTraining({
    data,
    out: path.resolve(options.out),
    plan,
    folds: options.folds,
    fold: options.fold ?? null,
    processes: {
      jobs: options.jobs ?? null,
      argumentsOf: (fold) => argumentsOfFold(command, fold, data),
    },
    partOfRun: options.partOfRun === true,
    annotations: options.annotations,
    pairing: await readPairing(options),
    from: options.from ?? null,
    other: options.otherNetwork,
    name: options.name ?? null,
    authors: options.authors ?? null,
    license: options.license ?? null,
    dataStatement: options.dataStatement ?? null,
    version: options.modelVersion,
    resume: options.resume === true,
    leaveOutBad: options.leaveOutBad === true,
    checkOnly: options.checkOnly === true,
    backend: options.backend,
    signal: stop.signal,
    say,
  }).finally(() => process.off('SIGINT', onSignal).off('SIGTERM', onSignal));
}

/** The same command for one fold of a run whose plan is written already. */
function argumentsOfFold(command: Command, fold: number, data: readonly string[]): string[] {
  // What was copied from an archive lies on disk: no fold asks the archive again.
  const archive = ['data', 'dicomweb', 'patients', 'query', 'copy'];
  const login = ['dicomwebUser', 'dicomwebPassword', 'dicomwebHeader'];
  const own = ['fold', 'jobs', 'resume', 'partOfRun', ...archive, ...login];
  const given = command.options.flatMap((option) => {
    const name = option.attributeName();
    if (own.includes(name) || command.getOptionValueSource(name) === 'default') return [];
    const value: unknown = command.getOptionValue(name);
    if (value === undefined || value === false) return [];
    return value === true
      ? [option.long ?? '']
      : [option.long ?? '', ...[value].flat().map(String)];
  });
  return [
    command.name(),
    '--data',
    ...data,
    ...given,
    '--fold',
    String(fold),
    '--resume',
    '--part-of-run',
  ];
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}

function number(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
