import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { RESEARCH_NOTICE } from '@inner-ear-hydrops/core';
import { createCase, simulateStudy } from '@inner-ear-hydrops/phantom';
import { encodePhantomStudy } from './phantomDicom';
import { truthJson } from './truthJson';

interface PhantomOptions {
  cases: number;
  seed: number;
  out: string;
}

export function register(program: Command): void {
  program
    .command('phantom')
    .description('synthetic studies with known truth: MRC, PPI, PEI and a localiser as DICOM files')
    .option('--cases <number>', 'how many studies', wholeNumber, 1)
    .option('--seed <number>', 'seed of the first study; the next ones follow', wholeNumber, 1)
    .requiredOption('--out <dir>', 'directory for the studies; made when missing')
    .addHelpText(
      'after',
      `\nWrites OUT/case-SEED/*.dcm and OUT/case-SEED/truth.json. One seed always gives the same files.\n${RESEARCH_NOTICE}`
    )
    .action(writePhantoms);
}

async function writePhantoms(options: PhantomOptions): Promise<void> {
  const out = resolve(options.out);
  for (let i = 0; i < options.cases; i++) {
    const seed = options.seed + i;
    const directory = join(out, `case-${seed}`);
    await writeCase(seed, directory);
    process.stderr.write(`${directory}\n`);
  }
}

async function writeCase(seed: number, directory: string): Promise<void> {
  const study = simulateStudy(createCase(seed));
  const objects = encodePhantomStudy(study, {
    key: `seed-${seed}`,
    givenName: `Seed ${seed}`,
    patientId: `PHANTOM-${seed}`,
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

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) {
    throw new InvalidArgumentError('This is a whole number, 0 or more.');
  }
  return number;
}
