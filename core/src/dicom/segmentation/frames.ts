import type { Geometry, LabelVolume, Series, SliceSource, Vector3, Volume } from '../../types';
import { RefusedInputError, SEGMENTS } from '../../types';
import { slicePosition } from '../mr/encodeMrSeries';

/** One frame of a segmentation: one segment on one slice of MRC, or all organs of a slice. */
export interface SegmentationFrame {
  /** Null where the pixels are Segment Numbers themselves (LABELMAP). */
  segmentNumber: number | null;
  /** Slice index k on MRC's grid. */
  slice: number;
  /** Row by row; 0 or 1, or Segment Numbers. */
  pixels: Uint8Array;
  /** LPS mm of the first pixel. */
  position: Vector3;
  source: SliceSource;
}

/**
 * The non-empty frames, by segment and then by slice. With `hydrops`, each organ's voxels below
 * zero become segment number + 4.
 *
 * @throws RefusedInputError `segmentation-grid-differs`, `segmentation-empty`
 */
export function segmentationFrames(
  mrc: Series,
  labels: LabelVolume,
  hydrops?: Volume
): SegmentationFrame[] {
  refuseOtherGrid(mrc, labels, 'segmentation');
  if (hydrops) refuseOtherGrid(mrc, hydrops, 'HYDROPS image');
  const length = labels.size[0] * labels.size[1];
  const frames: SegmentationFrame[] = [];
  for (let slice = 0; slice < labels.size[2]; slice++) {
    const masks = sliceMasks(labels.data, slice * length, length, hydrops?.data);
    for (const [segmentNumber, pixels] of masks)
      frames.push({
        segmentNumber,
        slice,
        pixels,
        position: slicePosition(mrc.volume, slice),
        source: mrc.sources[slice]!,
      });
  }
  frames.sort((a, b) => a.segmentNumber! - b.segmentNumber! || a.slice - b.slice);
  refuseEmpty(mrc, frames);
  return frames;
}

/**
 * One frame a slice that holds an organ, its pixels being Segment Numbers, by slice. Segments of a
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
      segmentNumber: null,
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
    'Segment at least one cochlea or vestibule before saving.',
    { series: mrc.header.seriesInstanceUid }
  );
}

/** One mask for each segment number that occurs on the slice. */
function sliceMasks(
  labels: Uint8Array,
  start: number,
  length: number,
  hydrops?: Float32Array
): Map<number, Uint8Array> {
  const masks = new Map<number, Uint8Array>();
  const mark = (segmentNumber: number, pixel: number): void => {
    let mask = masks.get(segmentNumber);
    if (!mask) masks.set(segmentNumber, (mask = new Uint8Array(length)));
    mask[pixel] = 1;
  };
  for (let pixel = 0; pixel < length; pixel++) {
    const label = labels[start + pixel]!;
    if (label === 0 || label > SEGMENTS.length) continue;
    mark(label, pixel);
    if (hydrops && hydrops[start + pixel]! < 0) mark(label + SEGMENTS.length, pixel);
  }
  return masks;
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
