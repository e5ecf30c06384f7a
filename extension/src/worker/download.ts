import { eitherSignal } from './eitherSignal';
import { blockedWords, PolicyWatch } from './policy';

/**
 * Milliseconds without a byte after which a download is given up. A slow network goes on sending, however
 * slowly; some servers look through a file before they send its first byte.
 */
const PATIENCE_MS = 20_000;
/** Bytes in a second; a server that sends less for long enough sends on purpose one byte now and then. */
const SLOWEST = 1024;

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Milliseconds without a byte after which it is given up. */
  patience?: number;
  /** Bytes that the file may have. Where they are given, it must come in about the time that the slowest network takes. */
  maxBytes?: number;
  /** Bytes in a second of the slowest network. */
  slowest?: number;
  /** In the place of the global one. */
  fetch?: typeof fetch;
}

export interface Downloaded {
  contents: ArrayBuffer;
  /** The media type that its server states. */
  type: string;
}

/** Finishes a sentence that names the file. */
export const NOT_THE_SCRIPT =
  'what its server sends is not its script: it is empty, another file, or of another build';

/** A file that did not come; `message` finishes a sentence that names the file. */
export class DownloadError extends Error {
  constructor(
    message: string,
    readonly url: string,
    /** 0 without an answer. */
    readonly status = 0,
    /** There is more of it than may be. */
    readonly isTooLong = false
  ) {
    super(message);
    this.name = 'DownloadError';
  }
}

/**
 * A whole file.
 * @throws DownloadError; AbortError after `signal` aborts
 */
export async function download(url: string, options: DownloadOptions = {}): Promise<Downloaded> {
  return asked(url, options, async ({ response, patiently }) => {
    const type = typeOf(response);
    if (!response.ok) throw answered(url, response.status, type);
    return { contents: await contentsOf({ response, patiently }, url, options), type };
  });
}

async function contentsOf(
  { response, patiently }: Asked,
  url: string,
  { maxBytes = Infinity, slowest = SLOWEST, patience = PATIENCE_MS }: DownloadOptions = {}
): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  const tooLate = Date.now() + patience + (1000 * maxBytes) / slowest;
  let length = 0;
  const reader = response.body?.getReader();
  for (let done = !reader; !done && reader;) {
    const part = await patiently(reader.read());
    done = part.done;
    if (part.value) chunks.push(part.value);
    length += part.value?.byteLength ?? 0;
    if (length > maxBytes) {
      throw new DownloadError(`it is longer than ${maxBytes} bytes`, url, response.status, true);
    }
    if (Date.now() > tooLate) {
      throw new DownloadError(`its server sends less than ${slowest} bytes in a second`, url);
    }
  }
  return joined(chunks);
}

/**
 * Why the browser does not run a script, or runs it in vain, which it does not say itself: the script is asked for once
 * more. Null where nothing is wrong with what its server answers.
 * @param options `mark` is what the right script contains.
 */
export async function scriptFault(
  url: string,
  { mark = '', ...options }: DownloadOptions & { mark?: string } = {}
): Promise<DownloadError | null> {
  try {
    // A request that waits for the browser's cache would wait for the script that never comes.
    const anew: typeof fetch = (input, init) => fetch(input, { ...init, cache: 'no-store' });
    return await asked(url, { fetch: anew, ...options }, async ({ response, patiently }) => {
      const type = typeOf(response);
      if (!response.ok) return answered(url, response.status, type);
      if (/html/i.test(type)) return webPage(url, type);
      if (/javascript|ecmascript/i.test(type)) {
        const contents = await contentsOf({ response, patiently }, url);
        const text = new TextDecoder().decode(contents);
        if (!text.includes(mark)) return new DownloadError(NOT_THE_SCRIPT, url, response.status);
        return await partFault(url, text, options);
      }
      const words = `its server sends it as ${type}, which browsers do not run; it must be text/javascript`;
      return new DownloadError(words, url, response.status);
    });
  } catch (error) {
    return error instanceof DownloadError ? error : null;
  }
}

/** The same of the parts that the build has made of a script and that it cannot run without. */
async function partFault(
  url: string,
  text: string,
  options: DownloadOptions
): Promise<DownloadError | null> {
  for (const [, part] of text.matchAll(/(?:from|import)\s*["']\.\/(part-[\w-]+\.js)["']/g)) {
    const address = new URL(part!, url).href;
    const fault = await scriptFault(address, options);
    if (!fault) continue;
    const words = `of ${part}, which it needs beside it: ${fault.message}`;
    return new DownloadError(words, address, fault.status);
  }
  return null;
}

/** A server with a fallback page answers so for every address that it does not know. */
export function webPage(url: string, type: string): DownloadError {
  return new DownloadError(
    `its server sends a web page in its place (${type}); there is no such file`,
    url,
    200
  );
}

interface Asked {
  response: Response;
  /** The step, or a DownloadError where it takes too long. */
  patiently<T>(step: Promise<T>): Promise<T>;
}

async function asked<T>(
  url: string,
  { signal, patience = PATIENCE_MS, fetch: ask = fetch }: DownloadOptions,
  use: (asked: Asked) => Promise<T>
): Promise<T> {
  const stop = new AbortController();
  const policy = new PolicyWatch();
  const either = eitherSignal(signal, stop.signal);
  const patiently = <S>(step: Promise<S>) =>
    new Promise<S>((resolve, reject) => {
      const limit = setTimeout(() => {
        const words = `its server has sent nothing for ${patience / 1000} seconds`;
        reject(new DownloadError(words, url));
      }, patience);
      step.then(resolve, reject).finally(() => clearTimeout(limit));
    });
  try {
    const response = await patiently(ask(url, { signal: either.signal }));
    return await use({ response, patiently });
  } catch (error) {
    if (error instanceof DownloadError || signal?.aborted) throw error;
    const blocked = await policy.blocked([url]);
    if (blocked) throw new DownloadError(blockedWords(blocked), url);
    const words =
      'its server cannot be reached, breaks off, or does not allow this page to read it (CORS)';
    throw new DownloadError(words, url);
  } finally {
    // Frees the connection where not all was read.
    stop.abort();
    either.release();
    policy.end();
  }
}

function answered(url: string, status: number, type: string): DownloadError {
  return new DownloadError(`its server answers ${status} (${type})`, url, status);
}

function typeOf(response: Response): string {
  return response.headers.get('content-type') || 'no media type';
}

function joined(chunks: readonly Uint8Array[]): ArrayBuffer {
  const all = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all.buffer;
}
