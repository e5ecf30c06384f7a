import type { NaturalizedDataset } from 'dcmjs';
import type { LabelVolume, ModelIdentity, Segment, Series, Warning } from '../../types';
import { EARS, organWords } from '../../registry';
import { ANATOMY, RefusedInputError, SEGMENTS } from '../../types';
import { anatomyFromLabels } from '../../measurement';
import { SOFTWARE_NAME } from '../encode/modules';
import { dateOf, items, readAttributes, readPart10, text } from '../encode/read';
import { voxelIndex } from './frameGeometry';
import { placementOf, segmentNumber, storedGroups, type StoredGroups } from './framePlacements';
import { matchSegment, matchStructure } from './matchSegment';
import { readStandardState, type StandardState } from './readStandardState';
import { readPrivateState, type StoredState } from './storedState';
import { storedFrames } from './storedFrames';

export interface DecodedSegmentation {
  /** On MRC's grid, values of `SEGMENTS`. */
  labels: LabelVolume;
  /** Segment Label of each stored segment, by Segment Number. */
  segmentLabels: Record<number, string>;
  model: ModelIdentity | null;
  edited: boolean;
  /** This software stored it, whatever an archive has removed since. */
  isOurs: boolean;
  created: Date | null;
  /**
   * Values of `ANATOMY` on MRC's grid, where this software stored the structures beside the organs; null in other
   * objects.
   */
  anatomy: Uint8Array | null;
  /** What this software stored beside the voxels; null in other vendors' objects, and where an archive removed it. */
  state: StoredState | null;
  /** The same as far as standard attributes hold it; null in other vendors' objects. */
  standard: StandardState | null;
  warnings: Warning[];
}

const LABELMAP_STORAGE = '1.2.840.10008.5.1.4.1.1.66.7';

/**
 * The four organs from a DICOM Segmentation (BINARY or LABELMAP, uncompressed or RLE), of this or
 * another software. Frames find their slice by their position in space, or by the image that they
 * refer to when they name no position; never by their order.
 *
 * @throws RefusedInputError `not-dicom`, `not-a-segmentation`, `segmentation-fractional`,
 * `segmentation-compressed`, `frame-of-reference-differs`, `segmentation-grid-differs`,
 * `segmentation-without-organs`, `pixel-data-truncated`
 */
export function decodeSegmentation(file: ArrayBuffer, mrc: Series): DecodedSegmentation {
  const { part10, dataset } = readPart10(file);
  refuseUnsuitable(dataset, mrc);
  // Labels may be in any script.
  const stored = items(readAttributes(file).SegmentSequence);
  const warnings: Warning[] = [];
  const organs = matchOrgans(stored, warnings);
  const { size, spacing, origin, direction } = mrc.volume;
  const labels: LabelVolume = {
    size,
    spacing,
    origin,
    direction,
    data: new Uint8Array(size[0] * size[1] * size[2]),
    segments: [...SEGMENTS],
  };
  const isOurs = text(dataset.Manufacturer) === SOFTWARE_NAME;
  const structures = isOurs ? structureNumbers(stored) : new Map<number, number>();
  const painted = paint(dataset, part10, mrc, { organs, structures }, labels, warnings);
  const state = readPrivateState(part10.dict);
  if (!state && isOurs) warnings.push(STATE_MISSING);
  const standard = isOurs
    ? readStandardState(readAttributes(file), storedGroups(dataset), mrc)
    : null;
  const kinds = stored.map((item) => text(item.SegmentAlgorithmType));
  return {
    labels,
    segmentLabels: Object.fromEntries(
      stored.map((item) => [Number(item.SegmentNumber), text(item.SegmentLabel)])
    ),
    model: state?.model ?? standard?.model ?? null,
    edited: state?.edited ?? (standard?.edited || kinds.some((kind) => kind !== 'AUTOMATIC')),
    isOurs: isOurs || state !== null,
    created: state?.created
      ? new Date(state.created)
      : dateOf(dataset.ContentDate, dataset.ContentTime),
    anatomy: structures.size > 0 ? anatomyOf(labels, painted) : null,
    state,
    standard,
    warnings,
  };
}

const STATE_MISSING: Warning = {
  code: 'stored-state-missing',
  message:
    'The stored result has lost its private data. Region, method, slices and choices are restored from its other ' +
    'attributes, as far as they hold them; the reader’s fields and the earlier warnings are in the report only.',
  ear: null,
};

/** Value of `ANATOMY`, with the ear's offset, by Segment Number. */
function structureNumbers(stored: NaturalizedDataset[]): Map<number, number> {
  return new Map(
    stored.flatMap<[number, number]>((item) => {
      const found = matchStructure(item);
      return found
        ? [[Number(item.SegmentNumber), ANATOMY[found.structure] + EARS[found.ear].anatomyOffset]]
        : [];
    })
  );
}

