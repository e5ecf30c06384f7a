import type { EncodedObject } from '@inner-ear-hydrops/core/dicom';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import { DUPLICATE, failureWords, mayPass, type StowAnswer } from '../host/stowAnswer';

/** What `storeObjects` needs of an archive; see archive.ts. */
export interface StoreTarget {
  /** The archive's answer about each instance, or null where it gave none. @throws RefusedInputError */
  post(objects: EncodedObject[], signal?: AbortSignal): Promise<StowAnswer | null>;
  /** True when the archive holds this very object. */
  holds(object: EncodedObject): Promise<boolean>;
  /** Those of these objects that the archive lists. */
  listed(objects: EncodedObject[]): Promise<Set<string>>;
}

export interface StoreOptions {
  /** Attempts for each object, the first included. */
  attempts: number;
  /** Milliseconds before attempt n + 1, n from 1. */
  pause?: (attempt: number) => number;
  /** Waits so many milliseconds; the clock's own where absent. */
  wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** One request holds so many bytes at most, unless a single object is larger. */
  bytes?: number;
  together: boolean;
  signal?: AbortSignal;
  onStored(object: EncodedObject): void;
}

export interface StoreFailure {
  object: EncodedObject;
  /** Why, in words that follow "the archive". */
  reason: string;
  code: string;
}

const REQUEST_BYTES = 8 * 1024 * 1024;
/** An archive that asks for more, milliseconds, is not waited for: the reader is told. */
const MAX_PAUSE = 60_000;
const backOff = (attempt: number): number => 500 * 3 ** (attempt - 1);

/**
 * Stores objects and says of each that the archive did not take why; what would follow it is then not
 * sent, since a part is of use only as a whole. Asking again is for what may
 * pass: no answer, 429, 5xx, "out of resources"; not before the archive's Retry-After is over. A request that is too
 * large is halved. An object that the archive has already counts as stored once it is known to be the same object.
 *
 * @throws RefusedInputError `archive-…` when the archive as a whole does not answer or permit
 */
export async function storeObjects(
  target: StoreTarget,
  objects: EncodedObject[],
  options: StoreOptions
): Promise<StoreFailure[]> {
  for (const batch of batches(objects, options)) {
    const failures = await storeBatch(target, batch, options);
    if (failures.length > 0) return failures;
  }
  return [];
}

function batches(objects: EncodedObject[], options: StoreOptions): EncodedObject[][] {
  if (!options.together) return objects.map((object) => [object]);
  const result: EncodedObject[][] = [];
  let size = Infinity;
  for (const object of objects) {
    size += object.file.byteLength;
    if (size > (options.bytes ?? REQUEST_BYTES)) {
      result.push([]);
      size = object.file.byteLength;
    }
    result[result.length - 1]?.push(object);
  }
  return result;
}

async function storeBatch(
  target: StoreTarget,
  batch: EncodedObject[],
  options: StoreOptions
): Promise<StoreFailure[]> {
  const failures: StoreFailure[] = [];
  let waiting = batch;
  for (let attempt = 1; waiting.length > 0; attempt++) {
    options.signal?.throwIfAborted();
    const isLast = attempt >= options.attempts;
    let pause = 0;
    try {
      const answer = await target.post(waiting, options.signal);
      const outcome = await judge(target, waiting, answer, options);
      failures.push(...outcome.failures);
      waiting = outcome.unclear.map(({ object }) => object);
      if (isLast) failures.push(...outcome.unclear);
    } catch (error) {
      const status = statusOf(error);
      if (status === 413) return [...failures, ...(await tooLarge(target, waiting, options))];
      if (status === 409) {
        // A conflict without a word about instances: an archive that does so for what it has already.
        failures.push(...(await conflict(target, waiting, options)));
        return failures;
      }
      const asked = askedPause(error);
      if (isLast || !isPassing(error) || asked > MAX_PAUSE) throw error;
      pause = asked;
    }
    if (isLast) break;
    const own = (options.pause ?? backOff)(attempt);
    if (waiting.length > 0) await (options.wait ?? wait)(Math.max(own, pause), options.signal);
  }
  return failures;
}

interface Outcome {
  failures: StoreFailure[];
  /** Worth another attempt. */
  unclear: StoreFailure[];
}

async function judge(
  target: StoreTarget,
  objects: EncodedObject[],
  answer: StowAnswer | null,
  options: StoreOptions
): Promise<Outcome> {
  const outcome: Outcome = { failures: [], unclear: [] };
  const silent: EncodedObject[] = [];
  for (const object of objects) {
    const reason = answer?.failed.get(object.sopInstanceUid);
    if (reason === undefined) {
      if (answer?.accepted.has(object.sopInstanceUid)) options.onStored(object);
      else silent.push(object);
    } else if (reason === DUPLICATE && (await target.holds(object))) {
      options.onStored(object);
    } else {
      const failure = { object, reason: failureWords(reason), code: 'archive-rejected-instance' };
      (mayPass(reason) ? outcome.unclear : outcome.failures).push(failure);
    }
  }
  if (silent.length === 0) return outcome;
  // A success without a word about an instance is believed only when the archive lists it.
  const listed = await target.listed(silent);
  for (const object of silent) {
    if (listed.has(object.sopInstanceUid)) options.onStored(object);
    else
      outcome.unclear.push({
        object,
        reason: 'answered without confirming it, and does not list it',
        code: 'archive-unconfirmed',
      });
  }
  return outcome;
}

async function tooLarge(
  target: StoreTarget,
  objects: EncodedObject[],
  options: StoreOptions
): Promise<StoreFailure[]> {
  const [first] = objects;
  if (objects.length < 2) {
    return first
      ? [
          {
            object: first,
            reason: `finds it too large (${Math.ceil(first.file.byteLength / 1024)} kB, HTTP 413)`,
            code: 'archive-too-large',
          },
        ]
      : [];
  }
  const half = Math.ceil(objects.length / 2);
  const failures = await storeBatch(target, objects.slice(0, half), options);
  return failures.length > 0 ? failures : storeBatch(target, objects.slice(half), options);
}

async function conflict(
  target: StoreTarget,
  objects: EncodedObject[],
  options: StoreOptions
): Promise<StoreFailure[]> {
  const failures: StoreFailure[] = [];
  for (const object of objects) {
    if (await target.holds(object)) options.onStored(object);
    else
      failures.push({
        object,
        reason: 'refused it as a conflict (HTTP 409) and does not hold it',
        code: 'archive-conflict',
      });
  }
  return failures;
}

function statusOf(error: unknown): number | null {
  const status = error instanceof RefusedInputError ? error.values['status'] : undefined;
  return typeof status === 'number' ? status : null;
}

/** What the next attempt may find gone: no answer at all, 429, 5xx. */
function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== null) return status === 408 || status === 429 || status >= 500;
  return error instanceof RefusedInputError && error.code === 'archive-no-answer';
}

/** Milliseconds that the archive asks to be left alone (Retry-After). */
function askedPause(error: unknown): number {
  const seconds = error instanceof RefusedInputError ? error.values['retryAfter'] : undefined;
  return typeof seconds === 'number' ? 1000 * seconds : 0;
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true }
    );
  });
}
