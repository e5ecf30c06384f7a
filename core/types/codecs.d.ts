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
