import { RefusedInputError } from '@inner-ear-hydrops/core';
import { messageOf } from '../state/problems';

/**
 * An archive's failure as a refusal that names cause and remedy.
 * @param what names the object in the sentence, e.g. `series 4 "PPI"`.
 * @param retryAfter seconds that the archive asks to be left alone; null where it does not
 */
export function archiveError(
  error: unknown,
  task: 'read' | 'store' | 'load',
  what: string,
  retryAfter: number | null = null
): RefusedInputError {
  const status = httpStatusOf(error);
  const doing = task === 'store' ? `store ${what}` : `read ${what}`;
  const keep = task === 'store' ? ' The result is kept here; Download saves it as a file.' : '';
  if (status === 401 || status === 403) {
    return new RefusedInputError(
      'archive-unauthorized',
      `The archive refused to let this viewer ${doing} (HTTP ${status}): not signed in, or no permission.`,
      `Sign in again (after a restart of hydrops serve or npm start: open the address that it prints now), or ask whoever runs the archive for permission; then retry.${keep}`,
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
        : 'Reload the study; if it is still listed, the archive is inconsistent: ask whoever runs it to look at it.') +
        keep,
      { status }
    );
  }
  if (status !== null) {
    return new RefusedInputError(
      'archive-error',
      `The archive failed to ${doing} (HTTP ${status}).`,
      `Wait ${retryAfter === null ? 'a moment' : `${retryAfter} s`} and retry. If it keeps failing, report the status ${status} to whoever runs the archive.${keep}`,
      { status, ...(retryAfter === null ? {} : { retryAfter }) }
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
    `The archive gave no usable answer when asked to ${doing}: ${messageOf(error)}.`,
    `Check the network connection and that the archive is running, then retry.${keep}`,
    {}
  );
}

/** Seconds of a Retry-After header (RFC 9110 10.2.3), a number or a date; null where it says nothing. */
export function retryAfterOf(header: string | null, now: Date): number | null {
  if (header === null || header.trim() === '') return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now.getTime()) / 1000));
}

function isTruncation(error: unknown): boolean {
  return /offset|out of bounds|length of|truncat|decod|byteArray|too short|invalid typed array/i.test(
    messageOf(error)
  );
}

/**
 * HTTP status behind a failed image load, or null. Cornerstone's DICOMweb loader rejects with an
 * XMLHttpRequest-based error whose place has moved between versions, so all known places are read.
 */
export function httpStatusOf(error: unknown): number | null {
  const seen = new Set<unknown>();
  const pending: unknown[] = [error];
  while (pending.length > 0) {
    const value = pending.pop();
    if (value === null || typeof value !== 'object' || seen.has(value)) continue;
    seen.add(value);
    const fields = value as Record<string, unknown>;
    const status = fields['status'];
    if (typeof status === 'number' && status >= 400 && status < 600) return status;
    for (const name of ['error', 'request', 'response', 'cause']) pending.push(fields[name]);
  }
  const words = messageOf(error);
  const match = /(?:status(?: code)?|error|failed)[^0-9]{0,12}([45]\d\d)\b/i.exec(words);
  return match ? Number(match[1]) : null;
}
