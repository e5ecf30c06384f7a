import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { SaveItem, SavePart } from '../state/HydropsState';
import type { EncodedPart } from '@inner-ear-hydrops/core/dicom';
import { PART_NAMES } from '../state/saveParts';
import type { StoreFailure } from './storeObjects';

export type PartFailure = StoreFailure & { part: SavePart };

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

/** Of a part that began, some images may be there. */
function missingWords({ part, label, stored, total }: SaveItem): string {
  return stored > 0 ? `${PART_NAMES[part]} (${stored} of ${total} images are stored)` : label;
}

/** What is stored and what is not, in one sentence. */
function account(items: SaveItem[]): string {
  const there = items.filter(({ status }) => status === 'stored').map(({ label }) => label);
  const missing = items.filter(({ status }) => status !== 'stored').map(missingWords);
  return `Not stored: ${missing.join(', ')}.${there.length > 0 ? ` Stored: ${there.join(', ')}.` : ''}`;
}

/** The reader has ended a save. */
export class SaveCancelled extends Error {
  constructor(items: SaveItem[] = []) {
    const what = items.length > 0 ? ` ${account(items)}` : '';
    super(`Saving was cancelled.${what} Save results continues where it stopped.`);
    this.name = 'SaveCancelled';
  }
}

/** What ended the storing, with what is stored by then. */
export function unfinished(error: unknown, items: SaveItem[]): unknown {
  if (!(error instanceof RefusedInputError)) return error;
  const message = `${error.message} ${account(items)}`;
  return new RefusedInputError(error.code, message, error.remedy, error.values);
}

/**
 * Objects that the archive answered for and did not take, in one sentence a reason; the panel's list names
 * each.
 */
export function rejected(
  failures: PartFailure[],
  items: SaveItem[],
  archive: string
): RefusedInputError {
  const byReason = new Map<string, PartFailure[]>();
  for (const failure of failures) {
    byReason.set(failure.reason, [...(byReason.get(failure.reason) ?? []), failure]);
  }
  const sentences = [...byReason].map(
    ([reason, alike]) => `${archive} did not take ${what(alike)}: it ${reason}.`
  );
  const parts = [...new Set(failures.map(({ part }) => PART_NAMES[part]))].join(' and ');
  return new RefusedInputError(
    failures[0]?.code ?? 'archive-rejected-instance',
    `${sentences.join(' ')} ${account(items)}`,
    `Retry, ask whoever runs the archive, or leave ${parts} out in the list under Save results. The result is kept here; Download saves it as files.`,
    { objects: failures.length }
  );
}

function what(failures: PartFailure[]): string {
  const [first] = failures;
  if (!first) return 'nothing';
  return failures.length === 1
    ? first.object.description
    : `${failures.length} images of ${PART_NAMES[first.part]}`;
}

/** One object and why it is not stored, to be found again in the archive's log. */
export function objectProblem({ object, reason }: StoreFailure): string {
  return `${object.description}, ${object.sopInstanceUid}: the archive ${reason}`;
}
