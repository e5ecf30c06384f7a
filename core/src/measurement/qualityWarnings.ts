import type { PreparedStudy, EarFinding } from '../analysis/analyzeStudy';
import type { Warning } from '../types';
import type { OrganVoxels } from './organVoxels';

export interface QualityInput {
  prepared: PreparedStudy;
  organs: OrganVoxels[];
  anatomy: Uint8Array | null;
  findings: EarFinding[];
}

/** What a reader should know before trusting the ratios; empty for a sound study. */
export function qualityWarnings(_input: QualityInput): Warning[] {
  return [];
}
