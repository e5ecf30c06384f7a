import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { Problem } from './HydropsState';

/** What was being done when it failed; decides the remedy and the command that tries again. */
export type Task = 'read' | 'compute' | 'store' | 'load';

const RETRY: Record<Task, Problem['retry']> = {
  read: 'computeHydrops',
  compute: 'computeHydrops',
  store: 'saveHydropsResults',
  load: 'loadHydropsResults',
};

/** Refusals that trying again cannot change; the reader has to do something else first. */
const HOPELESS = new Set([
  'series-missing',
  'not-magnitude',
  'no-overlap',
  'no-result',
  'no-mrc',
  'not-kept',
]);

/** True for what a cancelled computation rejects with. */
export function isAbort(error: unknown): boolean {
  return error !== null && typeof error === 'object' && 'name' in error
    ? error.name === 'AbortError'
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

/** Words of an error that may be wrapped, as Cornerstone's loaders and dicomweb-client do. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === 'string') return error;
  if (error !== null && typeof error === 'object') {
    const fields = error as Record<string, unknown>;
    if (fields['error'] !== undefined) return messageOf(fields['error']);
    if (typeof fields['message'] === 'string') return fields['message'];
    if (typeof fields['statusText'] === 'string') return fields['statusText'];
  }
  return String(error);
}
