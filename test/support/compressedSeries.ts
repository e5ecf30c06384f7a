import dcmjs from 'dcmjs';

interface Encoder {
  getDecodedBuffer(frame: Record<string, unknown>): Uint8Array;
  setQuality?(lossless: boolean, step: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}
type Module = Record<string, new () => Encoder>;
type Factory = (options: Record<string, unknown>) => Promise<Module>;

/** Encoders that Debian's tools lack, from the packages whose decoders are used. */
const ENCODERS = {
  'jpeg-2000': {
    syntax: '1.2.840.10008.1.2.4.90',
    load: () => import('@cornerstonejs/codec-openjpeg/wasmjs' as string),
    name: 'J2KEncoder',
  },
  'ht-jpeg-2000': {
    syntax: '1.2.840.10008.1.2.4.201',
    load: () => import('@cornerstonejs/codec-openjph/wasmjs' as string),
    name: 'HTJ2KEncoder',
  },
} as const;

/** An uncompressed 16-bit single-frame file, compressed without loss. */
export async function compressed(
  file: ArrayBuffer,
  kind: keyof typeof ENCODERS
): Promise<ArrayBuffer> {
  const { syntax, load, name } = ENCODERS[kind];
  const module = (await load()) as { default: Factory | { default: Factory } };
  const factory = typeof module.default === 'function' ? module.default : module.default.default;
  const quiet = { print: () => undefined, printErr: () => undefined };
  const encoder = new (await factory(quiet))[name]();
  const dict = dcmjs.data.DicomMessage.readFile(file);
  const number = (tag: string): number => Number(dict.dict[tag]?.Value?.[0]);
  const pixels = dict.dict['7FE00010']?.Value?.[0] as ArrayBuffer;
  encoder
    .getDecodedBuffer({
      width: number('00280011'),
      height: number('00280010'),
      bitsPerSample: number('00280101'),
      componentCount: 1,
      isSigned: number('00280103') === 1,
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
