import type { Geometry, LabelVolume, Segment, Series, SliceSource, Vector3 } from '../../types';
import { EARS } from '../../registry/ears';
import { ORGANS, organWords, SEGMENT_NUMBERS } from '../../registry/organs';
import { STRUCTURE_SEGMENTS, type StructureSegment } from '../../registry/structures';
import { ANATOMY, RefusedInputError, SEGMENTS } from '../../types';
import { slicePosition } from '../mr/encodeMrSeries';

/** Number of an organ, of the endolymph within it (`ORGANS`) or of another structure (`STRUCTURES`). */
export type SegmentKind = number;

/** What a stored segment shows. */
export type ShownKind =
  | { what: 'organ' | 'endolymph'; segment: Segment }
  | { what: 'structure'; segment: StructureSegment };

const endolymphNumber = ({ ear, organ }: Segment): SegmentKind =>
  ORGANS[organ].segments[ear].endolymph;
const ENDOLYMPH_OF = new Map(
  SEGMENTS.map((segment) => [segment.number, endolymphNumber(segment)] as const)
);
/** Of a value of an anatomy volume. */
const STRUCTURE_OF = new Map(
  STRUCTURE_SEGMENTS.map(({ number, ear, structure }) => [
    ANATOMY[structure] + EARS[ear].anatomyOffset,
    number,
  ])
);

/** @throws Error for a number that no segment has */
export function shownKind(kind: SegmentKind): ShownKind {
  const structure = STRUCTURE_SEGMENTS.find(({ number }) => number === kind);
  if (structure) return { what: 'structure', segment: structure };
  const segment = SEGMENTS.find(
    (candidate) => candidate.number === kind || endolymphNumber(candidate) === kind
  );
  if (!segment) throw new Error(`No segment has the number ${kind}.`);
  return { what: segment.number === kind ? 'organ' : 'endolymph', segment };
}

/** One frame of a segmentation: one segment on one slice of MRC, or all organs of a slice. */
export interface SegmentationFrame {
  /** What is shown (`SegmentKind`); null where the pixels are such numbers (LABELMAP). */
  kind: SegmentKind | null;
  /** Slice index k on MRC's grid. */
  slice: number;
  /** Row by row; 0 or 1, or numbers of kinds. */
  pixels: Uint8Array;
  /** LPS mm of the first pixel. */
  position: Vector3;
  source: SliceSource;
}

/** What is shown of a result; all of it on MRC's grid. */
export interface ShownVoxels {
  labels: LabelVolume;
  /** 1 where a voxel is endolymph. */
  endolymph?: Uint8Array;
  /** Values of `ANATOMY`, for the structures beside the organs. */
  anatomy?: Uint8Array;
}

/**
 * The non-empty frames: organs in the order of `SEGMENTS`, the endolymph within them, other structures, each by slice.
 *
 * @param showsEndolymph whether an organ's endolymph is to be shown
 * @throws RefusedInputError `segmentation-grid-differs`, `segmentation-empty`
 */
export function segmentationFrames(
  mrc: Series,
  shown: ShownVoxels,
  showsEndolymph: (segment: Segment) => boolean = () => true
): SegmentationFrame[] {
  const { labels } = shown;
  refuseUnfit(mrc, shown);
  const withEndolymph = new Set(SEGMENTS.filter(showsEndolymph).map(({ number }) => number));
  const length = labels.size[0] * labels.size[1];
  const frames: SegmentationFrame[] = [];
  for (let slice = 0; slice < labels.size[2]; slice++) {
    const masks = sliceMasks(shown, slice * length, length, withEndolymph);
    for (const [kind, pixels] of masks) frames.push(frameOf(mrc, kind, slice, pixels));
  }
  frames.sort((a, b) => a.kind! - b.kind! || a.slice - b.slice);
  refuseEmpty(mrc, frames);
  return frames;
}

/**
 * One frame a slice that holds anything, its pixels being numbers of organs and structures, by slice. Segments of a
 * LABELMAP cannot overlap: the endolymph within the organs has no place in it, and an organ hides a structure.
 *
 * @throws RefusedInputError `segmentation-grid-differs`, `segmentation-empty`
 */
