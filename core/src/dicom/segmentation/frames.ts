import type { Geometry, LabelVolume, Segment, Series, SliceSource, Vector3 } from '../../types';
import { ORGANS, organWords } from '../../registry/organs';
import { RefusedInputError, SEGMENTS } from '../../types';
import { slicePosition } from '../mr/encodeMrSeries';

/** An organ: its number in `SEGMENTS`; the endolymph within it: the number that `ORGANS` has for it. */
export type SegmentKind = number;

const endolymphNumber = ({ ear, organ }: Segment): SegmentKind =>
  ORGANS[organ].segments[ear].endolymph;
const ENDOLYMPH_OF = new Map(
  SEGMENTS.map((segment) => [segment.number, endolymphNumber(segment)] as const)
);

/** @throws Error for a kind that neither an organ nor its endolymph has */
export function segmentOfKind(kind: SegmentKind): { segment: Segment; isEndolymph: boolean } {
  const segment = SEGMENTS.find(
    (candidate) => candidate.number === kind || endolymphNumber(candidate) === kind
  );
  if (!segment) throw new Error(`No organ has the segment number ${kind}.`);
  return { segment, isEndolymph: segment.number !== kind };
}

/** One frame of a segmentation: one segment on one slice of MRC, or all organs of a slice. */
export interface SegmentationFrame {
  /** What is shown (`SegmentKind`); null where the pixels are the numbers of `SEGMENTS` (LABELMAP). */
  kind: SegmentKind | null;
  /** Slice index k on MRC's grid. */
  slice: number;
  /** Row by row; 0 or 1, or the numbers of `SEGMENTS`. */
  pixels: Uint8Array;
  /** LPS mm of the first pixel. */
  position: Vector3;
  source: SliceSource;
}

/**
 * The non-empty frames: organs in the order of `SEGMENTS`, then the endolymph within them, each by slice.
 *
 * @param endolymph 1 where a voxel is endolymph, on MRC's grid; without it there are organs only
 * @param showsEndolymph whether an organ's endolymph is to be shown
 * @throws RefusedInputError `segmentation-grid-differs`, `segmentation-empty`
 */
export function segmentationFrames(
  mrc: Series,
  labels: LabelVolume,
  endolymph?: Uint8Array,
  showsEndolymph: (segment: Segment) => boolean = () => true
): SegmentationFrame[] {
  refuseOtherGrid(mrc, labels, 'segmentation');
  if (endolymph) refuseOtherLength(mrc, labels, endolymph);
  const withEndolymph = new Set(SEGMENTS.filter(showsEndolymph).map(({ number }) => number));
  const length = labels.size[0] * labels.size[1];
  const frames: SegmentationFrame[] = [];
  for (let slice = 0; slice < labels.size[2]; slice++) {
    const masks = sliceMasks(labels.data, slice * length, length, withEndolymph, endolymph);
    for (const [kind, pixels] of masks)
      frames.push({
        kind,
        slice,
        pixels,
        position: slicePosition(mrc.volume, slice),
        source: mrc.sources[slice]!,
      });
  }
  frames.sort((a, b) => a.kind! - b.kind! || a.slice - b.slice);
  refuseEmpty(mrc, frames);
  return frames;
}

/**
 * One frame a slice that holds an organ, its pixels being the numbers of `SEGMENTS`, by slice. Segments of a
 * LABELMAP cannot overlap, so the endolymph within the organs has no place in it.
 *
 * @throws RefusedInputError `segmentation-grid-differs`, `segmentation-empty`
 */
export function labelmapFrames(mrc: Series, labels: LabelVolume): SegmentationFrame[] {
  refuseOtherGrid(mrc, labels, 'segmentation');
  const length = labels.size[0] * labels.size[1];
  const frames: SegmentationFrame[] = [];
  for (let slice = 0; slice < labels.size[2]; slice++) {
    const pixels = labels.data
      .subarray(slice * length, (slice + 1) * length)
      .map((label) => (label > SEGMENTS.length ? 0 : label));
    if (pixels.every((label) => label === 0)) continue;
    frames.push({
      kind: null,
      slice,
      pixels,
      position: slicePosition(mrc.volume, slice),
      source: mrc.sources[slice]!,
    });
  }
  refuseEmpty(mrc, frames);
  return frames;
}

function refuseEmpty(mrc: Series, frames: SegmentationFrame[]): void {
  if (frames.length > 0) return;
  throw new RefusedInputError(
    'segmentation-empty',
    `The segmentation of series "${mrc.header.seriesDescription}" holds no voxel, and DICOM has no empty segmentation.`,
    `Draw at least one ${organWords('or')} before saving.`,
    { series: mrc.header.seriesInstanceUid }
  );
}

/** One mask for each kind that occurs on the slice. */
function sliceMasks(
  labels: Uint8Array,
  start: number,
  length: number,
  withEndolymph: ReadonlySet<number>,
  endolymph?: Uint8Array
): Map<SegmentKind, Uint8Array> {
  const masks = new Map<SegmentKind, Uint8Array>();
  const mark = (kind: SegmentKind, pixel: number): void => {
    let mask = masks.get(kind);
    if (!mask) masks.set(kind, (mask = new Uint8Array(length)));
    mask[pixel] = 1;
  };
  for (let pixel = 0; pixel < length; pixel++) {
    const label = labels[start + pixel]!;
    if (label === 0 || label > SEGMENTS.length) continue;
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

function refuseOtherLength(mrc: Series, labels: LabelVolume, endolymph: Uint8Array): void {
  if (endolymph.length === labels.data.length) return;
  throw new RefusedInputError(
    'segmentation-grid-differs',
    `The mask of endolymph (${endolymph.length} voxels) is not on the grid of series "${mrc.header.seriesDescription}" (${labels.data.length} voxels).`,
    'Compute the result again for this series.',
    { series: mrc.header.seriesInstanceUid }
  );
}
