import { mapAxes } from '../axes';
import { median } from '../statistics';
import type { PreparedStudy } from '../study';
import type { EarOffset, Geometry, Vector3, Volume } from '../types';
import { cropOf, distance, dot, makeSampler, voxelToWorld, type Sampler } from '../volume';

/** What alignment may have left of an error in the count of an organ. */
export interface AlignmentError {
  /** If PPI stood a little elsewhere against PEI: per displacement, 1 for each voxel that then is endolymph. */
  displaced: readonly Uint8Array[];
  /** Standard deviation of HYDROPS because a series was interpolated; 0 where both are as they were stored. */
  deviation: number;
}

/** Standard error (mm) taken where PPI could not be found on PEI: from there on an estimate is not used. */
const UNKNOWN = 0.3;
/** Of a normal distribution: 95 % lie within. */
const WITHIN_95 = 1.96;

/**
 * Error of an interpolated value in units of the organ's fluid, per mm of pixel: another acquisition half a pixel aside differs
 * by 0.07 to 0.17 at 0.5 mm and by 0.10 to 0.25 at 0.77 mm (phantoms; docs/method.md).
 */
const INTERPOLATED = 0.2;

/**
 * The endolymph of an organ with PPI where it is found on PEI, if it was left elsewhere, and displaced from there by as much as
 * that may be off (1.96 standard errors) along each axis of the grid and between the axes, and what interpolation may have done. PPI less PEI is the measurement, and
 * in some ears a tenth of a pixel between them moves the ratio more than all noise: an interval without this would promise
 * too much. Null for methods without PEI.
 *
 * @param indices positions in `Volume.data`
 */
export function alignmentError(
  { mrc, ppi, pei, alignment, method, missing }: PreparedStudy,
  indices: Int32Array
): AlignmentError | null {
  if (!pei || method !== 'hydrops-mi2' || indices.length === 0) return null;
  const { standardError = UNKNOWN, left = [] } = alignment.ppi.againstPei ?? {};
  const reach = WITHIN_95 * Math.min(standardError, UNKNOWN);
  const { sample, low } = sampleAround(missing ? { ...ppi, missing } : ppi, indices);
  const [columns, rows] = mrc.size;
  const offset = alongAxes(mrc, offsetNear(left, voxelToWorld(mrc, low)));
  const displaced = [NOWHERE, ...DIRECTIONS].map((direction) => {
    const by = mapAxes(direction, (x, axis) => (x * reach + offset[axis]) / mrc.spacing[axis]);
    return Uint8Array.from(indices, (n) => {
      const i = (n % columns) - low[0] + by[0];
      const j = (Math.floor(n / columns) % rows) - low[1] + by[1];
      const k = Math.floor(n / (columns * rows)) - low[2] + by[2];
      return (sample(i, j, k) - pei.data[n]!) * mrc.data[n]! < 0 ? 1 : 0;
    });
  });
  const isStored = [alignment.ppi, alignment.pei].every(
    (report) => report?.interpolation === 'none'
  );
  const fluid = median(Array.from(indices, (n) => Math.max(ppi.data[n]!, pei.data[n]!)));
  const pixel = Math.max(mrc.spacing[0], mrc.spacing[1]);
  return { displaced, deviation: isStored ? 0 : INTERPOLATED * pixel * fluid };
}

/** What is left of PPI's displacement at the ear of a place, LPS mm. */
function offsetNear(left: readonly EarOffset[], place: Vector3): Vector3 {
  const [near] = [...left].sort((a, b) => distance(a.center, place) - distance(b.center, place));
  return near?.offset ?? NOWHERE;
}

/** A vector in the patient as mm along the axes of a grid. */
function alongAxes({ direction: d }: Geometry, vector: Vector3): Vector3 {
  return mapAxes([0, 1, 2], (axis) =>
    dot([d[3 * axis]!, d[3 * axis + 1]!, d[3 * axis + 2]!], vector)
  );
}

const NOWHERE: Vector3 = [0, 0, 0];
/** Unit vectors to the faces and to the corners of a cube. */
const DIRECTIONS: readonly Vector3[] = [-1, 0, 1].flatMap((x) =>
  [-1, 0, 1].flatMap((y) =>
    [-1, 0, 1].flatMap((z): Vector3[] => {
      const length = Math.hypot(x, y, z);
      const isFaceOrCorner =
        Math.abs(x * y * z) === 1 || Math.abs(x) + Math.abs(y) + Math.abs(z) === 1;
      return isFaceOrCorner ? [[x / length, y / length, z / length]] : [];
    })
  )
);

/** Voxels about an organ that its interpolation needs. */
const MARGIN = 6;

function sampleAround(volume: Volume, indices: Int32Array): { sample: Sampler; low: Vector3 } {
  const [columns, rows] = volume.size;
  const low: Vector3 = [Infinity, Infinity, Infinity];
  const high: Vector3 = [0, 0, 0];
  for (const n of indices) {
    [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))].forEach(
      (x, axis) => {
        low[axis] = Math.min(low[axis]!, x);
        high[axis] = Math.max(high[axis]!, x);
      }
    );
  }
  const from = low.map((x) => Math.max(0, x - MARGIN)) as Vector3;
  const to = high.map((x, axis) => Math.min(volume.size[axis]! - 1, x + MARGIN)) as Vector3;
  const size = to.map((x, axis) => x - from[axis]! + 1) as Vector3;
  return { sample: makeSampler(cropOf(volume, from, size), 'cubic'), low: from };
}
