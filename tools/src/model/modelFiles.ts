import path from 'node:path';
import { openModel, RefusedInputError, type ModelFiles } from '@inner-ear-hydrops/core';
import { readBuffer } from '../files/inputFiles';

/** The model that the project ships, seen from tools/dist and bench/dist. */
export const DEFAULT_MODEL = path.resolve(__dirname, '../../models/inner-ear-unet');

/**
 * Opens a model from a directory or an http(s) address of its folder (or of its manifest.json).
 * @throws RefusedInputError `model-not-found` and the codes of `openModel`
 */
export async function openModelAt(location: string): Promise<ModelFiles> {
  const base = location.replace(/\/?manifest\.json$/, '');
  const isUrl = /^https?:\/\//.test(base);
  return openModel(async (name) => {
    if (isUrl) {
      const url = `${base}/${name}`;
      const response = await fetch(url).catch((error: unknown) => {
        throw notFound(url, error instanceof Error ? error.message : String(error));
      });
      if (!response.ok) throw notFound(url, `HTTP ${response.status}`);
      return response.arrayBuffer();
    }
    const file = path.join(base, name);
    return readBuffer(file).catch((error: unknown) => {
      throw notFound(file, error instanceof Error ? error.message : String(error));
    });
  });
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
