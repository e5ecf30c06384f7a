import type { TextDecoding } from './characterSets';
import { entryOfTag, type DictionaryEntry } from './dictionary';

/** How the bytes of a data set are to be taken (PS3.5 section 7). */
export interface Encoding {
  littleEndian: boolean;
  /** Elements state their VR. */
  explicit: boolean;
}

/** One element of a file; its value lies at `offset` and is not copied. */
export interface DataElement {
  /** Eight hexadecimal digits, upper case. */
  tag: string;
  /** As stated, or by the dictionary where the file says none or UN; UN where neither knows. */
  vr: string;
  offset: number;
  length: number;
  /** Items of a sequence. */
  items?: ElementSet[];
  /** Fragments of encapsulated data (PS3.5 A.4). */
  fragments?: Fragments;
  /** Why the value cannot be relied on; null where nothing speaks against it. */
  problem: string | null;
  /** Next to it stands an element that belongs elsewhere (PS3.5 7.1): one of the two is not what its tag says. */
  outOfOrder?: boolean;
}

/** A data set or a sequence item. */
export interface ElementSet {
  elements: Map<string, DataElement>;
  encoding: Encoding;
  /** By the item's own Specific Character Set, else by that of what holds it. */
  text: TextDecoding;
}

export interface Fragments {
  /** Byte offsets of frames within the fragments (item tags included); empty when not given. */
  offsetTable: number[];
  /** `start` counts as the offset table does. */
  list: { offset: number; length: number; start: number }[];
  /** False when the file ends within a fragment. */
  complete: boolean;
}

export const PIXEL_DATA = '7FE00010';
export const SPECIFIC_CHARACTER_SET = '00080005';
export const ITEM = 'FFFEE000';
export const ITEM_END = 'FFFEE00D';
export const SEQUENCE_END = 'FFFEE0DD';
export const UNDEFINED_LENGTH = 0xffffffff;

const LONG_FORM = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const SHORT_FORM = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' ')
);
/** What the dictionary writes where the VR depends on other attributes. */
const AMBIGUOUS: Record<string, string> = { ox: 'OW', xs: 'xs', lt: 'xs', up: 'UL', na: 'UN' };

export const isLongForm = (vr: string): boolean => LONG_FORM.has(vr);
export const isKnownVr = (vr: string): boolean => LONG_FORM.has(vr) || SHORT_FORM.has(vr);
export const isPrivate = (tag: string): boolean => (parseInt(tag.charAt(3), 16) & 1) === 1;

/** Keyword of a standard attribute, or null. */
export function keywordOf(tag: string): string | null {
  return isPrivate(tag) ? null : (entryOf(tag)?.name ?? null);
}

/** VR of the data dictionary; `xs` for US or SS, null where it has none. */
export function dictionaryVr(tag: string): string | null {
  if (tag.endsWith('0000')) return 'UL';
  if (isPrivate(tag)) return /^....00[1-9A-F].$/.test(tag) ? 'LO' : null;
  const vr = entryOf(tag)?.vr;
  return vr === undefined ? null : (AMBIGUOUS[vr] ?? vr);
}

type Entry = DictionaryEntry | undefined;
/** dcmjs searches its ranges of tags at each look-up; damaged files ask for the same thousands of times. */
const entries = new Map<string, Entry>();
const MAX_ENTRIES = 20_000;

function entryOf(tag: string): Entry {
  if (entries.has(tag)) return entries.get(tag);
  if (entries.size >= MAX_ENTRIES) entries.clear();
  const entry = lookUp(tag);
  entries.set(tag, entry);
  return entry;
}

function lookUp(tag: string): Entry {
  // Overlays and curves repeat in even groups (PS3.5 7.6).
  const group = /^(60|50)[0-9A-F]{2}$/.test(tag.slice(0, 4)) ? `${tag.slice(0, 2)}00` : null;
  return entryOfTag(tag) ?? (group ? entryOfTag(`${group}${tag.slice(4)}`) : undefined);
}

/** `(0028,1053)` from `00281053`. */
export function tagText(tag: string): string {
  return `(${tag.slice(0, 4)},${tag.slice(4)})`;
}
