import type { NaturalizedDataset } from 'dcmjs';
import type { MaskOrigin, Segment } from '../../types';
import { SOFTWARE_NAME } from '../encode/modules';
import { items, text } from '../encode/read';
import { matchSegment } from './matchSegment';

/** A segment as it is stored, before its voxels are read. */
export interface StoredSegment {
  /** Segment Number (0062,0004). */
  number: number;
  /** Segment Label (0062,0005). */
  label: string;
  /** The organ that its codes and its label name; null when it is none, or its side is not told. */
  segment: Segment | null;
  /** Segment Algorithm Type (0062,0008); where that is missing nobody is known to be behind it but the reader. */
  origin: MaskOrigin;
}

const ORIGINS: Readonly<Record<string, MaskOrigin>> = {
  AUTOMATIC: 'automatic',
  SEMIAUTOMATIC: 'edited',
  MANUAL: 'drawn',
};

/**
 * What a DICOM Segmentation says of its segments.
 * @param attributes by name, with text in its character set: those of the file's header
 */
export function storedSegments(attributes: Record<string, unknown>): StoredSegment[] {
  return items(attributes.SegmentSequence).map((item: NaturalizedDataset) => ({
    number: Number(item.SegmentNumber),
    label: text(item.SegmentLabel),
    segment: matchSegment(item),
    origin: ORIGINS[text(item.SegmentAlgorithmType)] ?? 'drawn',
  }));
}

/** Whether this software stored the object: what it stored beside the organs is known to be none. */
export function isOwnSegmentation(attributes: Record<string, unknown>): boolean {
  return text(attributes.Manufacturer) === SOFTWARE_NAME;
}
