/** Decoders of compressed pixel data that carry no (usable) types of their own. */
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  import type { CodecFactory } from '@inner-ear-hydrops/core/codecs';
  const factory: CodecFactory<'JpegLSDecoder'>;
  export default factory;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  import type { CodecFactory } from '@inner-ear-hydrops/core/codecs';
  const factory: CodecFactory<'J2KDecoder'>;
  export default factory;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  import type { CodecFactory } from '@inner-ear-hydrops/core/codecs';
  const factory: CodecFactory<'JPEGDecoder'>;
  export default factory;
}
/** With the encoder, for tests. */
declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  interface J2KEncoder {
    getDecodedBuffer(frame: {
      width: number;
      height: number;
      bitsPerSample: number;
      componentCount: number;
      isSigned: boolean;
    }): Uint8Array;
    setQuality(lossless: boolean, quality: number): void;
    encode(): void;
    getEncodedBuffer(): Uint8Array;
    delete(): void;
  }
  const factory: (options: {
    print: (text: string) => void;
    printErr: (text: string) => void;
  }) => Promise<{ J2KEncoder: new () => J2KEncoder }>;
  export default factory;
}
