import type { PreparedStudy } from '../analysis/analyzeStudy';
import type { MixtureMeasurement } from '../types';
import type { OrganVoxels } from './organVoxels';

export function mixtureFraction(
  _prepared: PreparedStudy,
  _ear: OrganVoxels[],
  _organ: OrganVoxels
): MixtureMeasurement | null {
  return null;
}
