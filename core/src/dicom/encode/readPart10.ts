import dcmjs from 'dcmjs';
import type { DicomDictInstance, NaturalizedDataset } from 'dcmjs';
import { notDicom } from './read';

/**
 * A Part 10 file as tags and by attribute names.
 *
 * @throws RefusedInputError `not-dicom`
 */
export function readPart10(file: ArrayBuffer): {
  part10: DicomDictInstance;
  dataset: NaturalizedDataset;
} {
  try {
    const part10 = dcmjs.data.DicomMessage.readFile(file);
    return { part10, dataset: dcmjs.data.DicomMetaDictionary.naturalizeDataset(part10.dict) };
  } catch (error) {
    throw notDicom(error);
  }
}
