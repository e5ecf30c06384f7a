import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { RESEARCH_NOTICE } from '@inner-ear-hydrops/core';
import type { AskedKind } from '../dataset/coverage';
import { addPairingOptions, readPairing, type PairingArguments } from '../dataset/pairingOptions';
import {
  addArchiveOptions,
  dataFolders,
  type ArchiveDataArguments,
} from '../dicomweb/archiveOptions';
import { CommandError } from '../errors';
import { makePlan } from '../train/presets';
import { convertStudies } from './convertStudies';
import { FORMATS, type Format } from './formats';

interface ConvertOptions extends PairingArguments, ArchiveDataArguments {
  to: Format;
  out: string;
  annotations: AskedKind;
  folds: number;
  seed?: number;
}

/** `hydrops convert --data DIR… --to FORMAT --out DIR` */
export function register(program: Command): void {
  const command = program
    .command('convert')
    .description(`Write the annotations of studies in another format.\n${RESEARCH_NOTICE}`)
    .option(
      '--data <dir...>',
      'DICOM studies with DICOM SEG, RTSTRUCT, NIfTI or NRRD labels, or cohorts of hydrops phantom'
    )
    .addOption(
      new Option(
        '--to <format>',
        'nifti (for ITK-SNAP), nrrd (.seg.nrrd for 3D Slicer), seg (DICOM Segmentation), nnunet (raw data set of nnU-Net)'
      )
        .choices(FORMATS)
        .makeOptionMandatory()
    )
    .requiredOption('--out <dir>', 'empty folder, created if missing; for nnunet Dataset501_NAME');
  addArchiveOptions(addPairingOptions(command))
    .option('--folds <number>', 'folds of splits_final.json, split by patient', folds, 5)
    .option('--seed <number>', 'seed of the folds, as of hydrops train', seed)
    .addHelpText(
      'after',
      `
Labels lie on the grid of MRC: 1 left cochlea, 2 left vestibule, 3 right cochlea, 4 right vestibule. cases.csv says which file
is of which study, for --labels. With nifti comes labels.txt (label descriptions for ITK-SNAP), with nnunet the MRC images,
dataset.json and splits_final.json, which nnU-Net wants in its folder of preprocessed data; there voxels that nobody
annotated have the label "ignore". What is left out is printed with its reason.
Exit status: 0 done, 2 if the data cannot be used, 1 if the program fails.

Examples:
  $ hydrops convert --data studies/ --to nrrd --out slicer/
  $ hydrops convert --data studies/ --to nnunet --out nnUNet_raw/Dataset501_InnerEar/
  $ hydrops convert --data studies/ --labels labelsTr/ --to seg --out segmentations/`
    )
    .action(convert);
}

async function convert(options: ConvertOptions): Promise<void> {
  const recipe = { preset: 'default', task: 'segmentation', fromWeights: false } as const;
  const plan = makePlan({ ...recipe, seed: options.seed });
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const data = await dataFolders(options, say);
  if (data.length === 0)
    throw new CommandError('Give the studies with --data, or with --dicomweb.');
  await convertStudies({
    data,
    out: path.resolve(options.out),
    format: options.to,
    annotations: options.annotations,
    pairing: await readPairing(options),
    ...{ folds: options.folds, seed: plan.seed },
    say,
  });
}

function folds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 2)
    throw new InvalidArgumentError('It must be a whole number, 2 or more.');
  return value;
}

function seed(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}
