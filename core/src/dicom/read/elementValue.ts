import { ascii } from './characterSets';
import type { DataElement, ElementSet } from './elements';

/** A value that is there but cannot be read as what it should be. */
export class UnreadableValue {
  constructor(
    /** As it stands in the file, for messages. */
    readonly shown: string,
    readonly reason: string
  ) {}
}

/** Name components in one alphabet each (PS3.5 6.2.1.2); absent groups are left out. */
export interface PersonName {
  Alphabetic: string;
  Ideographic?: string;
  Phonetic?: string;
}

export type ElementValue = string | number | null | PersonName | UnreadableValue;

const TEXT = new Set('LO LT PN SH ST UC UT'.split(' '));
const UNSPLIT = new Set('LT ST UT UR'.split(' '));
const BINARY = new Set('OB OD OF OL OV OW UN'.split(' '));
/** Bytes of a value that messages show. */
const SHOWN = 24;

export const isBinary = (vr: string): boolean => BINARY.has(vr);

/** The value of an element that is no sequence and not binary. */
export interface ReadValue {
  /** One a value; null for an empty one among several. */
  values: ElementValue[];
  /** Why text is not complete, or null. */
  textProblem: string | null;
}

/** US or SS (PS3.5 A.1), by Pixel Representation; LUT descriptors and the like included. */
export function resolvedVr(element: DataElement, set: ElementSet, bytes: Uint8Array): string {
  if (element.vr !== 'xs') return element.vr;
  const representation = set.elements.get('00280103');
  const signed =
    representation?.length === 2 &&
    bytes[representation.offset + (set.encoding.littleEndian ? 0 : 1)] === 1;
  return signed ? 'SS' : 'US';
}

/** Reads a value by its VR (PS3.5 6.2); numbers in text become numbers where they are any. */
export function readValue(element: DataElement, set: ElementSet, bytes: Uint8Array): ReadValue {
  const raw = bytes.subarray(element.offset, element.offset + element.length);
  if (element.problem !== null) {
    return {
      values: [new UnreadableValue(shown(raw), element.problem)],
      textProblem: TEXT.has(element.vr) ? element.problem : null,
    };
  }
  if (raw.length === 0) return { values: [], textProblem: null };
  const vr = resolvedVr(element, set, bytes);
  const numbers = binaryNumbers(vr, raw, set.encoding.littleEndian);
  if (numbers) return { values: numbers, textProblem: null };
  if (!TEXT.has(vr)) {
    const text = ascii(raw);
    return { values: UNSPLIT.has(vr) ? [trimmed(text)] : split(text, vr), textProblem: null };
  }
  const { text, problem } = set.text.decode(raw, vr);
  if (UNSPLIT.has(vr)) return { values: [text.replace(/[\0 ]+$/, '')], textProblem: problem };
  const parts = split(text, vr);
  return {
    values: vr === 'PN' ? parts.map((part) => personName(String(part))) : parts,
    textProblem: problem,
  };
}

function split(text: string, vr: string): (string | number | null)[] {
  const parts = text.split('\\').map(trimmed);
  if (vr !== 'DS' && vr !== 'IS') return parts;
  return parts.map((part) => (part === '' ? null : (parseNumber(part) ?? part)));
}

function trimmed(text: string): string {
  return text.replace(/\0+$/, '').trim();
}

/** A number as DS and IS write it (PS3.5 6.2), or null. */
export function parseNumber(text: string): number | null {
  const plain = text.replace(/\0+$/, '').trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

function personName(text: string): PersonName {
  const [alphabetic = '', ideographic, phonetic] = text.split('=');
  return {
    Alphabetic: alphabetic,
    ...(ideographic ? { Ideographic: ideographic } : {}),
    ...(phonetic ? { Phonetic: phonetic } : {}),
  };
}

const SIZES: Record<string, number> = {
  US: 2,
  SS: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  FD: 8,
  AT: 4,
  SV: 8,
  UV: 8,
};

function binaryNumbers(vr: string, raw: Uint8Array, little: boolean): ElementValue[] | null {
  const size = SIZES[vr];
  if (size === undefined) return null;
  if (raw.length % size !== 0) {
    return [new UnreadableValue(shown(raw), `${raw.length} bytes are not a multiple of ${size}`)];
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const read = (at: number): ElementValue => {
    switch (vr) {
      case 'US':
        return view.getUint16(at, little);
      case 'SS':
        return view.getInt16(at, little);
      case 'UL':
        return view.getUint32(at, little);
      case 'SL':
        return view.getInt32(at, little);
      case 'FL':
        return view.getFloat32(at, little);
      case 'FD':
        return view.getFloat64(at, little);
      case 'SV':
        return wide(view.getBigInt64(at, little));
      case 'UV':
        return wide(view.getBigUint64(at, little));
      default:
        return (
          hex(view.getUint16(at, little)) + hex(view.getUint16(at + 2, little))
        ).toUpperCase();
    }
  };
  return Array.from({ length: raw.length / size }, (_, n) => read(n * size));
}

/** Integers that a double does not hold stay text. */
function wide(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** The bytes as text where they are any, else in hexadecimal. */
function shown(raw: Uint8Array): string {
  const start = raw.subarray(0, SHOWN);
  const more = raw.length > SHOWN ? '…' : '';
  if (start.every((code) => code >= 0x20 && code < 0x7f)) return ascii(start).trim() + more;
  return Array.from(start, (code) => code.toString(16).padStart(2, '0')).join(' ') + more;
}
