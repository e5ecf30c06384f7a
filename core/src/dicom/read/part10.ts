import { data as dcmjs } from 'dcmjs';
import { textDecoder } from './characterSets';
import type { Dataset } from './values';

const dictionary = dcmjs.DicomMetaDictionary.dictionary;

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** Where the pixels of a file lie; offsets count from the start of `Part10File.bytes`. */
export type PixelDataLocation =
  | { encapsulated: false; offset: number; length: number; available: number }
  | {
      encapsulated: true;
      /** Byte offsets of frames within the fragments (item tags included); empty when not given. */
      offsetTable: number[];
      /** `start` counts as the offset table does. */
      fragments: { offset: number; length: number; start: number }[];
      /** False when the file ends within a fragment. */
      complete: boolean;
    };

export interface Part10File {
  transferSyntaxUid: string;
  littleEndian: boolean;
  /** Naturalised standard attributes without pixel data, private elements and large binary values. */
  dataset: Dataset;
  pixelData: PixelDataLocation | null;
  /** Tag at which the file ended too early, or null. */
  truncatedAt: string | null;
  /** The file, uncompressed where its dataset was deflated. */
  bytes: Uint8Array;
}

/** The bytes are no DICOM file. */
export class NotDicomError extends Error {
  override readonly name = 'NotDicomError';
}

const PIXEL_DATA = '7FE00010';
const ITEM = 'FFFEE000';
const ITEM_END = 'FFFEE00D';
const SEQUENCE_END = 'FFFEE0DD';
const UNDEFINED_LENGTH = 0xffffffff;
const LARGEST_BINARY = 4096;
const DEEPEST = 32;

const LONG_FORM = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const TEXT = new Set('LO LT PN SH ST UC UT'.split(' '));
const UNSPLIT = new Set('LT ST UT UR'.split(' '));
const BINARY = new Set('OB OD OF OL OV OW UN'.split(' '));

/**
 * Reads a DICOM file (PS3.10), with or without preamble, without copying its pixel data. Truncated
 * files are read as far as they go.
 *
 * @throws NotDicomError
 */
export function readPart10(buffer: ArrayBuffer): Part10File {
  const bytes = new Uint8Array(buffer);
  const hasPreamble =
    bytes.length >= 132 && String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
  const start = hasPreamble ? 132 : 0;
  let syntax = hasPreamble ? EXPLICIT_LITTLE_ENDIAN : guessSyntax(bytes);
  const meta = new Parser(bytes, true, true, start);
  if (hasPreamble || bytes[0] === 2) {
    meta.readGroup(0x0002);
    const stated = meta.dataset.TransferSyntaxUID;
    if (typeof stated === 'string') syntax = stated;
  }
  if (syntax === DEFLATED_LITTLE_ENDIAN) return readPart10(inflate(buffer));
  const littleEndian = syntax !== EXPLICIT_BIG_ENDIAN;
  const parser = new Parser(bytes, littleEndian, syntax !== IMPLICIT_LITTLE_ENDIAN, meta.offset);
  parser.readAll();
  return {
    transferSyntaxUid: syntax,
    littleEndian,
    dataset: parser.dataset,
    pixelData: parser.pixelData,
    truncatedAt: meta.truncatedAt ?? parser.truncatedAt,
    bytes,
  };
}

/** Files without preamble start with a group 0002 or 0008 element; anything else is not DICOM. */
function guessSyntax(bytes: Uint8Array): string {
  const group = bytes[0] | (bytes[1] << 8);
  const element = bytes[2] | (bytes[3] << 8);
  if (bytes.length < 16 || (group !== 8 && group !== 2) || element > 0x70) {
    throw new NotDicomError('not a DICOM file');
  }
  if (/^[A-Z]{2}$/.test(String.fromCharCode(bytes[4], bytes[5]))) return EXPLICIT_LITTLE_ENDIAN;
  const length = bytes[4] | (bytes[5] << 8) | (bytes[6] << 16);
  if (length > 256 || bytes[7] !== 0) throw new NotDicomError('not a DICOM file');
  return IMPLICIT_LITTLE_ENDIAN;
}

/** dcmjs carries an inflater; the file comes back in explicit little endian. */
function inflate(buffer: ArrayBuffer): ArrayBuffer {
  try {
    const file = dcmjs.DicomMessage.readFile(buffer, { ignoreErrors: false });
    file.meta['00020010'] = { vr: 'UI', Value: [EXPLICIT_LITTLE_ENDIAN] };
    return file.write({ allowInvalidVRLength: true });
  } catch (error) {
    throw new NotDicomError(`a deflated DICOM file that cannot be inflated (${String(error)})`);
  }
}