export function labelmapFrames(mrc: Series, shown: ShownVoxels): SegmentationFrame[] {
  const { labels, anatomy } = shown;
  refuseUnfit(mrc, shown);
  const length = labels.size[0] * labels.size[1];
  const frames: SegmentationFrame[] = [];
  for (let slice = 0; slice < labels.size[2]; slice++) {
    const start = slice * length;
    const pixels = labels.data.slice(start, start + length).map((label, pixel) => {
      if (SEGMENT_NUMBERS.has(label)) return label;
      return STRUCTURE_OF.get(anatomy?.[start + pixel] ?? 0) ?? 0;
    });
    if (pixels.every((number) => number === 0)) continue;
    frames.push(frameOf(mrc, null, slice, pixels));
  }
  refuseEmpty(mrc, frames);
  return frames;
}

function frameOf(
  mrc: Series,
  kind: SegmentKind | null,
  slice: number,
  pixels: Uint8Array
): SegmentationFrame {
  const position = slicePosition(mrc.volume, slice);
  return { kind, slice, pixels, position, source: mrc.sources[slice]! };
}

/** A result without an organ is none, whatever else was found. */
function refuseEmpty(mrc: Series, frames: SegmentationFrame[]): void {
  if (kindsShown(frames).some((kind) => shownKind(kind).what === 'organ')) return;
  throw new RefusedInputError(
    'segmentation-empty',
    `The segmentation of series "${mrc.header.seriesDescription}" holds no voxel, and DICOM has no empty segmentation.`,
    `Draw at least one ${organWords('or')} before saving.`,
    { series: mrc.header.seriesInstanceUid }
  );
}

/** One mask for each kind that occurs on the slice. */
function sliceMasks(
  { labels, endolymph, anatomy }: ShownVoxels,
  start: number,
  length: number,
  withEndolymph: ReadonlySet<number>
): Map<SegmentKind, Uint8Array> {
  const masks = new Map<SegmentKind, Uint8Array>();
  const mark = (kind: SegmentKind, pixel: number): void => {
    let mask = masks.get(kind);
    if (!mask) masks.set(kind, (mask = new Uint8Array(length)));
    mask[pixel] = 1;
  };
  for (let pixel = 0; pixel < length; pixel++) {
    const structure = anatomy && STRUCTURE_OF.get(anatomy[start + pixel]!);
    if (structure !== undefined) mark(structure, pixel);
    const label = labels.data[start + pixel]!;
    if (label === 0 || !SEGMENT_NUMBERS.has(label)) continue;
    mark(label, pixel);
    if (endolymph?.[start + pixel] === 1 && withEndolymph.has(label))
      mark(ENDOLYMPH_OF.get(label)!, pixel);
  }
  return masks;
}

/** Kinds that have a voxel, in rising order. */
export function kindsShown(frames: readonly SegmentationFrame[]): SegmentKind[] {
  const kinds = new Set<SegmentKind>();
  for (const { kind, pixels } of frames) {
    if (kind !== null) kinds.add(kind);
    else for (const label of pixels) if (label !== 0) kinds.add(label);
  }
  return [...kinds].sort((a, b) => a - b);
}

function refuseUnfit(mrc: Series, { labels, endolymph, anatomy }: ShownVoxels): void {
  refuseOtherGrid(mrc, labels, 'segmentation');
  if (endolymph) refuseOtherLength(mrc, labels, endolymph, 'mask of endolymph');
  if (anatomy) refuseOtherLength(mrc, labels, anatomy, 'anatomy');
}

function refuseOtherGrid(mrc: Series, grid: Geometry, what: string): void {
  const fits = (['size', 'spacing', 'origin', 'direction'] as const).every((key) =>
    grid[key].every((value, i) => Math.abs(value - mrc.volume[key][i]!) < 1e-3)
  );
  if (fits) return;
  throw new RefusedInputError(
    'segmentation-grid-differs',
    `The ${what} (${grid.size.join(' × ')} voxels) is not on the grid of series "${mrc.header.seriesDescription}" (${mrc.volume.size.join(' × ')} voxels).`,
    'Compute the result again for this series.',
    { series: mrc.header.seriesInstanceUid }
  );
}

function refuseOtherLength(mrc: Series, labels: LabelVolume, mask: Uint8Array, what: string): void {
  if (mask.length === labels.data.length) return;
  throw new RefusedInputError(
    'segmentation-grid-differs',
    `The ${what} (${mask.length} voxels) is not on the grid of series "${mrc.header.seriesDescription}" (${labels.data.length} voxels).`,
    'Compute the result again for this series.',
    { series: mrc.header.seriesInstanceUid }
  );
}
