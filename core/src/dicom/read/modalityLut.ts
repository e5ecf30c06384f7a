import type { ValueScale } from '../../types';
import { functionalGroup } from './functionalGroups';
import { realWorldMapping, type RealWorldMapping } from './realWorldValues';
import { oneNumberOf, type Dataset } from './values';

/** Stored value × slope + intercept = output value. */
export interface ModalityLut {
  slope: number;
  intercept: number;
  /** Where slope and intercept come from. */
  scale: ValueScale;
  /** The mapping, where `scale.source` is `real-world`. */
  mapping?: RealWorldMapping;
}

/**
 * Slope and intercept of a frame (0-based): Rescale Slope (0028,1053) and Intercept (0028,1052) from its Pixel Value
 * Transformation (Enhanced MR), else from the dataset; where neither is there, its Real World Value Mapping; else 1 and
 * 0.
 *
 * @throws RefusedInputError `value-unreadable` where a value is present but is not a number,
 * `real-world-values-unsupported`
 */
export function modalityLut(dataset: Dataset, frame: number): ModalityLut {
  const transformation = functionalGroup(dataset, 'PixelValueTransformationSequence', frame);
  const read = (keyword: string): number | null =>
    oneNumberOf(transformation, keyword, dataset) ?? oneNumberOf(dataset, keyword);
  const state = (keyword: string): string =>
    keyword in transformation || keyword in dataset ? 'empty' : 'absent';
  const slope = read('RescaleSlope');
  const intercept = read('RescaleIntercept');
  const stated = {
    slope: String(slope ?? state('RescaleSlope')),
    intercept: String(intercept ?? state('RescaleIntercept')),
  };
  const rescale = { slope: slope || 1, intercept: intercept ?? 0 };
  if (slope) return { ...rescale, scale: { source: 'rescale', ...stated, units: '' } };
  // A slope of zero would erase the image; some writers store it for "not given".
  const mapping = intercept ? null : realWorldMapping(dataset, frame);
  if (!mapping) return { ...rescale, scale: { source: 'stored', ...stated, units: '' } };
  return {
    slope: mapping.slope,
    intercept: mapping.intercept,
    scale: { source: 'real-world', ...stated, units: mapping.units },
    mapping,
  };
}
