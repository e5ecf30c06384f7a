import { type MaskOrigin, type Segment } from '@inner-ear-hydrops/core';
import { isOwnSegmentation, matchSegment, storedSegments } from '@inner-ear-hydrops/core/dicom';
import type { StoredLabel } from '../labelFiles/labelImage';
import { itemsOf, type AnnotationFile, type LabelAnnotation } from './dicomIndex';
import { organNamed, type OrganNames } from './organNames';

/** A segment of a DICOM SEG, a region of interest of an RTSTRUCT or a label of a file, before its voxels are read. */
export interface AnnotatedRegion {
  /** Segment Number, ROI Number, or place among the labels of a file. */
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
export function annotatedRegions(annotation: AnnotationFile, names: OrganNames): AnnotatedRegion[] {
  if (annotation.kind === 'label-file') return labelledRegions(annotation, names);
  const { attributes } = annotation.header;
  const isSegmentation = annotation.kind === 'segmentation';
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

/** What `--names` says of a label that the file names, it may say of the name or of the value. */
export const namesOfLabel = ({ name, layer, value }: StoredLabel): string[] => [
  ...(name === null ? [] : [name]),
  layer === 0 ? String(value) : `${layer}:${value}`,
];

/** A file of labels does not say who made them: they count as drawn. */
function labelledRegions({ labels }: LabelAnnotation, names: OrganNames): AnnotatedRegion[] {
  return labels.map((label, n) => {
    const [name = ''] = namesOfLabel(label);
    const said = namesOfLabel(label)
      .map((one) => organNamed(names, one))
      .find((one) => one !== undefined);
    const own = label.name === null ? null : matchSegment({ SegmentLabel: label.name });
    const segment = said === undefined ? own : said;
    const by = said !== undefined ? 'names' : own ? 'object' : null;
    return { number: n, name, segment, by, origin: 'drawn' };
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
