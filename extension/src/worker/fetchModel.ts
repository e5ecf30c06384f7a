import {
  openModel,
  RefusedInputError,
  sha256,
  splitPin,
  tooLong,
  type ModelFiles,
} from '@inner-ear-hydrops/core';
import { download, DownloadError, webPage, type DownloadOptions } from './download';

const CACHE_NAME = 'inner-ear-hydrops-models';

/** The parts of the Cache API in use; absent on pages without TLS (other than localhost). */
export interface ModelCache {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/**
 * Opens the model whose manifest lies at `address`, which may pin it (`splitPin`); its files lie beside the manifest. Weights
 * are cached by their hash, so a changed model is never mixed with an old model, and are checked
 * against it when read from the cache too.
 * @throws RefusedInputError `model-unauthorized`, `model-not-found`, `model-unreachable`, `model-file-changed`, and those
 *   of `splitPin` and `openModel`
 */
export async function fetchModel(
  address: string,
  options: DownloadOptions = {},
  cache: Promise<ModelCache | null> = openCache()
): Promise<ModelFiles> {
  const { location, sha256: pinned } = splitPin(address);
  const read = async (path: string, maxBytes: number): Promise<ArrayBuffer> => {
    const bounded = { ...options, maxBytes };
    if (path === 'manifest.json') return fetchFile(location, bounded);
    const entry = model.manifest.files.find((file) => file.path === path);
    const url = new URL(path, location).href;
    if (!entry) return fetchFile(url, bounded);
    const cached = await fromCache(await cache, entry.sha256);
    if (cached) return cached;
    const contents = await fetchFile(url, bounded);
    await toCache(await cache, entry.sha256, contents);
    return contents;
  };
  const model: ModelFiles = await openModel(read, pinned);
  return model;
}

async function fetchFile(
  url: string,
  options: DownloadOptions & { maxBytes: number }
): Promise<ArrayBuffer> {
  try {
    const { contents, type } = await download(url, options);
    // Its hash would be wrong, but would not say why.
    if (isPage(contents)) throw webPage(url, type);
    return contents;
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    const { message, status } = error;
    if (error.isTooLong) throw tooLong(url, options.maxBytes);
    const words = `The model could not be loaded from ${url}: ${message}.`;
    const values = { url, status };
    if (status === 401 || status === 403) {
      const remedy = 'Sign in again, or ask whoever runs this viewer for access to the model.';
      throw new RefusedInputError('model-unauthorized', words, remedy, values);
    }
    if ([200, 404, 410].includes(status)) {
      const remedy =
        'Ask whoever runs this viewer to serve the folder models/ beside plugins/, or to set modelUrl to the address of a manifest.json.';
      throw new RefusedInputError('model-not-found', words, remedy, values);
    }
    const remedy =
      'Try again. If it keeps failing, check the network connection, and ask whoever runs this viewer.';
    throw new RefusedInputError('model-unreachable', words, remedy, values);
  }
}

function isPage(contents: ArrayBuffer): boolean {
  return /^\s*<(!doctype html|html)/i.test(new TextDecoder().decode(contents.slice(0, 100)));
}

async function openCache(): Promise<ModelCache | null> {
  try {
    return typeof caches === 'undefined' ? null : await caches.open(CACHE_NAME);
  } catch {
    return null; // Storage may be forbidden; the model is then fetched each time.
  }
}

// The Cache API wants an address as its key; this host name can never exist (RFC 2606).
const keyOf = (hash: string) => `https://models.invalid/${hash}`;

async function fromCache(cache: ModelCache | null, hash: string): Promise<ArrayBuffer | null> {
  const response = await cache?.match(keyOf(hash)).catch(() => undefined);
  if (!response) return null;
  const contents = await response.arrayBuffer();
  if (sha256(new Uint8Array(contents)) === hash) return contents;
  await cache?.delete(keyOf(hash));
  return null;
}

async function toCache(
  cache: ModelCache | null,
  hash: string,
  contents: ArrayBuffer
): Promise<void> {
  // A file that is not what the manifest names is refused by its reader and must not stay here.
  if (!cache || sha256(new Uint8Array(contents)) !== hash) return;
  await cache.put(keyOf(hash), new Response(contents.slice(0))).catch(() => undefined);
}
