import {
  isPrivate,
  keywordOf,
  PIXEL_DATA,
  SPECIFIC_CHARACTER_SET,
  tagText,
  type DataElement,
  type ElementSet,
} from './elements';
import { isBinary, readValue, UnreadableValue } from './elementValue';
import type { Dataset } from './values';

const MAX_BINARY = 4096;
/** Attributes that change pixels without having to be there: never taken from a doubtful place. */
const CHANGES_PIXELS = new Set([
  '00280008',
  '00280103',
  '00280120',
  '00280121',
  '00281052',
  '00281053',
  '00283000',
]);

export interface Naturalised {
  /** By keyword; private and unknown elements, pixel data and large binary values are left out. */
  dataset: Dataset;
  /** Text that could not be read whole, with its tag and the reason. */
  textProblems: string[];
}

/**
 * A data set by keywords, as dcmjs names them: one value alone, several in an array, sequences as
 * arrays. What is there but cannot be read is an `UnreadableValue`.
 */
export function naturalise(set: ElementSet, bytes: Uint8Array): Naturalised {
  const textProblems: string[] = [];
  return { dataset: datasetOf(set, bytes, textProblems), textProblems };
}

function datasetOf(set: ElementSet, bytes: Uint8Array, textProblems: string[]): Dataset {
  const dataset: Dataset = {};
  for (const element of set.elements.values()) {
    const { tag } = element;
    if (isPrivate(tag) || tag === PIXEL_DATA || tag.endsWith('0000')) continue;
    const keyword = keywordOf(tag);
    if (!keyword) continue;
    // Values are held as text; whatever is written from them is written in Unicode.
    if (tag === SPECIFIC_CHARACTER_SET) dataset[keyword] = 'ISO_IR 192';
    else {
      const value = valueOf(element, set, bytes, textProblems);
      if (value !== undefined) dataset[keyword] = value;
    }
  }
  return dataset;
}

function valueOf(
  element: DataElement,
  set: ElementSet,
  bytes: Uint8Array,
  textProblems: string[]
): unknown {
  if (element.items) {
    return element.problem === null
      ? element.items.map((item) => datasetOf(item, bytes, textProblems))
      : new UnreadableValue('a sequence', element.problem);
  }
  if (element.fragments) return undefined;
  if (isBinary(element.vr)) {
    if (element.length > MAX_BINARY) return undefined;
    return bytes.slice(element.offset, element.offset + element.length).buffer;
  }
  const { values, textProblem } = readValue(element, set, bytes);
  if (textProblem) textProblems.push(`${tagText(element.tag)}: ${textProblem}`);
  const [first] = values;
  if (element.outOfOrder && CHANGES_PIXELS.has(element.tag)) {
    return new UnreadableValue(String(first ?? ''), 'it is out of order among the other elements');
  }
  if (first instanceof UnreadableValue && textProblem) return undefined;
  if (values.length === 0) return null;
  if (element.vr === 'PN') return values;
  return values.length === 1 ? first : values;
}
