import { data as dcmjs, type DicomDataset, type NaturalizedDataset } from 'dcmjs';
import { encapsulatedFrames } from './encapsulatedFrames';
import { PIXEL_DATA, SPECIFIC_CHARACTER_SET, type DataElement, type ElementSet } from './elements';
import { isBinary, readValue, resolvedVr, UnreadableValue } from './elementValue';
import { readPart10, type Part10File } from './part10';
import { numberOrNull } from './values';

const NUMBERS = new Set('DS FD FL IS SL SS SV UL US UV AT'.split(' '));

/**
 * A file as dcmjs' own reader hands it over, for code that was written against it: elements by tag
 * (private ones and pixel data too, one value a frame where it is encapsulated), and by keyword. Text
 * is decoded by the set that holds for it; what cannot be read by its VR is left empty.
 *
 * @throws NotDicomError
 */
export function dcmjsForm(buffer: ArrayBuffer): {
  meta: DicomDataset;
  dict: DicomDataset;
  dataset: NaturalizedDataset;
  /** What was read, with `stop` where the file ended early. */
  file: Part10File;
} {
  const file = readPart10(buffer);
  const dict = datasetOf(file.elements, file);
  const { pixelData } = file;
  if (pixelData?.encapsulated) {
    const count = numberOrNull(file.dataset, 'NumberOfFrames') ?? 1;
    const frames = encapsulatedFrames(file.bytes, pixelData, count);
    dict[PIXEL_DATA] = { vr: 'OB', Value: frames.map((frame) => frame.buffer) };
  }
  const dataset = dcmjs.DicomMetaDictionary.naturalizeDataset(dict);
  return { meta: datasetOf(file.meta, file), dict, dataset, file };
}

function datasetOf(set: ElementSet, file: Part10File): DicomDataset {
  const dataset: DicomDataset = {};
  for (const element of set.elements.values()) {
    const vr = element.items ? 'SQ' : resolvedVr(element, set, file.bytes);
    dataset[element.tag] = { vr, Value: valuesOf(element, vr, set, file) };
  }
  return dataset;
}

function valuesOf(element: DataElement, vr: string, set: ElementSet, file: Part10File): unknown[] {
  if (element.items) return element.items.map((item) => datasetOf(item, file));
  if (element.fragments) return [];
  const { offset, length, tag } = element;
  if (isBinary(vr)) return length === 0 ? [] : [file.bytes.slice(offset, offset + length).buffer];
  if (tag === SPECIFIC_CHARACTER_SET) return ['ISO_IR 192'];
  // dcmjs has an empty text where a value is empty.
  if (length === 0) return NUMBERS.has(vr) ? [] : [''];
  return readValue(element, set, file.bytes).values.map((value) => {
    if (value instanceof UnreadableValue) return null;
    return vr === 'AT' ? parseInt(String(value), 16) : value;
  });
}
