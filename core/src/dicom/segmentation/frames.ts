import type { Geometry, LabelVolume, Series, SliceSource, Vector3, Volume } from '../../types';
import { RefusedInputError, SEGMENTS } from '../../types';
import { slicePosition } from '../mr/encodeMrSeries';

/** One frame of a segmentation: one segment on one slice of MRC. */
export interface SegmentationFrame {
  segmentNumber: number;
  /** Slice index k on MRC's grid. */
  slice: number;
  /** Row by row, 0 or 1. */
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
  frames.sort((a, b) => a.segmentNumber - b.segmentNumber || a.slice - b.slice);
  if (frames.length === 0)
    throw new RefusedInputError(
      'segmentation-empty',
      `The segmentation of series "${mrc.header.seriesDescription}" holds no voxel, and DICOM has no empty segmentation.`,
      'Segment at least one cochlea or vestibule before saving.',
      { series: mrc.header.seriesInstanceUid }
    );
  return frames;
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
