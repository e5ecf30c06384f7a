import { Option, type Command } from 'commander';
import type { PairingOptions } from './labelledStudies';
import { CommandError } from '../errors';
import { readLabelSource } from './labelSource';
import { readOrganNames } from './organNames';
import { readPatientGroups } from './patients';

/** What the command line says of annotations and patients. */
export interface PairingArguments {
  names?: string[];
  reader?: string[];
  acceptAutomatic?: boolean;
  groups?: string;
  labels?: string[];
  labelNames?: string;
}

/** The options of every command that reads annotated studies. */
export function addPairingOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--annotations <kind>',
        'what the annotations cover: whole organs (volume), or chosen slices; auto: each organ by what was drawn'
      )
        .choices(['auto', 'volume', 'slices'])
        .default('auto')
    )
    .option(
      '--labels <path...>',
      'NIfTI and NRRD files of labels: folders whose files are called after the studies (folder, Patient ID or Study Instance UID), files, or tables with lines of "study,file" or "study,file,reader"; files beside the images need no option'
    )
    .option(
      '--label-names <file>',
      'what the values of such files are: dataset.json of nnU-Net, or label descriptions of ITK-SNAP; by default the one beside a file'
    )
    .option(
      '--names <mapping...>',
      'which organ a segment is whose name is not understood: "Vst_L=left vestibule", or "Skull=none", and of a label without a name: "1=left cochlea"; or a file with one such line for each name'
    )
    .option(
      '--reader <name...>',
      'whose annotations are used where several people annotated a study; several names are tried in turn'
    )
    .option(
      '--accept-automatic',
      'also use segments that a program found and nobody edited (AUTOMATIC) as annotations'
    )
    .option(
      '--groups <csv>',
      'whose studies they are: lines of "study,patient", where study is a Study Instance UID, a folder or a Patient ID'
    );
}

/** @throws CommandError for names, and for files that cannot be used */
export async function readPairing(given: PairingArguments): Promise<PairingOptions> {
  if (given.reader?.some((name) => name.trim() === ''))
    throw new CommandError(
      '--reader needs a name. It cannot choose annotations that name no reader.'
    );
  return {
    policy: {
      readers: given.reader ?? [],
      acceptAutomatic: given.acceptAutomatic === true,
      names: await readOrganNames(given.names ?? []),
    },
    labels: await readLabelSource(given.labels ?? [], given.labelNames),
    groups: given.groups === undefined ? new Map() : await readPatientGroups(given.groups),
  };
}
