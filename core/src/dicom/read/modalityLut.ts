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
  const intercept = statedOf(dataset, frame, 'RescaleIntercept');
  return { slope: statedSlope(dataset, frame) ?? 1, intercept: intercept ?? 0 };
}

/** Rescale Slope of a frame as stated; null where it is absent or empty, or zero. */
export function statedSlope(dataset: Dataset, frame: number): number | null {
  // A slope of zero would erase the image; some writers store it for "not given".
  return statedOf(dataset, frame, 'RescaleSlope') || null;
}

function statedOf(dataset: Dataset, frame: number, keyword: string): number | null {
  const transformation = functionalGroup(dataset, 'PixelValueTransformationSequence', frame);
  return oneNumberOf(transformation, keyword, dataset) ?? oneNumberOf(dataset, keyword);
}
