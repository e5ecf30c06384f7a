import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { Problem } from './state';
import { httpStatusOf, messageOf } from './host';

/** What was being done when it failed; decides the remedy and the command that tries again. */
export type Task = 'read' | 'compute' | 'store' | 'load';

const RETRY: Record<Task, Problem['retry']> = {
  read: 'computeHydrops',
  compute: 'computeHydrops',
  store: 'saveHydropsResults',
  load: 'loadHydropsResults',
};

/** Refusals that trying again cannot change; the reader has to do something else first. */
const HOPELESS = new Set(['series-missing', 'not-magnitude', 'no-overlap', 'no-result', 'no-mrc']);

/** True for what a cancelled computation rejects with. */
export function isAbort(error: unknown): boolean {
  return error !== null && typeof error === 'object' && 'name' in error
    ? (error as { name: unknown }).name === 'AbortError'
    : false;
}

/** A cause and a remedy in words, for whatever was thrown. */
export function problemOf(error: unknown, task: Task): Problem {
  if (error instanceof RefusedInputError || isRefusal(error)) {
    return {
      code: error.code,
      message: error.message,
      remedy: error.remedy,
      retry: HOPELESS.has(error.code) ? null : RETRY[task],
    };
  }
  return {
    code: 'unexpected',
    message: `${FAILED[task]}: ${messageOf(error)}.`,
    remedy:
      'Try again. If it fails again, reload the page and report the message with the browser console.',
    retry: RETRY[task],
  };
}

const FAILED: Record<Task, string> = {
  read: 'The images could not be read',
  compute: 'The computation failed',
  store: 'The result could not be stored',
  load: 'The stored result could not be opened',
};

/** The worker and this bundle may each hold their own class of the same name. */
function isRefusal(error: unknown): error is RefusedInputError {
  return (
    error !== null &&
    typeof error === 'object' &&
    (error as { name?: unknown }).name === 'RefusedInputError' &&
    typeof (error as { remedy?: unknown }).remedy === 'string'
  );
}

/**
 * An archive's failure as a refusal that names cause and remedy.
 * @param what names the object in the sentence, e.g. `series 4 "PPI"`.
 */
export function archiveError(
  error: unknown,
  task: 'read' | 'store' | 'load',
  what: string
): RefusedInputError {
  const status = httpStatusOf(error);
  const doing = task === 'store' ? `store ${what}` : `read ${what}`;
  const keep = task === 'store' ? ' The result is kept here; Download saves it as a file.' : '';
  if (status === 401 || status === 403) {
    return new RefusedInputError(
      'archive-unauthorized',
      `The archive refused to let this viewer ${doing} (HTTP ${status}): not signed in, or no permission.`,
      `Sign in again or ask whoever runs the archive for the permission, then retry.${keep}`,
      { status }
    );
  }
  if (status === 404) {
    return new RefusedInputError(
      'archive-not-found',
      task === 'store'
        ? `The archive offers no place to store ${what} (HTTP 404).`
        : `The archive does not have ${what} any more (HTTP 404).`,
      (task === 'store'
        ? 'Ask whoever runs the archive whether STOW-RS is enabled at the configured address, then retry.'
        : 'Reload the study; if it is still listed, the archive is inconsistent and its administrator has to look at it.') +
        keep,
      { status }
    );
  }
  if (status !== null) {
    return new RefusedInputError(
      'archive-error',
      `The archive failed to ${doing} (HTTP ${status}).`,
      `Wait a moment and retry. If it keeps failing, report the status ${status} to whoever runs the archive.${keep}`,
      { status }
    );
  }
  if (isTruncation(error)) {
    return new RefusedInputError(
      'pixel-data-truncated',
      `Pixel data of ${what} are incomplete: ${messageOf(error)}.`,
      'Send the series to the archive again from the scanner or workstation, then reload the study.',
      {}
    );
  }
  return new RefusedInputError(
    'archive-no-answer',
    `The archive gave no usable answer on the attempt to ${doing}: ${messageOf(error)}.`,
    `Check the network connection and that the archive runs, then retry.${keep}`,
    {}
  );
}

function isTruncation(error: unknown): boolean {
  return /offset|out of bounds|length of|truncat|decod|byteArray|too short|invalid typed array/i.test(
    messageOf(error)
  );
}