class EndOfFile extends Error {}

class Parser {
  readonly dataset: Dataset = {};
  pixelData: PixelDataLocation | null = null;
  truncatedAt: string | null = null;
  private readonly view: DataView;
  private decoder = textDecoder([]);
  private tag = '';

  constructor(
    private readonly bytes: Uint8Array,
    private readonly littleEndian: boolean,
    private readonly explicit: boolean,
    public offset: number
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  readAll(): void {
    this.guarded(() => this.readElements(this.dataset, this.bytes.length, 0, null));
  }

  readGroup(group: number): void {
    this.guarded(() => this.readElements(this.dataset, this.bytes.length, 0, group));
  }

  private guarded(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof EndOfFile)) throw error;
      this.truncatedAt = this.tag;
    }
  }

  private u16(): number {
    this.need(2);
    const value = this.view.getUint16(this.offset, this.littleEndian);
    this.offset += 2;
    return value;
  }

  private u32(): number {
    this.need(4);
    const value = this.view.getUint32(this.offset, this.littleEndian);
    this.offset += 4;
    return value;
  }

  private need(count: number): void {
    if (this.offset + count > this.bytes.length) throw new EndOfFile();
  }

  private readTag(): string {
    const group = this.u16();
    const element = this.u16();
    return (hex(group) + hex(element)).toUpperCase();
  }

  /** Reads elements up to `end` (or the item's delimiter) into the dataset. */
  private readElements(
    dataset: Dataset,
    end: number,
    depth: number,
    onlyGroup: number | null,
    explicit = this.explicit
  ): void {
    if (depth > DEEPEST) throw new NotDicomError('sequences nested too deeply');
    while (this.offset + 8 <= end) {
      const at = this.offset;
      const tag = this.readTag();
      const group = parseInt(tag.slice(0, 4), 16);
      if (onlyGroup !== null && group !== onlyGroup) {
        this.offset = at;
        return;
      }
      if (tag === ITEM_END) {
        this.offset += 4;
        return;
      }
      // Zero padding or garbage after the last element.
      if (depth === 0 && group === 0) return;
      this.tag = tag;
      this.readElement(dataset, tag, depth, explicit);
    }
  }

  private readElement(dataset: Dataset, tag: string, depth: number, explicit: boolean): void {
    const entry = dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`];
    const isPrivate = parseInt(tag.slice(3, 4), 16) % 2 === 1;
    let vr = entry?.vr ?? 'UN';
    let length: number;
    if (explicit) {
      this.need(2);
      vr = String.fromCharCode(this.bytes[this.offset], this.bytes[this.offset + 1]);
      this.offset += 2;
      if (!/^[A-Z]{2}$/.test(vr)) throw new NotDicomError(`element ${tag} has no valid VR`);
      if (LONG_FORM.has(vr)) {
        this.offset += 2;
        length = this.u32();
      } else {
        length = this.u16();
      }
      // Converters write UN for what they do not know; the dictionary may know it.
      if (vr === 'UN' && entry && entry.vr !== 'SQ' && length !== UNDEFINED_LENGTH) vr = entry.vr;
    } else {
      length = this.u32();
    }
    if (tag === PIXEL_DATA && depth === 0) {
      this.locatePixelData(length);
      return;
    }
    if (vr === 'SQ' || length === UNDEFINED_LENGTH) {
      const items = this.readSequence(length, depth, explicit && vr !== 'UN');
      if (entry && !isPrivate) dataset[entry.name] = items;
      return;
    }
    this.need(length);
    const value = this.bytes.subarray(this.offset, this.offset + length);
    this.offset += length;
    if (!entry || isPrivate) return;
    const parsed = this.parseValue(vr, value, dataset);
    if (parsed === undefined) return;
    if (tag === '00080005') {
      this.decoder = textDecoder(Array.isArray(parsed) ? parsed.map(String) : [String(parsed)]);
      // Values are held as text; whatever is written from them is written in Unicode.
      dataset[entry.name] = 'ISO_IR 192';
      return;
    }
    dataset[entry.name] = parsed;
  }

  private readSequence(length: number, depth: number, explicit: boolean): Dataset[] {
    const end = length === UNDEFINED_LENGTH ? this.bytes.length : this.offset + length;
    if (end > this.bytes.length) throw new EndOfFile();
    const items: Dataset[] = [];
    while (this.offset + 8 <= end) {
      const tag = this.readTag();
      const itemLength = this.u32();
      if (tag === SEQUENCE_END) return items;
      if (tag !== ITEM) throw new NotDicomError(`${tag} stands where a sequence item belongs`);
      const item: Dataset = {};
      const itemEnd =
        itemLength === UNDEFINED_LENGTH ? this.bytes.length : this.offset + itemLength;
      if (itemEnd > this.bytes.length) throw new EndOfFile();
      this.readElements(item, itemEnd, depth + 1, null, explicit);
      if (itemLength !== UNDEFINED_LENGTH) this.offset = itemEnd;
      items.push(item);
    }
    if (length === UNDEFINED_LENGTH) throw new EndOfFile();
    return items;
  }

  private locatePixelData(length: number): void {
    if (length !== UNDEFINED_LENGTH) {
      const available = Math.min(length, this.bytes.length - this.offset);
      this.pixelData = { encapsulated: false, offset: this.offset, length, available };
      this.offset += available;
      if (available < length) throw new EndOfFile();
      return;
    }
    const location: PixelDataLocation = {
      encapsulated: true,
      offsetTable: [],
      fragments: [],
      complete: false,
    };
    this.pixelData = location;
    let first: number | null = null;
    while (this.offset + 8 <= this.bytes.length) {
      const at = this.offset;
      const tag = this.readTag();
      const itemLength = this.u32();
      if (tag !== ITEM) {
        location.complete = tag === SEQUENCE_END;
        break;
      }
      this.need(itemLength);
      if (first === null) {
        for (let n = 0; n + 4 <= itemLength; n += 4) {
          location.offsetTable.push(this.view.getUint32(this.offset + n, true));
        }
        first = this.offset + itemLength;
      } else {
        location.fragments.push({ offset: this.offset, length: itemLength, start: at - first });
      }
      this.offset += itemLength;
    }
    if (!location.complete) throw new EndOfFile();
  }

  private parseValue(vr: string, value: Uint8Array, dataset: Dataset): unknown {
    if (BINARY.has(vr) || vr === 'ox') {
      return value.length > LARGEST_BINARY ? undefined : value.slice().buffer;
    }
    if (value.length === 0) return null;
    const numeric = this.parseNumbers(vr === 'xs' ? ambiguous(dataset) : vr, value);
    if (numeric) return single(numeric);
    const text = TEXT.has(vr) ? this.decoder.decode(value) : ascii(value);
    if (UNSPLIT.has(vr)) return text.replace(/[\0 ]+$/, '');
    const parts = text.split('\\').map((part) => part.replace(/\0+$/, '').trim());
    if (vr === 'PN') return parts.map(personName);
    if (vr === 'DS' || vr === 'IS') {
      return single(parts.map((part) => (part === '' ? null : Number(part))));
    }
    return single(parts);
  }

  private parseNumbers(vr: string, value: Uint8Array): (number | string)[] | null {
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    const little = this.littleEndian;
    const every = (size: number, read: (at: number) => number | string): (number | string)[] =>
      Array.from({ length: Math.floor(value.length / size) }, (_, n) => read(n * size));
    switch (vr) {
      case 'US':
        return every(2, (at) => view.getUint16(at, little));
      case 'SS':
        return every(2, (at) => view.getInt16(at, little));
      case 'UL':
        return every(4, (at) => view.getUint32(at, little));
      case 'SL':
        return every(4, (at) => view.getInt32(at, little));
      case 'FL':
        return every(4, (at) => view.getFloat32(at, little));
      case 'FD':
        return every(8, (at) => view.getFloat64(at, little));
      case 'AT':
        return every(4, (at) =>
          (hex(view.getUint16(at, little)) + hex(view.getUint16(at + 2, little))).toUpperCase()
        );
      default:
        return null;
    }
  }
}

/** US or SS, by Pixel Representation (PS3.5 A.1); LUT descriptors and the like included. */
function ambiguous(dataset: Dataset): string {
  return dataset.PixelRepresentation === 1 ? 'SS' : 'US';
}

function personName(text: string): Dataset {
  const [alphabetic, ideographic, phonetic] = text.split('=');
  return {
    Alphabetic: alphabetic,
    ...(ideographic ? { Ideographic: ideographic } : {}),
    ...(phonetic ? { Phonetic: phonetic } : {}),
  };
}

function single<T>(values: T[]): T | T[] {
  return values.length === 1 ? values[0] : values;
}

function ascii(value: Uint8Array): string {
  let text = '';
  for (const code of value) text += String.fromCharCode(code);
  return text;
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0');
}
