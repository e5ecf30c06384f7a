import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { RESEARCH_NOTICE } from '@inner-ear-hydrops/core';
import { createCohortCase, simulateStudy, type CohortOptions } from '@inner-ear-hydrops/phantom';
import { generateCases } from '../train/generateCases';
import { encodePhantomStudy } from './phantomDicom';
import { truthJson } from './truthJson';

interface PhantomOptions {
  cases: number;
  seed: number;
  out: string;
  difficulty: number;
  grids: 'varied' | 'paper';
  trainingCrops?: boolean;
}

export function register(program: Command): void {
  program
    .command('phantom')
    .description(
      'Make synthetic studies with known truth: MRC, PPI, PEI and a localiser as DICOM files.'
    )
    .option('--cases <number>', 'number of studies', wholeNumber, 1)
    .option(
      '--seed <number>',
      'seed of the first study; each further study uses the next seed',
      wholeNumber,
      1
    )
    .requiredOption('--out <dir>', 'directory for the studies; created if missing')
    .option(
      '--difficulty <number>',
      'factor on the ranges of anatomy and acquisition, from 0 (the mean case) to 1.5',
      difficulty,
      1
    )
    .addOption(
      new Option(
        '--grids <kind>',
        'pixels, slices, fields of view and tilts: varied as between sites, or those of Cho et al. (2020)'
      )
        .choices(['varied', 'paper'])
        .default('varied')
    )
    .option(
      '--training-crops',
      'instead of studies, write the crops that hydrops train learns from, about 200 times smaller'
    )
    .addHelpText(
      'after',
      `
Writes OUT/case-SEED/*.dcm and OUT/case-SEED/truth.json: labels of both ears with canals and internal
auditory canal, exact endolymph fractions and volumes, representative slices and landmarks.
The same seed and options always give the same files. Seeds from 1000000 on are for evaluation:
--training-crops refuses them. Existing crops are kept.
${RESEARCH_NOTICE}`
    )
    .action(writePhantoms);
}

async function writePhantoms(options: PhantomOptions): Promise<void> {
  const out = resolve(options.out);
  if (options.trainingCrops) return writeCrops(out, options);
  for (let i = 0; i < options.cases; i++) {
    const seed = options.seed + i;
    const directory = join(out, `case-${seed}`);
    await writeCase(seed, directory, options);
    process.stderr.write(`${directory}\n`);
  }
}

async function writeCrops(out: string, { seed, cases }: PhantomOptions): Promise<void> {
  const started = Date.now();
  await generateCases(out, seed, cases, (done) => {
    const count = done - seed + 1;
    if (count % 10 !== 0 && count !== cases) return;
    const left = (((Date.now() - started) / count) * (cases - count)) / 60000;
    process.stderr.write(`${count} of ${cases} cases, ${left.toFixed(0)} min left\n`);
  });
}

async function writeCase(seed: number, directory: string, options: CohortOptions): Promise<void> {
  const study = simulateStudy(createCohortCase(seed, options));
  const objects = encodePhantomStudy(study, {
    key: `cohort-seed-${seed}${suffix(options)}`,
    givenName: `Seed ${seed}`,
    patientId: `PHANTOM-${seed}${suffix(options).toUpperCase()}`,
    studyDescription: 'Inner ear MRI, phantom (synthetic)',
  });
  // Complete or not there: the directory gets its name at the end.
  const temporary = `${directory}.incomplete`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  for (const [index, object] of objects.entries()) {
    const name = `${String(index + 1).padStart(4, '0')}.dcm`;
    await writeFile(join(temporary, name), new Uint8Array(object.file));
  }
  await writeFile(join(temporary, 'truth.json'), truthJson(seed, study, objects));
  await rm(directory, { recursive: true, force: true });
  await rename(temporary, directory);
}

/** Studies of one seed that differ must not share their UIDs. */
function suffix({ difficulty = 1, grids = 'varied' }: CohortOptions): string {
  return `${grids === 'paper' ? '-paper' : ''}${difficulty === 1 ? '' : `-d${difficulty}`}`;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) {
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  }
  return number;
}

function difficulty(text: string): number {
  const number = Number(text);
  if (!(number >= 0 && number <= 1.5)) {
    throw new InvalidArgumentError('It must be a number from 0 to 1.5.');
  }
  return number;
}
