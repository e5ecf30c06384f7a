import path from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import {
  openModel,
  RefusedInputError,
  splitPin,
  tooLong,
  type ModelFiles,
} from '@inner-ear-hydrops/core';
import { readBuffer } from '../files/inputFiles';
import { readAll, TooLongError } from '../files/readAll';

/** The model that the project ships, seen from tools/dist and bench/dist. */
export const DEFAULT_MODEL = path.resolve(__dirname, '../../models/inner-ear-unet');

/** What a file from a server may take: a minute, and as long as the slowest network takes. */
const PATIENCE_MS = 60_000;
const SLOWEST_BYTES_PER_SECOND = 1024;

/**
 * Opens a model from a directory or an http(s) address of its folder (or of its manifest.json), which may pin the
 * manifest: `<location>#sha256=<hash>`.
 * @throws RefusedInputError `model-not-found`, `model-file-changed`, and the codes of `splitPin` and `openModel`
 */
export async function openModelAt(location: string): Promise<ModelFiles> {
  const pin = splitPin(location);
  const base = pin.location.replace(/\/?manifest\.json$/, '');
  const isUrl = /^https?:\/\//.test(base);
  return openModel(async (name, maxBytes) => {
    if (isUrl) return download(`${base}/${name}`, maxBytes);
    const file = path.join(base, name);
    return readBuffer(file).catch((error: unknown) => {
      throw notFound(file, error instanceof Error ? error.message : String(error));
    });
  }, pin.sha256);
}

async function download(url: string, maxBytes: number): Promise<ArrayBuffer> {
  const limit = Math.round(PATIENCE_MS + (1000 * maxBytes) / SLOWEST_BYTES_PER_SECOND);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(limit) });
    if (!response.ok || !response.body) throw notFound(url, `HTTP ${response.status}`);
    return new Uint8Array(
      await readAll(Readable.fromWeb(response.body as ReadableStream), maxBytes)
    ).buffer;
  } catch (error) {
    if (error instanceof TooLongError) throw tooLong(url, maxBytes);
    if (error instanceof RefusedInputError) throw error;
    throw notFound(url, error instanceof Error ? error.message : String(error));
  }
}

/** Folder of the WASM binaries, for setUpBackend; Node reads them from the installed package. */
export function wasmFolder(): string {
  return path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep;
}

function notFound(where: string, cause: string): RefusedInputError {
  return new RefusedInputError(
    'model-not-found',
    `The model file ${where} could not be read: ${cause}.`,
    'With --model, give the folder or address of manifest.json.',
    { where }
  );
}
