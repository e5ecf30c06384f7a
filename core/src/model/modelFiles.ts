import { RefusedInputError } from '../types';
import { parseManifest, type ModelManifest } from './manifest';
import { sha256 } from '../sha256';

/** A model as a shell hands it over: from a directory, a URL or a cache. */
export interface ModelFiles {
  manifest: ModelManifest;
  /** Contents of a file by its path in the manifest, relative to the manifest. */
  read(path: string): Promise<ArrayBuffer>;
}

/**
 * Opens a model through a function that reads files relative to the manifest's folder
 * (`manifest.json` itself included).
 * @throws RefusedInputError `model-manifest-invalid`, `model-schema-unknown`
 */
export async function openModel(read: (path: string) => Promise<ArrayBuffer>): Promise<ModelFiles> {
  const text = new TextDecoder().decode(await read('manifest.json'));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RefusedInputError(
      'model-manifest-invalid',
      `The model's manifest.json is not JSON (it begins with "${text.slice(0, 40)}").`,
      'Check the address or folder of the model; a web server may have answered with a page.'
    );
  }
  return { manifest: parseManifest(json), read };
}

/**
 * Reads one file of the model and compares size and SHA-256 with the manifest.
 * @throws RefusedInputError `model-file-unlisted`, `model-file-changed`
 */
export async function readVerified(model: ModelFiles, path: string): Promise<ArrayBuffer> {
  const entry = model.manifest.files.find((file) => file.path === path);
  if (!entry) {
    throw new RefusedInputError(
      'model-file-unlisted',
      `The model "${model.manifest.name}" uses the file ${path}, which its manifest does not list.`,
      'Export the model again, or use the model that came with the software.',
      { path }
    );
  }
  const contents = await model.read(path);
  const found = sha256(new Uint8Array(contents));
  if (contents.byteLength !== entry.bytes || found !== entry.sha256) {
    throw new RefusedInputError(
      'model-file-changed',
      `The model file ${path} does not match the manifest of "${model.manifest.name}": ` +
        `${contents.byteLength} bytes with SHA-256 ${found} instead of ${entry.bytes} bytes with ${entry.sha256}.`,
      'Download the model again; do not use weights of unknown origin.',
      { path, expected: entry.sha256, found }
    );
  }
  return contents;
}
