import { RefusedInputError } from '../types';
import { parseManifest, type ModelManifest } from './manifest';
import { sha256 } from '../sha256';

/** A model as a shell hands it over: from a directory, a URL or a cache. */
export interface ModelFiles {
  manifest: ModelManifest;
  /**
   * Contents of a file by its path in the manifest, relative to the manifest. From a server no more than `maxBytes` are
   * read; `tooLong` is what to throw then.
   */
  read: ReadModelFile;
}

export type ReadModelFile = (path: string, maxBytes: number) => Promise<ArrayBuffer>;

/** Far longer than any; the patients of a network's training are in it. */
const MAX_MANIFEST_BYTES = 1 << 24;

/**
 * Opens a model through a function that reads files relative to the manifest's folder
 * (`manifest.json` itself included).
 * @param pinned SHA-256 that the manifest must have (`splitPin`); null for any
 * @throws RefusedInputError `model-manifest-changed`, `model-manifest-invalid`, `model-schema-unknown`
 */
export async function openModel(
  read: ReadModelFile,
  pinned: string | null = null
): Promise<ModelFiles> {
  const bytes = await read('manifest.json', MAX_MANIFEST_BYTES);
  if (pinned !== null) requirePinned(new Uint8Array(bytes), pinned);
  const text = new TextDecoder().decode(bytes);
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

function requirePinned(manifest: Uint8Array, pinned: string): void {
  const found = sha256(manifest);
  if (found === pinned) return;
  throw new RefusedInputError(
    'model-manifest-changed',
    `The model's manifest.json has SHA-256 ${found}, and its address pins ${pinned}.`,
    'Use the model that was pinned. If it was exchanged on purpose, pin the new one: the address in the settings ends with "#sha256=" and that hash.',
    { expected: pinned, found }
  );
}

/** For `ModelFiles.read`, where a server sends more of a file than it may have: what the manifest says of it. */
export function tooLong(path: string, maxBytes: number): RefusedInputError {
  return new RefusedInputError(
    'model-file-changed',
    `The model file ${path} is longer than the ${maxBytes} bytes that it may have.`,
    'Download the model again; do not use weights of unknown origin.',
    { path, maxBytes }
  );
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
  const contents = await model.read(path, entry.bytes);
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
