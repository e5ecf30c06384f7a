import { NotDicomError, readPart10, type Part10File } from '@inner-ear-hydrops/core/dicom';

const IMPLEMENTATION_CLASS_UID = '2.25.148963217405186612908743651092837465113';

/**
 * A file as Part 10 (PS3.10 7.1) wants it: what comes without preamble, or without file meta
 * information too, gets them; its data set stays as it is, byte for byte.
 */
export function withPreamble(file: Uint8Array): Uint8Array {
  let part10: Part10File;
  try {
    part10 = readPart10(new Uint8Array(file).buffer);
  } catch (error) {
    // Whoever parses it says what it is.
    if (error instanceof NotDicomError) return file;
    throw error;
  }
  if (part10.hasPreamble) return file;
  const preamble = Buffer.alloc(132);
  preamble.write('DICM', 128, 'latin1');
  const meta = part10.datasetOffset > 0 ? [] : [metaInformation(part10)];
  return Buffer.concat([preamble, ...meta, file]);
}

function metaInformation({ dataset, transferSyntaxUid }: Part10File): Buffer {
  const elements = Buffer.concat([
    element(0x0001, 'OB', Buffer.from([0, 1])),
    element(0x0002, 'UI', uid(dataset.SOPClassUID)),
    element(0x0003, 'UI', uid(dataset.SOPInstanceUID)),
    element(0x0010, 'UI', uid(transferSyntaxUid)),
    element(0x0012, 'UI', uid(IMPLEMENTATION_CLASS_UID)),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(elements.length);
  return Buffer.concat([element(0x0000, 'UL', length), elements]);
}

function element(number: number, vr: string, value: Buffer): Buffer {
  const header = Buffer.alloc(vr === 'OB' ? 12 : 8);
  header.writeUInt16LE(0x0002, 0);
  header.writeUInt16LE(number, 2);
  header.write(vr, 4, 'latin1');
  if (vr === 'OB') header.writeUInt32LE(value.length, 8);
  else header.writeUInt16LE(value.length, 6);
  return Buffer.concat([header, value]);
}

function uid(value: unknown): Buffer {
  const text = typeof value === 'string' ? value : '';
  return Buffer.from(text.length % 2 === 0 ? text : `${text}\0`, 'latin1');
}
