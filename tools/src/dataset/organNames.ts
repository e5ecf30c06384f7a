import { readFile } from 'node:fs/promises';
import { SEGMENTS, type Segment } from '@inner-ear-hydrops/core';
import { matchSegment } from '@inner-ear-hydrops/core/dicom';
import { CommandError } from '../errors';

/** Organs by the names that a site gave them; null for a name that is said to be none. */
export type OrganNames = ReadonlyMap<string, Segment | null>;

const NONE = 'none';

/**
 * What `--names` says: `NAME=left vestibule`, `NAME=none`, or a text file with one of these on each line (blank lines
 * and those that begin with # are skipped).
 * @throws CommandError for a file that cannot be read and for an organ that does not exist
 */
export async function readOrganNames(given: readonly string[]): Promise<OrganNames> {
  const names = new Map<string, Segment | null>();
  for (const entry of given) {
    if (entry.includes('=')) add(names, entry, '--names');
    else for (const line of await linesOf(entry)) add(names, line, entry);
  }
  return names;
}

/** What was said of a name; undefined where nothing was. */
export function organNamed(names: OrganNames, name: string): Segment | null | undefined {
  return names.get(keyOf(name));
}

/** Spaces at the ends and capitals do not tell names apart. */
const keyOf = (name: string): string => name.normalize('NFC').trim().toLowerCase();

async function linesOf(file: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
    return lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  } catch (error) {
    throw new CommandError(
      `--names ${file} is neither NAME=ORGAN nor a file that can be read: ${(error as Error).message}`
    );
  }
}

function add(names: Map<string, Segment | null>, entry: string, where: string): void {
  const at = entry.lastIndexOf('=');
  const name = entry.slice(0, at);
  const organ = entry.slice(at + 1).trim();
  const segment = organ.toLowerCase() === NONE ? null : matchSegment({ SegmentLabel: organ });
  if (at < 1 || name.trim() === '' || (!segment && organ.toLowerCase() !== NONE)) {
    const organs = SEGMENTS.map(({ label }) => `"${label.toLowerCase()}"`).join(', ');
    throw new CommandError(
      `"${entry}" (${where}) does not say which organ a name is. Write NAME=ORGAN, where ORGAN is ${organs} or "${NONE}".`
    );
  }
  const key = keyOf(name);
  if (names.has(key) && names.get(key) !== segment)
    throw new CommandError(`"${name.trim()}" is given two organs (${where}).`);
  names.set(key, segment);
}
