import type { EarFinding, PreparedStudy } from '../../analysis/analyzeStudy';
import type { EarMeasurement, EarSide, Warning } from '../../types';
import { fluidReference } from '../fluidReference';
import type { OrganVoxels } from '../organVoxels';
import { auditoryCanalWarnings } from './auditoryCanal';
import { enhancementWarnings } from './enhancement';
import { asymmetryWarnings, geometryWarnings, scalingWarnings } from './images';
import { regionWarnings } from './region';

export interface QualityInput {
  prepared: PreparedStudy;
  organs: OrganVoxels[];
  /** What was measured of them. */
  ears: Record<EarSide, EarMeasurement | null>;
  anatomy: Uint8Array | null;
  findings: EarFinding[];
}

/**
 * What a reader should know before trusting the ratios; empty for a sound study. Codes:
 * `geometry-coarse`, `geometry-resampled`, `scaling-unusual`, `coil-asymmetry` of the images;
 * `perilymph-not-enhanced`, `perilymph-weakly-enhanced` per ear; `roi-in-auditory-canal`,
 * `roi-volume-unusual`, `noise-high`, `low-confidence` per organ (`values.organ`). Motion is warned of
 * where it is found (`alignToMrc`). Thresholds were set on phantoms and say nothing about patients.
 */
export function qualityWarnings(input: QualityInput): Warning[] {
  const { prepared, organs, anatomy } = input;
  const reference = fluidReference(prepared);
  return [
    ...geometryWarnings(prepared),
    ...(reference ? scalingWarnings(prepared, reference) : []),
    ...asymmetryWarnings(prepared, organs),
    ...(reference ? enhancementWarnings(prepared, organs, reference) : []),
    ...(reference ? auditoryCanalWarnings(prepared, organs, anatomy, reference) : []),
    ...regionWarnings(input.ears, input.findings),
  ];
}
