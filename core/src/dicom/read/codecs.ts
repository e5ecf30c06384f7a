import type { CodecName, DecodedFrame, PixelCodecs } from './pixelCodecs';

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
 * Decoders for Node and browser workers, each loaded at its first use: CharLS, OpenJPEG and libjpeg-turbo as
 * WebAssembly, and jpeg-lossless-decoder-js.
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
      decoder = withoutProcessListeners(make);
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
      return decodeWith(Decoder, frame);
    },
    'jpeg-2000': async (frame) => {
      const Decoder = await load('jpeg-2000', async () => {
        const module = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
        return (await factoryOf(module)(moduleOptions)).J2KDecoder;
      });
      return decodeWith(Decoder, frame);
    },
    jpeg: async (frame) => {
      const Decoder = await load('jpeg', async () => {
        const module = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
        return (await factoryOf(module)(moduleOptions)).JPEGDecoder;
      });
      return decodeWith(Decoder, frame);
    },
    'jpeg-lossless': async (frame, bytesAllocated) => {
      const { Decoder } = await import('jpeg-lossless-decoder-js');
      const buffer = frame.slice().buffer;
      const size = jpegSize(frame);
      const output = new Decoder().decode(buffer, 0, buffer.byteLength, bytesAllocated);
      const bytes = ArrayBuffer.isView(output)
        ? new Uint8Array(output.buffer, output.byteOffset, output.byteLength)
        : new Uint8Array(output);
      const bytesPerSample = bytes.length >= 2 * size.columns * size.rows ? 2 : 1;
      return { bytes, bytesPerSample, ...size };
    },
  };
}

/** The decoders as Node finds them. */
export const PIXEL_CODECS: PixelCodecs = createPixelCodecs();

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
  const before = events.map((event) => new Set((host as ListenerHost).listeners(event)));
  const made = await make();
  events.forEach((event, n) => {
    for (const listener of (host as ListenerHost).listeners(event)) {
      if (!before[n].has(listener)) (host as ListenerHost).removeListener(event, listener);
    }
  });
  return made;
}

function decodeWith(Decoder: DecoderClass, frame: Uint8Array): DecodedFrame {
  const decoder = new Decoder();
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
  } finally {
    decoder.delete?.();
  }
}

/** Columns and rows from the frame header of a JPEG stream (ITU-T T.81 B.2.2). */
function jpegSize(frame: Uint8Array): { columns: number; rows: number } {
  let at = 2;
  while (at + 9 < frame.length) {
    if (frame[at] !== 0xff) throw new Error('a JPEG marker is missing');
    const marker = frame[at + 1];
    const isFrameHeader =
      marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrameHeader) {
      return {
        rows: (frame[at + 5] << 8) | frame[at + 6],
        columns: (frame[at + 7] << 8) | frame[at + 8],
      };
    }
    at += 2 + ((frame[at + 2] << 8) | frame[at + 3]);
  }
  throw new Error('the JPEG stream has no frame header');
}
