import { RefusedInputError } from '../../types';
import { decodeLosslessJpeg } from './losslessJpeg';
import type { CodecName, DecodedFrame, PixelCodecs } from './pixelCodecs';
import { codestreamOf } from './streamHeader';

interface FrameInfo {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
}
interface EmscriptenDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): unknown;
  getFrameInfo(): FrameInfo;
  delete?(): void;
}
/** Shape of the Emscripten modules of the cornerstone codecs. */
export type CodecFactory<Name extends string> = (
  options: ModuleOptions
) => Promise<Record<Name, new () => EmscriptenDecoder>>;

interface ModuleOptions {
  print: (text: string) => void;
  printErr: (text: string) => void;
  locateFile?: (file: string) => string;
}

export interface CodecOptions {
  /**
   * Address of a codec's WebAssembly by its file name, for a browser. Node finds the files in their packages.
   */
  locateFile?: (file: string) => string;
}

type DecoderClass = new () => EmscriptenDecoder;

/**
 * Decoders for Node and browser workers, each loaded at its first use: CharLS, OpenJPEG and
 * libjpeg-turbo as WebAssembly, and JPEG Lossless of this folder.
 */
export function createPixelCodecs(options: CodecOptions = {}): PixelCodecs {
  const { locateFile } = options;
  // OpenJPEG tells the console about each header; failures come back as exceptions.
  const moduleOptions: ModuleOptions = {
    print: () => undefined,
    printErr: () => undefined,
    ...(locateFile ? { locateFile } : {}),
  };
  const loaded = new Map<CodecName, Promise<DecoderClass>>();
  const load = (name: CodecName, make: () => Promise<DecoderClass>): Promise<DecoderClass> => {
    let decoder = loaded.get(name);
    if (!decoder) {
      decoder = withoutProcessListeners(make).catch(explain);
      // A WebAssembly file that did not come this time may come the next.
      decoder.catch(() => loaded.delete(name));
      loaded.set(name, decoder);
    }
    return decoder;
  };
  return {
    'jpeg-ls': async (frame) => {
      const Decoder = await load('jpeg-ls', async () => {
        const module = await import('@cornerstonejs/codec-charls/decodewasmjs');
        return (await factoryOf(module)(moduleOptions)).JpegLSDecoder;
      });
      return decodeWith(Decoder, frame, () => loaded.delete('jpeg-ls'));
    },
    'jpeg-2000': async (frame) => {
      const Decoder = await load('jpeg-2000', async () => {
        const module = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
        return (await factoryOf(module)(moduleOptions)).J2KDecoder;
      });
      // OpenJPEG reads High-Throughput JPEG 2000 too.
      return decodeWith(Decoder, codestreamOf(frame) ?? frame, () => loaded.delete('jpeg-2000'));
    },
    jpeg: async (frame) => {
      const Decoder = await load('jpeg', async () => {
        const module = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
        return (await factoryOf(module)(moduleOptions)).JPEGDecoder;
      });
      return decodeWith(Decoder, frame, () => loaded.delete('jpeg'));
    },
    'jpeg-lossless': async (frame) => {
      const { samples, rows, columns } = decodeLosslessJpeg(frame);
      return { bytes: new Uint8Array(samples.buffer), bytesPerSample: 2, rows, columns };
    },
  };
}

/** The decoders as Node finds them. */
export const PIXEL_CODECS: PixelCodecs = createPixelCodecs();

/** Emscripten makes the functions of a decoder from text, which a page's policy may forbid. */
function explain(error: unknown): never {
  if (!(error instanceof EvalError)) throw error;
  throw new RefusedInputError(
    'decoder-blocked',
    `Compressed images cannot be read here: ${error.message}`,
    "Ask whoever runs this viewer to add 'unsafe-eval' to script-src in the Content-Security-Policy header, also of worker.js, or to send the series uncompressed.",
    { reason: error.message }
  );
}

/** ES modules wrap a CommonJS factory once or twice in `default`. */
function factoryOf<T>(module: { default: T }): T {
  const inner: unknown = module.default;
  if (typeof inner === 'function') return module.default;
  return (inner as { default: T }).default;
}

interface ListenerHost {
  listeners(event: string): ((...values: unknown[]) => void)[];
  removeListener(event: string, listener: (...values: unknown[]) => void): void;
}

/** Emscripten's modules make Node abort on any rejected promise of the host program: undo that. */
async function withoutProcessListeners<T>(make: () => Promise<T>): Promise<T> {
  const host = (globalThis as { process?: Partial<ListenerHost> }).process;
  if (!host?.listeners || !host.removeListener) return make();
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = events.map((event) => ({
    event,
    listeners: new Set((host as ListenerHost).listeners(event)),
  }));
  const made = await make();
  for (const { event, listeners } of before) {
    for (const listener of (host as ListenerHost).listeners(event)) {
      if (!listeners.has(listener)) (host as ListenerHost).removeListener(event, listener);
    }
  }
  return made;
}

/** @param forget lets the next frame get a new module */
function decodeWith(Decoder: DecoderClass, frame: Uint8Array, forget: () => void): DecodedFrame {
  const decoder = new Decoder();
  let trapped = false;
  try {
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    const info = decoder.getFrameInfo();
    if (info.componentCount !== 1) throw new Error(`${info.componentCount} colour components`);
    return {
      bytes: decoder.getDecodedBuffer().slice(),
      bytesPerSample: info.bitsPerSample <= 8 ? 1 : 2,
      columns: info.width,
      rows: info.height,
    };
  } catch (error) {
    // A damaged stream may leave the module's memory in disorder: the next frame gets a new module.
    trapped = (error as { name?: unknown }).name === 'RuntimeError';
    if (trapped) forget();
    throw error;
  } finally {
    if (!trapped) decoder.delete?.();
  }
}
