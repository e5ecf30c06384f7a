import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { SaveItem, SavePart } from '../state';
import type { EncodedPart } from './encodeResult';
import { PART_NAMES } from './parts';
import type { StoreFailure } from './storeObjects';

export type PartFailure = StoreFailure & { part: SavePart };

/** Objects named one by one in a message; the panel's list names all. */
const NAMED = 3;

export function itemOf({ part, objects }: EncodedPart): SaveItem {
  const count = objects.length > 1 ? ` (${objects.length} images)` : '';
  return {
    part,
    label: `${PART_NAMES[part]}${count}`,
    total: objects.length,
    stored: 0,
    status: 'waiting',
    problems: [],
  };
}

/** What is stored and what is not, in one sentence. */
function account(items: SaveItem[]): string {
  const there = items.filter(({ status }) => status === 'stored').map(({ label }) => label);
  const missing = items.filter(({ status }) => status !== 'stored').map(({ label }) => label);
  return `Not stored: ${missing.join(', ')}.${there.length > 0 ? ` Stored: ${there.join(', ')}.` : ''}`;
}

/** What ended the storing, with what is stored by then. */
export function unfinished(error: unknown, items: SaveItem[]): unknown {
  if (!(error instanceof RefusedInputError)) return error;
  const message = `${error.message} ${account(items)}`;
  return new RefusedInputError(error.code, message, error.remedy, error.values);
}

/** Objects that the archive answered for and did not take. */
export function rejected(
  failures: PartFailure[],
  items: SaveItem[],
  archive: string
): RefusedInputError {
  const shown = failures
    .slice(0, NAMED)
    .map(({ object, reason }) => `${object.description} (${object.sopInstanceUid}): it ${reason}`);
  const more = failures.length > NAMED ? `; and ${failures.length - NAMED} more` : '';
  const parts = [...new Set(failures.map(({ part }) => PART_NAMES[part]))].join(' and ');
  return new RefusedInputError(
    failures[0]?.code ?? 'archive-rejected-instance',
    `${archive} did not take ${failures.length === 1 ? 'one object' : `${failures.length} objects`}. ${shown.join('; ')}${more}. ${account(items)}`,
    `Retry, ask whoever runs the archive, or leave ${parts} out under "What is saved". The result is kept here; Download saves it as files.`,
    { objects: failures.length }
  );
}
