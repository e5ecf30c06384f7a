import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildStudyAroundEar, type PhantomStudy } from '@inner-ear-hydrops/phantom';
import { CommandError } from '../errors';
import { projectRoot } from '../projectRoot';
import { readNiftiVolume } from '../labelFiles/readNifti';

/** Beside the checkout; never copied into it. */
export function realEarDirectory(): string {
  return resolve(projectRoot(), '..', 'shared', 'real-ear');
}

export function hasRealEar(): boolean {
  return existsSync(join(realEarDirectory(), 'left-t2.nii.gz'));
}

/**
 * The study around the real left ear: MRC contrast as measured, PPI and PEI simulated inside its labels.
 * @throws CommandError when the files are missing.
 */
export function realEarStudy(seed: number): PhantomStudy {
  const directory = realEarDirectory();
  if (!hasRealEar()) {
    throw new CommandError(
      `The data of the real ear are missing: ${directory} has no left-t2.nii.gz. Omit --real-ear.`
    );
  }
  const t2 = readNiftiVolume(join(directory, 'left-t2.nii.gz'));
  const labels = readNiftiVolume(join(directory, 'left-labels.nii.gz'));
  return buildStudyAroundEar({ t2, labels: Uint8Array.from(labels.data), seed });
}
