import { RefusedInputError } from '@inner-ear-hydrops/core';
import { download, DownloadError, webPage, type DownloadOptions } from './download';

/** "\0asm" */
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/**
 * The WebAssembly of tfjs and of the image codecs. Each fetches its own, waits without a limit, and says
 * neither which file is missing nor why; so their requests come here.
 */
export class WasmFiles {
  /** Read before whoever needs it asks. */
  private readonly ready = new Map<string, ArrayBuffer>();

  constructor(
    private readonly beyond: typeof fetch,
    private readonly options: DownloadOptions = {}
  ) {}

  /**
   * Takes the place of `fetch`: answers for .wasm files, passes all else on.
   * @throws RefusedInputError `wasm-unavailable`
   */
  readonly fetch: typeof fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!/\.wasm($|\?)/.test(url)) return this.beyond(input, init);
    const contents = this.ready.get(url) ?? (await this.read(url));
    this.ready.delete(url);
    return new Response(contents, { headers: { 'Content-Type': 'application/wasm' } });
  };

  /**
   * Reads a file that is asked for next.
   * @throws RefusedInputError `wasm-unavailable`
   */
  async prepare(url: string): Promise<void> {
    this.ready.set(url, await this.read(url));
  }

  private read(url: string): Promise<ArrayBuffer> {
    return readWasm(url, { ...this.options, fetch: this.beyond });
  }
}

/** A module without content. */
const EMPTY_MODULE = Uint8Array.of(...MAGIC, 1, 0, 0, 0);

/** A policy of the site may forbid WebAssembly, for which tfjs and the codecs have no words. */
function requireWebAssembly(): void {
  try {
    new WebAssembly.Module(EMPTY_MODULE);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new RefusedInputError(
      'wasm-unavailable',
      `This browser may not run WebAssembly here: ${words.replace(/\.$/, '')}.`,
      "Ask whoever runs this viewer to add 'wasm-unsafe-eval' to script-src in the Content-Security-Policy header, also of worker.js; docs/install.md has the policy that this mode needs.",
      { reason: words }
    );
  }
}

async function readWasm(url: string, options: DownloadOptions): Promise<ArrayBuffer> {
  requireWebAssembly();
  try {
    const { contents, type } = await download(url, options);
    const bytes = new Uint8Array(contents);
    if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
      if (/html/i.test(type)) throw webPage(url, type);
      const what = `what its server sends (${type}, ${bytes.length} bytes) is not WebAssembly`;
      throw new DownloadError(what, url, 200);
    }
    if (!WebAssembly.validate(bytes)) {
      throw new DownloadError(`it is damaged (${bytes.length} bytes)`, url, 200);
    }
    return contents;
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    const file = new URL(url).pathname.split('/').pop();
    throw new RefusedInputError(
      'wasm-unavailable',
      `${file} could not be loaded from ${url}: ${error.message}.`,
      'Try again. If it keeps failing, ask whoever runs this viewer to serve all files of extension/dist, those that end in .wasm too, from one build.',
      { url, status: error.status }
    );
  }
}
