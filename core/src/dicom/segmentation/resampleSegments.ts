import { mapAxes } from '../../axes';
import {
  RefusedInputError,
  type LabelVolume,
  type Segment,
  type Series,
  type Vector3,
} from '../../types';
import type { Warning } from '../../types';
import { axisOf, cross, dot, worldToVoxel } from '../../volume/geometry';
import type { FramePlane } from './frameGeometry';
import { numbersIn, planeOf } from './framePlacements';
import { refuseOutside, segmentOfFrame, warnOfOverlap, type SegmentFrames } from './paintSegments';

/** Parallel frames of one size, by the place of their plane. */
interface Stack {
  plane: FramePlane;
  row: Vector3;
  column: Vector3;
  normal: Vector3;
  /** mm along the normal, of slot 0. */
  first: number;
  /** mm between slots. */
  step: number;
  /** Position of a frame's first pixel, and the frames that lie there. */
  slots: Map<number, { position: Vector3; frames: number[] }>;
}

/**
 * Writes the organs' numbers into `labels`, from frames on another grid in the same frame of reference: a voxel of MRC
 * belongs to an organ when its centre lies in a segmented voxel. A warning names both grids and each organ's volume
 * on them.
 *
 * @throws RefusedInputError `segmentation-grid-differs` where the frames are no stack, or reach beyond MRC
 */
export function resampleSegments(
  frames: SegmentFrames,
  mrc: Series,
  labels: LabelVolume,
  warnings: Warning[]
): void {
  const stack = stackOf(frames, mrc);
  const values = frameReader(frames);
  const before = countStored(frames, stack, mrc, values);
  let overlapping = 0;
  const { size, spacing, origin } = mrc.volume;
  const [i3, j3, k3] = mapAxes(spacing, (mm, axis) =>
    mapAxes(axisOf(mrc.volume, axis), (x) => x * mm)
  );
  const { pixelSpacing, rows, columns } = stack.plane;
  const point: Vector3 = [0, 0, 0];
  let voxel = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, voxel++) {
        for (let d = 0; d < 3; d++) point[d] = origin[d]! + i * i3[d]! + j * j3[d]! + k * k3[d]!;
        const slot = stack.slots.get(
          nearestVoxel((dot(point, stack.normal) - stack.first) / stack.step)
        );
        if (!slot) continue;
        const from = mapAxes(point, (x, d) => x - slot.position[d]);
        const x = nearestVoxel(dot(from, stack.row) / pixelSpacing[1]);
        const y = nearestVoxel(dot(from, stack.column) / pixelSpacing[0]);
        if (x < 0 || y < 0 || x >= columns || y >= rows) continue;
        for (const frame of slot.frames) {
          const segment = frames.organs.get(values(frame, x + columns * y));
          if (!segment) continue;
          if (labels.data[voxel] === 0) labels.data[voxel] = segment.number;
          else if (labels.data[voxel] !== segment.number) overlapping++;
        }
      }
    }
  }
  warnOfOverlap(overlapping, warnings);
  const stored: Vector3 = [pixelSpacing[1], pixelSpacing[0], stack.step];
  warnings.push(
    resampledWarning(labels, { spacing: stored, organs: [...frames.organs.values()], before })
  );
}

/** On grids that share borders a centre lies just between two voxels: the lower one, whatever the last digits say. */
export const nearestVoxel = (place: number): number => Math.ceil(place - 0.5 - 1e-6);

/** Segment Number at a pixel of a frame, 0 for none; frames are decoded once. */
function frameReader(frames: SegmentFrames): (frame: number, pixel: number) => number {
  const decoded = new Map<number, Uint8Array | Uint16Array>();
  const segmentOf = frames.groups.perFrame.map((_, index) => segmentOfFrame(frames, index));
  return (frame, pixel) => {
    let pixels = decoded.get(frame);
    if (!pixels) decoded.set(frame, (pixels = frames.pixels(frame)));
    const value = pixels[pixel]!;
    return value === 0 ? 0 : segmentOf[frame] || value;
  };
}

