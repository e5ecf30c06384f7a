import type { InstanceClient, InstanceUids } from '../host/Archive';
import { unlessSilent } from '../host/within';

// Where whole stored instances (Part 10 files) come from: one function for each kind of source. All reject with what
// the source said; `readSeries` puts it into words.

export interface FetchOptions {
  signal?: AbortSignal;
  /** Milliseconds without a byte after which the source counts as silent. */
  timeout: number;
  /** Called with the share of the instance that has come, 0–1. */
  onShare?: (share: number) => void;
}

type OnProgress = (event: ProgressEvent) => void;

const AS_STORED = [{ mediaType: 'application/dicom', transferSyntaxUID: '*' }];
/** Archives that do not know the wildcard for the transfer syntax answer so. */
const SYNTAX_REFUSED = new Set([400, 406]);

/**
 * An instance as the archive stores it, by WADO-RS. Where the archive refuses the wildcard for the transfer syntax it
 * is asked in the default way, which gives a losslessly converted file.
 */
export async function fromDicomWeb(
  client: InstanceClient,
  uids: InstanceUids,
  options: FetchOptions
): Promise<ArrayBuffer> {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = uids;
  if (client.wadoURL && client._httpGetMultipartApplicationDicom) {
    const url = `${client.wadoURL}/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;
    try {
      return await retrieve(
        async (onProgress) =>
          (
            await client._httpGetMultipartApplicationDicom?.(url, AS_STORED, false, onProgress)
          )?.[0],
        options
      );
    } catch (error) {
      const status = (error as { status?: unknown } | null)?.status;
      if (typeof status !== 'number' || !SYNTAX_REFUSED.has(status)) throw error;
    }
  }
  return retrieve(
    (progressCallback) => client.retrieveInstance({ ...uids, progressCallback }),
    options
  );
}

async function retrieve(
  ask: (onProgress: OnProgress) => Promise<ArrayBuffer | undefined>,
  { signal, timeout, onShare }: FetchOptions
): Promise<ArrayBuffer> {
  let running: XMLHttpRequest | null = null;
  const file = await unlessSilent(
    (alive) =>
      ask((event) => {
        // dicomweb-client keeps its request to itself; the event knows it.
        running = event.target as XMLHttpRequest | null;
        if (signal?.aborted) abandon(running);
        alive();
        if (event.lengthComputable) onShare?.(event.loaded / event.total);
      }),
    timeout,
    signal
  ).catch((error: unknown) => {
    abandon(running);
    throw error;
  });
  return requireBytes(file);
}

/** Ends a request that nobody waits for: dicomweb-client would report its end as an error of the archive. */
function abandon(request: XMLHttpRequest | null): void {
  if (!request) return;
  request.onreadystatechange = null;
  request.abort();
}

/**
 * An instance by the address in a `wadouri:` or `dicomweb:` image id (dicomjson sources, WADO-URI).
 * @param headers authorisation of the host.
 */
export async function fromAddress(
  imageId: string,
  headers: Record<string, string>,
  { signal, timeout, onShare }: FetchOptions
): Promise<ArrayBuffer> {
  const controller = new AbortController();
  const work = async (alive: () => void) => {
    const response = await fetch(addressOf(imageId), { headers, signal: controller.signal });
    if (!response.ok) {
      throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
    }
    return requireBytes(await bodyOf(response, alive, onShare));
  };
  try {
    return await unlessSilent(work, timeout, signal);
  } catch (error) {
    controller.abort();
    throw error;
  }
}

/** The address without its scheme and frame (Cornerstone's `parseImageId`). */
export function addressOf(imageId: string): string {
  const address = imageId.slice(imageId.indexOf(':') + 1);
  return address.replace(/[?&]frame=\d+$/, '');
}

async function bodyOf(
  response: Response,
  alive: () => void,
  onShare?: (share: number) => void
): Promise<ArrayBuffer> {
  const total = Number(response.headers.get('content-length'));
  const reader = response.body?.getReader();
  if (!reader) return response.arrayBuffer();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    alive();
    if (total > 0) onShare?.(Math.min(1, length / total));
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes.buffer;
}

/** An image of Cornerstone's WADO-URI loader, which keeps the file that it came from (both hosts). */
export interface LoadedFile {
  data?: { byteArray?: Uint8Array };
}

/** A file that the reader has opened from disk: the bytes that the host's loader holds, copied. */
export async function fromLoadedFile(
  load: () => Promise<LoadedFile>,
  { signal, timeout }: FetchOptions
): Promise<ArrayBuffer> {
  const image = await unlessSilent(load, timeout, signal);
  const bytes = image.data?.byteArray;
  if (!bytes) throw new Error('the viewer does not keep the bytes of this file');
  return bytes.slice().buffer;
}

function requireBytes(file: unknown): ArrayBuffer {
  const isBuffer = Object.prototype.toString.call(file) === '[object ArrayBuffer]';
  if (isBuffer && (file as ArrayBuffer).byteLength > 0) return file as ArrayBuffer;
  throw new Error('the answer holds no instance');
}
