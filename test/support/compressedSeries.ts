import dcmjs from 'dcmjs';

interface Encoder {
  getDecodedBuffer(frame: Record<string, unknown>): Uint8Array;
  setQuality?(lossless: boolean, step: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}
type Module = Record<string, new () => Encoder>;
type Factory = (options: Record<string, unknown>) => Promise<Module>;

/** Has no types. */
const OPENJPH: string = '@cornerstonejs/codec-openjph/wasmjs';

/** Encoders that Debian's tools lack, from the packages whose decoders are used. */
const ENCODERS = {
  'jpeg-2000': {
    syntax: '1.2.840.10008.1.2.4.90',
    load: () => import('@cornerstonejs/codec-openjpeg/wasmjs'),
    name: 'J2KEncoder',
  },
  'ht-jpeg-2000': {
    syntax: '1.2.840.10008.1.2.4.201',
    load: () => import(OPENJPH),
    name: 'HTJ2KEncoder',
  },
} as const;

/** Pixels of each row and column: OpenJPEG's encoder overruns its buffer where little is to be gained. */
const SIDE = 64;

/** An uncompressed 16-bit single-frame file with its image enlarged to 64 × 64. */
export function enlarged(file: ArrayBuffer): ArrayBuffer {
  const dict = dcmjs.data.DicomMessage.readFile(file);
  const rows = Number(dict.dict['00280010']?.Value?.[0]);
  const columns = Number(dict.dict['00280011']?.Value?.[0]);
  const small = new Uint16Array(dict.dict['7FE00010']?.Value?.[0] as ArrayBuffer);
  const pixels = Uint16Array.from({ length: SIDE * SIDE }, (_, n) => {
    const row = Math.floor((Math.floor(n / SIDE) * rows) / SIDE);
    return small[row * columns + Math.floor(((n % SIDE) * columns) / SIDE)]!;
  });
  dict.dict['00280010'] = { vr: 'US', Value: [SIDE] };
  dict.dict['00280011'] = { vr: 'US', Value: [SIDE] };
  dict.dict['7FE00010'] = { vr: 'OW', Value: [pixels.buffer] };
  return dict.write();
}

/** What `enlarged` returned, compressed without loss. */
export async function compressed(
  file: ArrayBuffer,
  kind: keyof typeof ENCODERS
): Promise<ArrayBuffer> {
  const { syntax, load, name } = ENCODERS[kind];
  const module = (await load()) as { default: Factory | { default: Factory } };
  const factory = typeof module.default === 'function' ? module.default : module.default.default;
  const quiet = { print: () => undefined, printErr: () => undefined };
  const Encoder = (await factory(quiet))[name];
  if (!Encoder) throw new Error(`The codec has no ${name}.`);
  const encoder = new Encoder();
  const dict = dcmjs.data.DicomMessage.readFile(file);
  const pixels = dict.dict['7FE00010']?.Value?.[0] as ArrayBuffer;
  encoder
    .getDecodedBuffer({
      width: SIDE,
      height: SIDE,
      bitsPerSample: Number(dict.dict['00280101']?.Value?.[0]),
      componentCount: 1,
      isSigned: false,
      isUsingColorTransform: false,
    })
    .set(new Uint8Array(pixels));
  encoder.setQuality?.(true, 0);
  encoder.encode();
  const stream = encoder.getEncodedBuffer().slice();
  const even = new Uint8Array(stream.length + (stream.length % 2));
  even.set(stream);
  dict.meta['00020010'] = { vr: 'UI', Value: [syntax] };
  dict.dict['7FE00010'] = { vr: 'OB', Value: [even.buffer] };
  return dict.write({ fragmentMultiframe: false });
}
