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
  const frames: SegmentationFrame[] = [];
  const length = labels.size[0] * labels.size[1];
  const isEndolymph = (voxel: number): boolean => hydrops!.data[voxel]! < 0;
  for (const withinOrgan of hydrops ? [false, true] : [false]) {
    for (const { number } of SEGMENTS) {
      for (let slice = 0; slice < labels.size[2]; slice++) {
        const pixels = new Uint8Array(length);
        let isEmpty = true;
        for (let i = 0, voxel = slice * length; i < length; i++, voxel++) {
          if (labels.data[voxel] !== number || (withinOrgan && !isEndolymph(voxel))) continue;
          pixels[i] = 1;
          isEmpty = false;
        }
        if (isEmpty) continue;
        frames.push({
          segmentNumber: withinOrgan ? number + SEGMENTS.length : number,
          slice,
          pixels,
          position: slicePosition(mrc.volume, slice),
          source: mrc.sources[slice]!,
        });
      }
    }
  }
  if (frames.length === 0)
    throw new RefusedInputError(
      'segmentation-empty',
      `The segmentation of series "${mrc.header.seriesDescription}" holds no voxel, and DICOM has no empty segmentation.`,
      'Segment at least one cochlea or vestibule before saving.',
      { series: mrc.header.seriesInstanceUid }
    );
  return frames;
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
