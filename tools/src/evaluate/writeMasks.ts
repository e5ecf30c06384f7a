import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { caseNames } from '../convert/caseNames';
import { labelsFromAnatomy } from '../dataset/anatomyLabels';
import type { LabelledStudy, LoadedStudy } from '../dataset/labelledStudy';
import { CommandError } from '../errors';
import { labelDescriptions } from '../labelFiles/labelDescriptions';
import { niftiFile } from '../labelFiles/writeNifti';

/** What a model found in a study, `ANATOMY` codes on MRC's grid. */
export interface FoundMask {
  model: string;
  anatomy: Uint8Array;
}

export type MaskListener = (
  study: LabelledStudy,
  loaded: LoadedStudy,
  found: readonly FoundMask[]
) => Promise<void>;

/**
 * Writes masks/CASE/annotation.nii.gz and, for each model, masks/CASE/found-N.nii.gz: cochlea and vestibule of both ears on MRC's
 * grid. masks/cases.csv says which study and which model a file is of.
 * @throws CommandError status 2 where masks of an earlier evaluation are there
 */
export async function maskWriter(
  out: string,
  studies: readonly LabelledStudy[]
): Promise<MaskListener> {
  const folder = path.join(out, 'masks');
  if ((await readdir(folder).catch(() => [])).length > 0)
    throw new CommandError(`${folder} holds masks already. Name another folder with --out.`, 2);
  const names = caseNames(studies);
  const lines = ['study,file,model'];
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return async (study, { mrc, anatomy }, found) => {
    const name = names[studies.indexOf(study)] ?? study.studyInstanceUid;
    const files = [
      { file: `${name}/annotation.nii.gz`, model: '', codes: anatomy },
      ...found.map(({ model, anatomy: codes }, n) => ({
        ...{ file: `${name}/found-${n + 1}.nii.gz`, model, codes },
      })),
    ];
    await mkdir(path.join(folder, name), { recursive: true });
    for (const { file, model, codes } of files) {
      const { data } = labelsFromAnatomy(mrc.volume, codes);
      await writeFile(path.join(folder, file), niftiFile(mrc.volume, data));
      lines.push([study.studyInstanceUid, file, cell(model)].join(','));
    }
    await writeFile(path.join(folder, 'cases.csv'), `${lines.join('\n')}\n`);
    await writeFile(path.join(folder, 'labels.txt'), labelDescriptions());
  };
}
