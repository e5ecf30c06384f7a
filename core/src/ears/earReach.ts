import { EAR_REACH, EARS } from '../registry';
import type { EarSide, Vector3 } from '../types';
import { distance } from '../volume/geometry';

/**
 * True where a voxel cannot belong to an ear. The rule knows the patient only, never the image:
 * - an ear ends `EAR_REACH` from its middle, and where the other ear is nearer;
 * - an ear that was not found begins `EAR_REACH` to its own side of the other ear, along the patient's x;
 * - where neither was found, nothing is beyond.
 *
 * @param point LPS mm
 * @param centers LPS mm: the middle of each ear that is known.
 */
export function isBeyondEar(
  point: Vector3,
  ear: EarSide,
  centers: Partial<Record<EarSide, Vector3>>
): boolean {
  const own = centers[ear];
  const other = centers[ear === 'left' ? 'right' : 'left'];
  if (own) {
    const away = distance(point, own);
    return away > EAR_REACH || (other !== undefined && distance(point, other) < away);
  }
  if (!other) return false;
  const lateral = EARS[ear].lateral * (point[0] - other[0]);
  return lateral < EAR_REACH;
}