/** Organs as they are labelled, and the structures beside them. */
function anatomyOf(labels: LabelVolume, structures: Map<number, number>): Uint8Array {
  const anatomy = anatomyFromLabels(labels);
  for (const [voxel, code] of structures) anatomy[voxel] = code;
  return anatomy;
}

function refuseUnsuitable(dataset: NaturalizedDataset, mrc: Series): void {
  const seriesName = text(dataset.SeriesDescription) || 'segmentation';
  if (text(dataset.Modality) !== 'SEG')
    throw new RefusedInputError(
      'not-a-segmentation',
      `Series "${seriesName}" is ${text(dataset.Modality) || 'of unknown modality'}, not a DICOM segmentation.`,
      'Choose a series of modality SEG.'
    );
  if (text(dataset.SegmentationType) === 'FRACTIONAL')
    throw new RefusedInputError(
      'segmentation-fractional',
      `Segmentation "${seriesName}" is FRACTIONAL; its values are probabilities, not a region.`,
      'Export it again as BINARY.'
    );
  const frame = text(dataset.FrameOfReferenceUID);
  const expected = mrc.header.frameOfReferenceUid;
  if (expected && frame && frame !== expected)
    throw new RefusedInputError(
      'frame-of-reference-differs',
      `Segmentation "${seriesName}" was drawn in Frame of Reference ${frame}, but series "${mrc.header.seriesDescription}" is in ${expected}.`,
      'Choose the MRC series that the segmentation was drawn on.',
      { segmentation: frame, mrc: expected }
    );
}

function matchOrgans(stored: NaturalizedDataset[], warnings: Warning[]): Map<number, Segment> {
  const organs = new Map<number, Segment>();
  for (const item of stored) {
    const organ = matchSegment(item);
    if (!organ) continue;
    if ([...organs.values()].includes(organ)) {
      warnings.push({
        code: 'segment-doubled',
        message: `More than one stored segment is a ${organ.label.toLowerCase()}; "${text(item.SegmentLabel)}" is left out.`,
        ear: organ.ear,
        values: { segment: text(item.SegmentLabel) },
      });
      continue;
    }
    organs.set(Number(item.SegmentNumber), organ);
  }
  if (organs.size === 0)
    throw new RefusedInputError(
      'segmentation-without-organs',
      `None of the stored segments (${stored.map((item) => `"${text(item.SegmentLabel)}"`).join(', ')}) is a left or right ${organWords('or')}.`,
      'Name the segments by side and organ, for example "Left cochlea".'
    );
  return organs;
}

/**
 * Writes the organs' numbers into `labels`.
 * @returns the value of `ANATOMY` of each voxel of a structure
 */
function paint(
  dataset: NaturalizedDataset,
  part10: Parameters<typeof storedFrames>[0],
  mrc: Series,
  { organs, structures }: { organs: Map<number, Segment>; structures: Map<number, number> },
  labels: LabelVolume,
  warnings: Warning[]
): Map<number, number> {
  const isLabelmap =
    text(dataset.SOPClassUID) === LABELMAP_STORAGE || text(dataset.SegmentationType) === 'LABELMAP';
  const groups: StoredGroups = storedGroups(dataset);
  const { perFrame, shared, columns } = groups;
  const pixels = storedFrames(part10, dataset, perFrame.length);
  const anatomy = new Map<number, number>();
  let outside = 0;
  let overlapping = 0;
  perFrame.forEach((group, index) => {
    const ofFrame = isLabelmap ? 0 : segmentNumber(group, shared);
    if (!isLabelmap && !organs.has(ofFrame) && !structures.has(ofFrame)) return;
    const placement = placementOf(group, groups, mrc);
    const values = pixels(index);
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      const number = isLabelmap ? values[i]! : ofFrame;
      const segment = organs.get(number);
      const structure = structures.get(number);
      if (!segment && structure === undefined) continue;
      const voxel = voxelIndex(placement, i % columns, Math.floor(i / columns), mrc.volume);
      if (voxel < 0) outside++;
      else if (structure !== undefined) anatomy.set(voxel, structure);
      else if (!segment) continue;
      else if (labels.data[voxel] !== 0 && labels.data[voxel] !== segment.number) overlapping++;
      else labels.data[voxel] = segment.number;
    }
  });
  if (outside > 0)
    throw new RefusedInputError(
      'segmentation-grid-differs',
      `${outside} segmented voxels lie outside series "${mrc.header.seriesDescription}".`,
      'Choose the MRC series that the segmentation was drawn on.',
      { outside }
    );
  if (overlapping > 0)
    warnings.push({
      code: 'segments-overlap',
      message: `${overlapping} voxels belong to two organs in the stored segmentation; the first organ keeps them.`,
      ear: null,
      values: { voxels: overlapping },
    });
  return anatomy;
}
