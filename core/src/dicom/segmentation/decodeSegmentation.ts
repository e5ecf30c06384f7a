import type { NaturalizedDataset } from 'dcmjs';
import type { LabelVolume, ModelIdentity, Segment, Series, Vector3, Warning } from '../../types';
import { organWords } from '../../registry';
import { RefusedInputError, SEGMENTS } from '../../types';
import { dateOf, items, numbers, readAttributes, readPart10, text } from '../encode/read';
import { placeFrame, voxelIndex, type FramePlacement } from './frameGeometry';
import { matchSegment } from './matchSegment';
import { readPrivateState, type StoredState } from './storedState';
import { storedFrames } from './storedFrames';

export interface DecodedSegmentation {
  /** On MRC's grid, values of `SEGMENTS`. */
  labels: LabelVolume;
  /** Segment Label of each stored segment, by Segment Number. */
  segmentLabels: Record<number, string>;
  model: ModelIdentity | null;
  edited: boolean;
  created: Date | null;
  /** What this software stored beside the voxels; null in other vendors' objects. */
  state: StoredState | null;
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
  const { volume } = mrc;
  const { size, spacing, origin, direction } = volume;
  const labels: LabelVolume = {
    size,
    spacing,
    origin,
    direction,
    data: new Uint8Array(size[0] * size[1] * size[2]),
    segments: [...SEGMENTS],
  };
  paint(dataset, part10, mrc, organs, labels, warnings);
  const state = readPrivateState(part10.dict);
  if (!state && text(dataset.Manufacturer) === 'Inner Ear Hydrops')
    warnings.push({
      code: 'stored-state-missing',
      message:
        'The stored result has lost its private data (measurement, reader’s fields); the labels are complete.',
      ear: null,
    });
  const kinds = stored.map((item) => text(item.SegmentAlgorithmType));
  return {
    labels,
    segmentLabels: Object.fromEntries(
      stored.map((item) => [Number(item.SegmentNumber), text(item.SegmentLabel)])
    ),
    model: state?.model ?? null,
    edited: state?.edited ?? kinds.some((kind) => kind !== 'AUTOMATIC'),
    created: state ? new Date(state.created) : dateOf(dataset.ContentDate, dataset.ContentTime),
    state,
    warnings,
  };
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

function paint(
  dataset: NaturalizedDataset,
  part10: Parameters<typeof storedFrames>[0],
  mrc: Series,
  organs: Map<number, Segment>,
  labels: LabelVolume,
  warnings: Warning[]
): void {
  const isLabelmap =
    text(dataset.SOPClassUID) === LABELMAP_STORAGE || text(dataset.SegmentationType) === 'LABELMAP';
  const rows = Number(dataset.Rows);
  const columns = Number(dataset.Columns);
  const perFrame = items(dataset.PerFrameFunctionalGroupsSequence);
  const shared = items(dataset.SharedFunctionalGroupsSequence)[0] ?? {};
  const pixels = storedFrames(part10, dataset, perFrame.length);
  let outside = 0;
  let overlapping = 0;
  perFrame.forEach((group, index) => {
    const organ = isLabelmap ? null : organs.get(segmentNumber(group, shared));
    if (!isLabelmap && !organ) return;
    const placement = placementOf(group, shared, mrc, rows, columns);
    const values = pixels(index);
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      const segment = organ ?? organs.get(values[i]!);
      if (!segment) continue;
      const voxel = voxelIndex(placement, i % columns, Math.floor(i / columns), mrc.volume);
      if (voxel < 0) outside++;
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
}

const group = (
  frame: NaturalizedDataset,
  shared: NaturalizedDataset,
  name: string
): NaturalizedDataset => items(frame[name])[0] ?? items(shared[name])[0] ?? {};

const segmentNumber = (frame: NaturalizedDataset, shared: NaturalizedDataset): number =>
  numbers(group(frame, shared, 'SegmentIdentificationSequence').ReferencedSegmentNumber)[0] ?? 0;

function placementOf(
  frame: NaturalizedDataset,
  shared: NaturalizedDataset,
  mrc: Series,
  rows: number,
  columns: number
): FramePlacement {
  const position = numbers(group(frame, shared, 'PlanePositionSequence').ImagePositionPatient);
  const orientation = numbers(
    group(frame, shared, 'PlaneOrientationSequence').ImageOrientationPatient
  );
  const spacing = numbers(group(frame, shared, 'PixelMeasuresSequence').PixelSpacing);
  if (position.length === 3 && orientation.length === 6 && spacing.length === 2)
    return placeFrame(
      {
        position: position as Vector3,
        orientation,
        pixelSpacing: spacing as [number, number],
        rows,
        columns,
      },
      mrc.volume,
      mrc.header.seriesDescription
    );
  return placementBySource(frame, shared, mrc, rows, columns);
}

/** For objects without plane positions: the slice is the one of the image that the frame refers to. */
function placementBySource(
  frame: NaturalizedDataset,
  shared: NaturalizedDataset,
  mrc: Series,
  rows: number,
  columns: number
): FramePlacement {
  const source =
    items(group(frame, shared, 'DerivationImageSequence').SourceImageSequence)[0] ?? {};
  const uid = text(source.ReferencedSOPInstanceUID);
  const number = numbers(source.ReferencedFrameNumber)[0];
  const slice = mrc.sources.findIndex(
    (candidate) =>
      candidate.sopInstanceUid === uid &&
      (candidate.frameNumber === undefined || candidate.frameNumber === number)
  );
  if (slice < 0 || rows !== mrc.volume.size[1] || columns !== mrc.volume.size[0])
    throw new RefusedInputError(
      'segmentation-grid-differs',
      `A frame of the segmentation (${columns} × ${rows}) states no position and refers to image ${uid || '(none)'}, which is not an image of that size in series "${mrc.header.seriesDescription}".`,
      'Choose the MRC series that the segmentation was drawn on.'
    );
  return { start: [0, 0, slice], alongColumn: [1, 0, 0], alongRow: [0, 1, 0] };
}
