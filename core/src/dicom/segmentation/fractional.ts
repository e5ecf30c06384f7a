import type { NaturalizedDataset } from 'dcmjs';
import { RefusedInputError } from '../../types';
import { text } from '../encode/read';
import type { FrameReader } from './storedFrames';

/**
 * Frames of a FRACTIONAL segmentation that holds nothing between none and all: some software exports regions so.
 *
 * @throws RefusedInputError `segmentation-fractional`, when a frame with another value is read
 */
export function binaryFrames(frames: FrameReader, dataset: NaturalizedDataset): FrameReader {
  const most = Number(dataset.MaximumFractionalValue ?? 255);
  return (index) => {
    const values = frames(index);
    const between = values.find((value) => value !== 0 && value !== most);
    if (between === undefined) return values.map((value) => (value === 0 ? 0 : 1));
    const kind = text(dataset.SegmentationFractionalType) || 'without a stated type';
    throw new RefusedInputError(
      'segmentation-fractional',
      `Segmentation "${text(dataset.SeriesDescription) || 'without description'}" is FRACTIONAL (${kind}): frame ${index + 1} holds ${between} of ${most}, which is not a region.`,
      'Export it again as BINARY.',
      { frame: index + 1, value: between, maximum: most }
    );
  };
}
