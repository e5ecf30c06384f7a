import type { EarFinding, PreparedStudy } from '../../study';
import type { EarMeasurement, EarSide, Warning } from '../../types';
import { voxelVolume } from '../../volume';
import { fluidReference } from '../fluidReference';
import { misplacementWarnings, organPlaceWarnings } from '../organPlaces';
import type { OrganVoxels } from '../organVoxels';
import { auditoryCanalWarnings } from './auditoryCanal';
import { contrastWarnings } from './contrast';
import { coverageWarnings } from './coverage';
import { edgeWarnings } from './edges';
import { enhancementWarnings } from './enhancement';
import { signalGapWarnings } from './signalGaps';
import { imageFaultWarnings } from './imageFaults';
import { asymmetryWarnings, geometryWarnings, polarityWarnings, scalingWarnings } from './images';
import { islandWarnings } from './islands';
import { offFluidWarnings } from './offFluid';
import { regionWarnings } from './region';

export { imageFaultWarnings } from './imageFaults';
export { offFluid, organsOffFluid } from './offFluid';

export interface QualityInput {
  prepared: PreparedStudy;
  organs: OrganVoxels[];
  /** Their voxels at which all series were measured. */
  measured: OrganVoxels[];
  /** What was measured of them. */
  ears: Record<EarSide, EarMeasurement | null>;
  anatomy: Uint8Array | null;
  findings: EarFinding[];
}

/**
 * What a reader should know before trusting the ratios; empty for a sound study. Codes:
 * - of the images: `geometry-coarse`, `geometry-resampled`, `csf-not-negative`, `scaling-unusual`,
 *   `coil-asymmetry`, `images-blank`, `images-out-of-line`;
 * - of the network: `confidence-not-judged`;
 * - per ear or organ: `signal-missing`, `brightness-out-of-line`, `mrc-out-of-line` (ear);
 * - of drawn regions: `laterality-wrong`, `organs-exchanged`, `roi-off-fluid` (organ);
 * - per ear: `organs-out-of-place`, `perilymph-not-enhanced`, `perilymph-weakly-enhanced`, `enhancement-unequal` (HYDROPS2);
 * - per organ (`organ`): `roi-not-covered`, `roi-cut-off`, `roi-in-parts`, `roi-part-far`, `roi-in-auditory-canal`, `roi-volume-unusual`,
 *   `noise-high`, `contrast-low`, `low-confidence`.
 *
 * Motion is warned of where it is found (`alignToMrc`). Thresholds were set on phantoms.
 */
export function qualityWarnings(input: QualityInput): Warning[] {
  const { prepared, organs, measured, anatomy } = input;
  const reference = fluidReference(prepared);
  return [
    ...geometryWarnings(prepared),
    ...imageFaultWarnings(prepared, organs),
    ...signalGapWarnings(prepared, organs),
    ...(reference ? polarityWarnings(prepared, reference) : []),
    ...(reference ? scalingWarnings(prepared, reference) : []),
    ...asymmetryWarnings(prepared, measured),
    ...(reference ? enhancementWarnings(prepared, measured, reference) : []),
    ...contrastWarnings(prepared, measured),
    ...(reference ? auditoryCanalWarnings(prepared, organs, anatomy, reference) : []),
    ...coverageWarnings(prepared, organs),
    ...edgeWarnings(prepared, organs),
    ...islandWarnings(prepared.mrc, organs),
    ...misplacementWarnings(prepared.mrc, organs, input.ears),
    ...offFluidWarnings(prepared.mrc, organs, input.ears),
    ...organPlaceWarnings(prepared.mrc, organs),
    ...regionWarnings(input, voxelVolume(prepared.mrc)),
  ];
}