/** @throws RefusedInputError `segmentation-grid-differs` */
function stackOf(frames: SegmentFrames, mrc: Series): Stack {
  const { groups, organs, isLabelmap } = frames;
  const shown = groups.perFrame.flatMap((group, index) => {
    if (!isLabelmap && !organs.has(segmentOfFrame(frames, index))) return [];
    const plane = planeOf(group, groups);
    return [{ index, plane, group }];
  });
  const plane = shown[0]?.plane;
  if (!plane || shown.some((frame) => !frame.plane || !isParallel(frame.plane, plane)))
    throw noStack(mrc, 'its frames name no position, or are not parallel');
  const row = plane.orientation.slice(0, 3) as Vector3;
  const column = plane.orientation.slice(3, 6) as Vector3;
  const normal = cross(row, column);
  const depthOf = (frame: (typeof shown)[number]): number => dot(frame.plane!.position, normal);
  const depths = shown.map(depthOf).sort((a, b) => a - b);
  const first = depths[0]!;
  const gaps = depths.slice(1).map((depth, n) => depth - depths[n]!);
  const least = Math.min(...gaps.filter((gap) => gap > 1e-3), Infinity);
  const stated = (keyword: string): number | undefined =>
    numbersIn(shown[0]!.group, groups, 'PixelMeasuresSequence', keyword)[0];
  const declared = stated('SpacingBetweenSlices') ?? stated('SliceThickness') ?? NaN;
  // Slices without a region have no frame: gaps are multiples of the declared distance.
  const ratio = least / declared;
  const isDeclared =
    declared > 0 && (least === Infinity || Math.abs(ratio - Math.round(ratio)) < 0.05);
  const step = isDeclared ? declared : least;
  if (!Number.isFinite(step)) throw noStack(mrc, 'it does not state how far its slices lie apart');
  const slots: Stack['slots'] = new Map();
  for (const frame of shown) {
    const exact = (depthOf(frame) - first) / step;
    const n = Math.round(exact);
    if (Math.abs(exact - n) > 0.1) throw noStack(mrc, 'its slices are not equally far apart');
    const slot = slots.get(n) ?? { position: frame.plane!.position, frames: [] };
    slot.frames.push(frame.index);
    slots.set(n, slot);
  }
  return { plane, row, column, normal, first, step, slots };
}

function isParallel(a: FramePlane, b: FramePlane): boolean {
  const near = (some: readonly number[], others: readonly number[]): boolean =>
    some.every((value, n) => Math.abs(value - others[n]!) < 1e-3);
  return near(a.orientation, b.orientation) && near(a.pixelSpacing, b.pixelSpacing);
}

function noStack(mrc: Series, why: string): RefusedInputError {
  return new RefusedInputError(
    'segmentation-grid-differs',
    `The segmentation is not on the voxels of series "${mrc.header.seriesDescription}", and cannot be resampled to them: ${why}.`,
    'Choose the MRC series that the segmentation was drawn on.'
  );
}

/** Pixels of each organ as they are stored. @throws RefusedInputError `segmentation-grid-differs` */
function countStored(
  frames: SegmentFrames,
  { plane, row, column, slots }: Stack,
  mrc: Series,
  values: (frame: number, pixel: number) => number
): Map<number, number> {
  const counts = new Map<number, number>();
  let outside = 0;
  for (const { position, frames: own } of slots.values()) {
    for (const frame of own) {
      for (let pixel = 0; pixel < plane.rows * plane.columns; pixel++) {
        const segment = frames.organs.get(values(frame, pixel));
        if (!segment) continue;
        counts.set(segment.number, (counts.get(segment.number) ?? 0) + 1);
        const x = (pixel % plane.columns) * plane.pixelSpacing[1];
        const y = Math.floor(pixel / plane.columns) * plane.pixelSpacing[0];
        const at = worldToVoxel(
          mrc.volume,
          position.map((value, d) => value + x * row[d]! + y * column[d]!) as Vector3
        );
        if (at.some((index, d) => index < -0.5 || index > mrc.volume.size[d]! - 0.5)) outside++;
      }
    }
  }
  refuseOutside(outside, mrc);
  return counts;
}

/** What was drawn on another grid. */
export interface StoredElsewhere {
  /** Millimetres along its columns, rows and slices. */
  spacing: Vector3;
  organs: readonly Segment[];
  /** Voxels there, by the organs' numbers. */
  before: ReadonlyMap<number, number>;
}

/** Says of regions from another grid what the measured series makes of them. @param labels as they are measured */
export function resampledWarning(
  labels: LabelVolume,
  { spacing, organs, before }: StoredElsewhere
): Warning {
  const voxel = labels.spacing[0] * labels.spacing[1] * labels.spacing[2];
  const after = new Map<number, number>();
  for (const label of labels.data) if (label > 0) after.set(label, (after.get(label) ?? 0) + 1);
  const mm3 = (count: number | undefined, each: number): string => ((count ?? 0) * each).toFixed(1);
  const volumes = organs.map(({ number, label }) => {
    const stored = mm3(before.get(number), spacing[0] * spacing[1] * spacing[2]);
    return `${label.toLowerCase()} ${stored} mm³ as stored, ${mm3(after.get(number), voxel)} mm³ as measured`;
  });
  const grid = (x: number, y: number, z: number): string =>
    [x, y, z].map((mm) => Number(mm.toFixed(3))).join(' × ');
  return {
    code: 'segmentation-resampled',
    message: `The segmentation has voxels of ${grid(...spacing)} mm, the measured series ${grid(...labels.spacing)} mm: it was resampled to the latter (${volumes.join('; ')}).`,
    ear: null,
    values: {
      stored: grid(...spacing),
      measured: grid(...labels.spacing),
      volumes: volumes.join('; '),
    },
  };
}
