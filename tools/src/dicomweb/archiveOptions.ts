import path from 'node:path';
import type { Command } from 'commander';
import { CommandError } from '../errors';
import {
  authorizationOf,
  HEADER_OPTION,
  PASSWORD_OPTION,
  USER_OPTION,
  type ArchiveArguments,
} from './archiveAddress';
import { ArchiveClient } from './archiveClient';
import { copyStudies, readPatients } from './copyStudies';

/** What the command line says of an archive to read from. */
export interface ArchiveDataArguments extends ArchiveArguments {
  data?: string[];
  patients?: string[];
  query?: string[];
  copy?: string;
}

/** The options of every command that reads annotated studies from an archive. */
export function addArchiveOptions(command: Command): Command {
  return command
    .option(
      '--dicomweb <url>',
      'DICOMweb root of an archive whose studies are read, too (with --copy, and --patients or --query)'
    )
    .option('--patients <ids...>', 'Patient IDs of that archive, or files with one on each line')
    .option(
      '--query <filters...>',
      'filters of its studies (QIDO-RS), for example StudyDate=20240101-20241231 ModalitiesInStudy=SEG'
    )
    .option(
      '--copy <dir>',
      'folder for copies of these studies; what is there is not fetched again'
    )
    .addOption(USER_OPTION)
    .addOption(PASSWORD_OPTION)
    .addOption(HEADER_OPTION);
}

/**
 * Folders with the data: those of `--data`, and copies of the studies of an archive.
 * @throws CommandError for options that do not go together, and status 2 where the archive does not answer
 */
export async function dataFolders(
  given: ArchiveDataArguments,
  say: (line: string) => void
): Promise<string[]> {
  const { data = [], dicomweb, patients = [], query = [], copy } = given;
  if (dicomweb === undefined) {
    if (patients.length > 0 || query.length > 0 || copy !== undefined)
      throw new CommandError('--patients, --query and --copy go with --dicomweb.');
    return data;
  }
  if (copy === undefined)
    throw new CommandError('--dicomweb wants --copy: the folder that its studies are copied to.');
  if (patients.length === 0 && query.length === 0)
    throw new CommandError('--dicomweb wants --patients or --query: which studies are meant.');
  const filters = Object.fromEntries(query.map(filterOf));
  const client = new ArchiveClient(dicomweb, authorizationOf(given));
  const wanted = { patients: await readPatients(patients), filters };
  return [...data, ...(await copyStudies(client, wanted, path.resolve(copy), say))];
}

function filterOf(text: string): [string, string] {
  const [, name, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (name && value) return [name, value];
  throw new CommandError(`--query "${text}" is not KEYWORD=VALUE, such as StudyDate=20240101-.`);
}
