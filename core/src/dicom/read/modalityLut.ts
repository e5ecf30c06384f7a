import { functionalGroup } from './functionalGroups';
import { oneNumberOf, type Dataset } from './values';

/** Stored value × slope + intercept = output value. */
export interface ModalityLut {
  slope: number;
  intercept: number;
}

/**
 * Rescale Slope (0028,1053) and Intercept (0028,1052) of a frame (0-based): from its Pixel Value
 * Transformation (Enhanced MR), else from the dataset, else 1 and 0.
 *
 * @throws RefusedInputError `value-unreadable` where a value is present but is not a number
 */
export function modalityLut(dataset: Dataset, frame: number): ModalityLut {
  const transformation = functionalGroup(dataset, 'PixelValueTransformationSequence', frame);
  const read = (keyword: string): number | null =>
    oneNumberOf(transformation, keyword, dataset) ?? oneNumberOf(dataset, keyword);
  const slope = read('RescaleSlope');
  const intercept = read('RescaleIntercept');
  // A slope of zero would erase the image; some writers store it for "not given".
  return { slope: slope || 1, intercept: intercept ?? 0 };
}
