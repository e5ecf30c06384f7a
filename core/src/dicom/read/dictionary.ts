// For browsers the build puts a packed copy in the place of this file (scripts/packedDictionary.mjs).
import { data as dcmjs } from 'dcmjs';

const { DicomMetaDictionary } = dcmjs;

export interface DictionaryEntry {
  vr: string;
  /** Keyword, as "PatientName". */
  name: string;
}

/** What the data dictionary says of a tag of eight hexadecimal digits, upper case. */
export function entryOfTag(tag: string): DictionaryEntry | undefined {
  return DicomMetaDictionary.dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`];
}

/** `(0010,0010)` of a keyword. */
export function tagOfKeyword(keyword: string): string | undefined {
  return DicomMetaDictionary.nameMap[keyword]?.tag;
}
