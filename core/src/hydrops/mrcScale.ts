import { RefusedInputError, type Vector3, type Volume } from '../types';
import { geometryOf, worldToVoxel } from '../volume';

/** HYDROPS2's factor on MRC: a single factor for the whole image, or each ear's own for its half of the head. */
export type MrcScale =
  | number
  | {
      left: number;
      right: number;
      /** LPS mm: the middle of each ear; the halves meet half-way between. */
      centers: { left: Vector3; right: Vector3 };
    };

export interface MrcScaleInput {
  mrc: Volume;
  ppi: Volume;
  /** LPS mm of the ears; the whole image when absent. */
  centers?: Vector3[];
  /** 1 where `ppi` has no value. */
  empty?: Uint8Array | null;
  /** 1 for each voxel that is no measurement, or none on the scale of its series. */
  leftOut?: Uint8Array | null;
}

/** Radius about each ear's centre, mm, that holds its labyrinth. */
const EAR_RADIUS = 10;
/** Fewest bright voxels to take a percentile of. */
const MIN_VOXELS = 50;

/**
 * Factor on MRC that puts the zero of PPI − s·MRC half-way between unenhanced fluid (median
 * PPI/MRC of all bright fluid) and enhanced perilymph (95th percentile of PPI/MRC near the ears). With
 * two centres each ear has its own, since gadolinium differs left and right. Neither falls below unenhanced
 * fluid, so that an ear full of endolymph stays negative.
 *
 * @throws RefusedInputError `no-fluid`
 */
export function estimateMrcScale(images: MrcScaleInput): MrcScale {
  const { centers = [] } = images;
  const level = 0.4 * brightLevel(images);
  const everywhere = ratios(images, level, null);
  const near = centers.length > 0 ? ratios(images, level, centers) : everywhere;
  if (everywhere.length < MIN_VOXELS || near.length < MIN_VOXELS) {
    throw new RefusedInputError(
      'no-fluid',
      'MRC shows too little bright fluid to scale it against PPI.',
      'Check that the series with the role MRC is the cisternography.'
    );
  }
  const unenhanced = everywhere[Math.floor(0.5 * everywhere.length)]!;
  const halfWay = (found: number[]): number =>
    0.5 * (unenhanced + Math.max(unenhanced, found[Math.floor(0.95 * found.length)]!));
  // LPS: the larger x is the patient's left.
  const [right, left] = [...centers].sort((a, b) => a[0] - b[0]);
  if (!right || !left || centers.length > 2) return halfWay(near);
  const own = { left: ratios(images, level, [left]), right: ratios(images, level, [right]) };
  if (own.left.length < MIN_VOXELS || own.right.length < MIN_VOXELS) return halfWay(near);
  return { left: halfWay(own.left), right: halfWay(own.right), centers: { left, right } };
}

/** MRC times the factor of each voxel's ear. */
export function scaleMrc(mrc: Volume, scale: MrcScale): Volume {
  const data = new Float32Array(mrc.data.length);
  if (typeof scale === 'number') {
    for (let n = 0; n < data.length; n++) data[n] = mrc.data[n]! * scale;
    return { ...geometryOf(mrc), data };
  }
  const { left, right, centers } = scale;
  // Nearer to the left ear where the projection on the line between the ears passes its middle.
  const axis = centers.left.map((x, a) => x - centers.right[a]!);
  const middle = centers.left.map((x, a) => 0.5 * (x + centers.right[a]!));
  const along = [0, 1, 2].map(
    (a) => mrc.spacing[a]! * axis.reduce((sum, x, b) => sum + x * mrc.direction[3 * a + b]!, 0)
  );
  const start = axis.reduce((sum, x, b) => sum + x * (mrc.origin[b]! - middle[b]!), 0);
  const [columns, rows, slices] = mrc.size;
  let n = 0;
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      const row = start + j * along[1]! + k * along[2]!;
      for (let i = 0; i < columns; i++, n++) {
        data[n] = mrc.data[n]! * (row + i * along[0]! >= 0 ? left : right);
      }
    }
  }
  return { ...geometryOf(mrc), data };
}

/** 99.5th percentile of a sample of the volume: robust against a few hot voxels. */
function brightLevel({ mrc, leftOut }: MrcScaleInput): number {
  const { data } = mrc;
  const stride = Math.max(1, Math.floor(data.length / 200_000));
  const sample: number[] = [];
  for (let n = 0; n < data.length; n += stride) if (!leftOut?.[n]) sample.push(data[n]!);
  sample.sort((a, b) => a - b);
  return sample[Math.floor(0.995 * (sample.length - 1))]!;
}

function ratios(
  { mrc, ppi, empty, leftOut }: MrcScaleInput,
  level: number,
  centers: Vector3[] | null
): number[] {
  const [columns, rows, slices] = mrc.size;
  const found: number[] = [];
  const boxes = (centers ?? [null]).map((center) => {
    if (!center) return { low: [0, 0, 0], high: [columns - 1, rows - 1, slices - 1] };
    const at = worldToVoxel(mrc, center);
    const reach = mrc.spacing.map((step) => EAR_RADIUS / step);
    return {
      low: at.map((value, axis) => Math.max(0, Math.ceil(value - reach[axis]!))),
      high: at.map((value, axis) =>
        Math.min(mrc.size[axis]! - 1, Math.floor(value + reach[axis]!))
      ),
    };
  });
  for (const { low, high } of boxes) {
    for (let k = low[2]!; k <= high[2]!; k++) {
      for (let j = low[1]!; j <= high[1]!; j++) {
        const row = columns * (j + rows * k);
        for (let i = low[0]!; i <= high[0]!; i++) {
          const value = mrc.data[row + i]!;
          if (value > level && !empty?.[row + i] && !leftOut?.[row + i])
            found.push(ppi.data[row + i]! / value);
        }
      }
    }
  }
  return found.sort((a, b) => a - b);
}
