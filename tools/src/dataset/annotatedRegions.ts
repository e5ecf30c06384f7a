import { type MaskOrigin, type Segment } from '@inner-ear-hydrops/core';
import { isOwnSegmentation, matchSegment, storedSegments } from '@inner-ear-hydrops/core/dicom';
import { itemsOf, type AnnotationFile } from './dicomIndex';
import { organNamed, type OrganNames } from './organNames';

/** A segment of a DICOM SEG or a region of interest of an RTSTRUCT, before its voxels are read. */
export interface AnnotatedRegion {
  /** Segment Number or ROI Number. */
  number: number;
  name: string;
  /** The organ that it is; null where its name is not understood, or said to be none. */
  segment: Segment | null;
  /** How `segment` is known: by the object itself, by `--names`, or not at all. */
  by: 'object' | 'names' | null;
  origin: MaskOrigin;
}

/**
 * The regions of an annotation, with what `--names` says of them before what they say themselves. What this software
 * stores beside the organs (canals, endolymph) is left out: it is no annotation.
 */
export function annotatedRegions(
  { header: { modality, attributes } }: AnnotationFile,
  names: OrganNames
): AnnotatedRegion[] {
  const isSegmentation = modality === 'SEG';
  const stored = isSegmentation ? storedSegments(attributes) : storedContours(attributes);
  const isOwn = isSegmentation && isOwnSegmentation(attributes);
  return stored.flatMap(({ number, label, segment, origin }): AnnotatedRegion[] => {
    if (isOwn) return segment ? [{ number, name: label, segment, by: 'object', origin }] : [];
    const said = organNamed(names, label);
    const isSaid = said !== undefined;
    const found = isSaid ? said : segment;
    const by = isSaid ? 'names' : found ? 'object' : null;
    return [{ number, name: label, segment: found, by, origin }];
  });
}

const ORIGINS: Readonly<Record<string, MaskOrigin>> = {
  AUTOMATIC: 'automatic',
  SEMIAUTOMATIC: 'edited',
};

/** ROI Generation Algorithm (3006,0036) may be empty: then nobody is known to be behind it but the reader. */
function storedContours(attributes: Record<string, unknown>) {
  return itemsOf(attributes.StructureSetROISequence).map((roi) => {
    const label = String(roi.ROIName ?? '').trim();
    return {
      number: Number(roi.ROINumber),
      label,
      segment: matchSegment({ SegmentLabel: label }),
      origin: ORIGINS[String(roi.ROIGenerationAlgorithm ?? '').trim()] ?? 'drawn',
    };
  });
}
