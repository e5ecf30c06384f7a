import type {
  EarSide,
  Method,
  ModelIdentity,
  Progress,
  StudyResult,
  StudySeries,
  Vector3,
} from '@inner-ear-hydrops/core';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import type { DerivedSeriesInput, EncodedObject } from '@inner-ear-hydrops/core/dicom';

/** `auto` takes WebGL where a real GPU renders and WASM otherwise; the others are forced. */
export type BackendChoice = 'auto' | 'webgl' | 'wasm';

/** What the main thread asks of the worker. `id` ties answers to their request. */
export type WorkerRequest =
  | {
      kind: 'run';
      id: number;
      series: StudySeries;
      modelUrl: string;
      backend: BackendChoice;
      method: Method;
      centers?: Partial<Record<EarSide, Vector3>>;
    }
  | { kind: 'warmUp'; id: number; modelUrl: string; backend: BackendChoice }
  | { kind: 'encode'; id: number; input: DerivedSeriesInput }
  | { kind: 'cancel'; id: number };

/** An error as plain data, since a class does not survive structured cloning. */
export interface Failure {
  name: string;
  message: string;
  code: string | null;
  remedy: string | null;
  values: Record<string, number | string>;
}

export type WorkerResponse =
  | { kind: 'progress'; id: number; progress: Progress }
  | { kind: 'result'; id: number; result: StudyResult }
  | { kind: 'encoded'; id: number; objects: EncodedObject[] }
  | { kind: 'ready'; id: number; backend: string; model: ModelIdentity }
  | { kind: 'failure'; id: number; failure: Failure };

export function failureOf(error: unknown): Failure {
  if (error instanceof RefusedInputError) {
    const { name, message, code, remedy, values } = error;
    return { name, message, code, remedy, values };
  }
  // By shape, since a DOMException (an abort) need not be an Error of this realm.
  const { name = 'Error', message = String(error) } = (error ?? {}) as Partial<Error>;
  return { name, message, code: null, remedy: null, values: {} };
}

/** The error that `failure` was made of: refused input with its code and remedy, or a plain error. */
export function errorOf(failure: Failure): Error {
  if (failure.code !== null) {
    return new RefusedInputError(
      failure.code,
      failure.message,
      failure.remedy ?? '',
      failure.values
    );
  }
  if (failure.name === 'AbortError') return abortError();
  const error = new Error(failure.message);
  error.name = failure.name;
  return error;
}

export function abortError(): Error {
  return new DOMException('The computation was cancelled.', 'AbortError');
}

export function isAbortError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error
    ? error.name === 'AbortError'
    : false;
}

/**
 * The buffers in `value`, of typed arrays or alone, each once, for a transfer list. Shared memory
 * (threaded WASM) cannot be transferred and is left out.
 */
export function transferables(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (item: unknown): void => {
    if (ArrayBuffer.isView(item)) {
      if (isTransferable(item.buffer)) buffers.add(item.buffer);
    } else if (isTransferable(item)) {
      buffers.add(item);
    } else if (Array.isArray(item)) {
      if (typeof item[0] === 'object') item.forEach(visit);
    } else if (typeof item === 'object' && item !== null) {
      Object.values(item).forEach(visit);
    }
  };
  visit(value);
  return [...buffers];
}

// By tag, since a buffer may come from another realm.
function isTransferable(buffer: unknown): buffer is ArrayBuffer {
  return Object.prototype.toString.call(buffer) === '[object ArrayBuffer]';
}
