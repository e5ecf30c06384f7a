import openjpeg from '@cornerstonejs/codec-openjpeg/wasmjs';
import { data as dcmjs } from 'dcmjs';

const JPEG_2000_LOSSLESS = '1.2.840.10008.1.2.4.90';

/** A single-frame greyscale file with its pixels losslessly compressed, as Debian's tools cannot write it. */
export async function toJpeg2000(file: Uint8Array): Promise<Uint8Array> {
  const quiet = { print: () => undefined, printErr: () => undefined };
  const { J2KEncoder } = await openjpeg(quiet);
  const dicom = dcmjs.DicomMessage.readFile(file.slice().buffer);
  const number = (tag: string) => Number(dicom.dict[tag]?.Value?.[0]);
  const pixels = dicom.dict['7FE00010']?.Value?.[0] as ArrayBuffer;
  const encoder = new J2KEncoder();
  const frame = {
    width: number('00280011'),
    height: number('00280010'),
    bitsPerSample: number('00280101'),
    componentCount: 1,
    isSigned: number('00280103') === 1,
  };
  encoder.getDecodedBuffer(frame).set(new Uint8Array(pixels));
  encoder.setQuality(true, 0);
  encoder.encode();
  const stream = codestream(encoder.getEncodedBuffer());
  encoder.delete();
  dicom.meta['00020010'] = { vr: 'UI', Value: [JPEG_2000_LOSSLESS] };
  dicom.dict['7FE00010'] = { vr: 'OB', Value: [stream] };
  return new Uint8Array(dicom.write({ allowInvalidVRLength: true }));
}

/** Without the boxes of a JP2 file, which DICOM does not allow (PS3.5 A.4.4). */
function codestream(bytes: Uint8Array): ArrayBuffer {
  const start = bytes.findIndex(
    (byte, n) => byte === 0xff && bytes[n + 1] === 0x4f && bytes[n + 2] === 0xff
  );
  const stream = bytes.slice(start);
  if (stream.length % 2 === 0) return stream.buffer;
  const even = new Uint8Array(stream.length + 1);
  even.set(stream);
  return even.buffer;
}
