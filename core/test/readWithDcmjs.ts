import dcmjs from 'dcmjs';
import type { NaturalizedDataset } from 'dcmjs';

/** What another reader finds in an object that we wrote, pixel data included. */
export function readWithDcmjs(file: ArrayBuffer): NaturalizedDataset {
  const { dict } = dcmjs.data.DicomMessage.readFile(file);
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict);
}
