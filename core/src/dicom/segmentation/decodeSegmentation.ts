import type { NaturalizedDataset } from 'dcmjs';
import type { LabelVolume, ModelIdentity, Segment, Series, Warning } from '../../types';
import { EARS, organWords } from '../../registry';
import { ANATOMY, RefusedInputError, SEGMENTS } from '../../types';
import { anatomyFromLabels } from '../../measurement';
import { SOFTWARE_NAME } from '../encode/modules';
import { dateOf, items, readAttributes, text } from '../encode/read';
import { readPart10 } from '../encode/readPart10';
import { binaryFrames } from './fractional';
import { placementOf, segmentNumber, storedGroups } from './framePlacements';
import { matchSegment, matchStructure } from './matchSegment';
import { paintSegments, type SegmentFrames } from './paintSegments';
import { readStandardState, type StandardState } from './readStandardState';
import { resampleSegments } from './resampleSegments';
import { readPrivateState, type StoredState } from './storedState';
import { storedFrames } from './storedFrames';

export interface DecodedSegmentation {
  /** On MRC's grid, values of `SEGMENTS`. */
  labels: LabelVolume;
  /** Segment Label of each stored segment, by Segment Number. */
  segmentLabels: Record<number, string>;
  /** Which organ a stored segment was taken as, by Segment Number; those that were left out are absent. */
  organs: ReadonlyMap<number, Segment>;
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

/** Organs that a reader assigned to stored segments: numbers of `SEGMENTS` by Segment Number. */
export type SegmentAssignments = Readonly<Record<number, number>>;

const LABELMAP_STORAGE = '1.2.840.10008.5.1.4.1.1.66.7';

/**
 * The four organs from a DICOM Segmentation (BINARY, LABELMAP, or FRACTIONAL that holds nothing in between;
 * uncompressed, RLE or deflated frames), of this or another software. Frames find their slice by their position in
 * space, or by the image that they refer to when they name no position; never by their order. What other software drew
 * on another grid, in the same frame of reference, is taken onto MRC's, with a warning.
 *
 * @param assigned which organs segments of other software are; these come before what their names say
 * @throws RefusedInputError `not-dicom`, `not-a-segmentation`, `segmentation-fractional`,
 * `segmentation-compressed`, `frame-of-reference-differs`, `segmentation-grid-differs`,
 * `segmentation-without-organs`, `pixel-data-truncated`
 */
export function decodeSegmentation(
  file: ArrayBuffer,
  mrc: Series,
  assigned: SegmentAssignments = {}
): DecodedSegmentation {
  const { part10, dataset } = readPart10(file);
  refuseUnsuitable(dataset, mrc);
  // Labels may be in any script.
  const stored = items(readAttributes(file).SegmentSequence);
  const warnings: Warning[] = [];
  const isOurs = text(dataset.Manufacturer) === SOFTWARE_NAME;
  const organs = matchOrgans(stored, isOurs ? {} : assigned, warnings);
  const { size, spacing, origin, direction } = mrc.volume;
  const labels: LabelVolume = {
    size,
    spacing,
    origin,
    direction,
    data: new Uint8Array(size[0] * size[1] * size[2]),
    segments: [...SEGMENTS],
  };
  const structures = isOurs ? structureNumbers(stored) : new Map<number, number>();
  const groups = storedGroups(dataset);
  const pixels = storedFrames(file, dataset, groups.perFrame.length);
  const frames: SegmentFrames = {
    ...{ groups, organs, structures, isLabelmap: isLabelmap(dataset) },
    pixels: isFractional(dataset) ? binaryFrames(pixels, dataset) : pixels,
  };
  let painted = new Map<number, number>();
  if (isOurs || !isResampled(frames, dataset, mrc))
    painted = paintSegments(frames, mrc, labels, warnings);
  else resampleSegments(frames, mrc, labels, warnings);
  const state = readPrivateState(part10.dict);
  if (!state && isOurs) warnings.push(STATE_MISSING);
  const standard = isOurs ? readStandardState(readAttributes(file), groups, mrc) : null;
  const kinds = stored.map((item) => text(item.SegmentAlgorithmType));
  return {
    labels,
    organs,
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

const isLabelmap = (dataset: NaturalizedDataset): boolean =>
  text(dataset.SOPClassUID) === LABELMAP_STORAGE || text(dataset.SegmentationType) === 'LABELMAP';

const isFractional = (dataset: NaturalizedDataset): boolean =>
  text(dataset.SegmentationType) === 'FRACTIONAL';

/** Whether a frame of an organ lies beside MRC's voxels, in a frame of reference that both state. */
function isResampled(frames: SegmentFrames, dataset: NaturalizedDataset, mrc: Series): boolean {
  const frame = text(dataset.FrameOfReferenceUID);
  if (!frame || frame !== mrc.header.frameOfReferenceUid) return false;
  const { groups, organs } = frames;
  return groups.perFrame.some((group) => {
    if (!frames.isLabelmap && !organs.has(segmentNumber(group, groups.shared))) return false;
    try {
      placementOf(group, groups, mrc);
      return false;
    } catch (error) {
      if (error instanceof RefusedInputError) return true;
      throw error;
    }
  });
}

/** @throws RefusedInputError `segmentation-without-organs` */
function matchOrgans(
  stored: NaturalizedDataset[],
  assigned: SegmentAssignments,
  warnings: Warning[]
): Map<number, Segment> {
  const organs = new Map<number, Segment>();
  for (const item of stored) {
    const number = Number(item.SegmentNumber);
    const organ = SEGMENTS.find((segment) => segment.number === assigned[number]);
    if (!organ) continue;
    organs.set(number, organ);
    warnings.push({
      code: 'segment-assigned',
      message: `The reader took stored segment ${number} "${text(item.SegmentLabel)}" as the ${organ.label.toLowerCase()}.`,
      ear: organ.ear,
      organ: organ.organ,
      values: { segment: number },
    });
  }
  for (const item of stored) {
    const organ = matchSegment(item);
    if (!organ || Number(item.SegmentNumber) in assigned) continue;
    if ([...organs.values()].includes(organ)) {
      warnings.push({
        code: 'segment-doubled',
        message: `More than one stored segment is a ${organ.label.toLowerCase()}; "${text(item.SegmentLabel)}" is left out.`,
        ear: organ.ear,
        organ: organ.organ,
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
      'Say in the panel which organ each segment is, or name the segments by side and organ, for example "Left cochlea".'
    );
  return organs;
}
