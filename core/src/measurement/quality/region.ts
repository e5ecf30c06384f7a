import type { EarFinding } from '../../study';
import type { EarMeasurement, EarSide, Organ, Warning } from '../../types';
import { EAR_SIDES, ORGANS, ORGAN_KEYS } from '../../registry';
import type { OrganVoxels } from '../organVoxels';

/** Share of an organ's voxels whose |PPI − PEI| may lie within the noise. */
const MAX_WITHIN_NOISE = 0.7;

type Ears = Record<EarSide, EarMeasurement | null>;

/**
 * ROI volumes that no ear has, noise, and an unsure network.
 *
 * @param voxelMm3 volume of a voxel, for the region as it was drawn: what of it was not measured belongs to it
 */
export function regionWarnings(
  {
    ears,
    organs,
    findings,
  }: { ears: Ears; organs: readonly OrganVoxels[]; findings: EarFinding[] },
  voxelMm3: number
): Warning[] {
  const warnings: Warning[] = [];
  for (const ear of EAR_SIDES) {
    for (const organ of ORGAN_KEYS) {
      const volume = ears[ear]?.[organ]?.volume;
      const region = organs.find((candidate) => candidate.ear === ear && candidate.organ === organ);
      if (!volume || !region) continue;
      warnings.push(
        ...volumeWarning(ear, organ, region.indices.length * voxelMm3),
        ...noiseWarning(ear, organ, volume.withinNoise),
        ...confidenceWarning(findings, ear, organ)
      );
    }
  }
  return [...warnings, ...notJudgedWarning(ears, findings)];
}

function volumeWarning(ear: EarSide, organ: Organ, volume: number): Warning[] {
  const [least, most] = ORGANS[organ].expectedVolume;
  if (volume >= least && volume <= most) return [];
  return [
    {
      code: 'roi-volume-unusual',
      message:
        `The region of the ${ear} ${organ} has ${volume.toFixed(0)} mm³; ${least} to ${most} mm³ are expected. ` +
        'Check its outline on all slices, and whether the stack holds the whole organ.',
      ear,
      organ,
      values: { volume, least, most },
    },
  ];
}

function noiseWarning(ear: EarSide, organ: Organ, share: number | null): Warning[] {
  if (share === null || share <= MAX_WITHIN_NOISE) return [];
  return [
    {
      code: 'noise-high',
      message:
        `In the ${ear} ${organ} PPI and PEI differ by no more than the noise in ${(100 * share).toFixed(0)} % ` +
        'of the voxels: there the sign of HYDROPS is close to chance. Look at the interval of the ratio.',
      ear,
      organ,
      values: { withinNoise: share },
    },
  ];
}

/** Judged by the thresholds of the network that made the region; those of another would say nothing. */
function confidenceWarning(findings: EarFinding[], ear: EarSide, organ: Organ): Warning[] {
  const finding = findings.find(({ side }) => side === ear);
  const threshold = finding?.confidenceThresholds?.[organ];
  if (!finding || threshold === undefined) return [];
  const confidence = finding.confidence[organ];
  if (confidence >= threshold) return [];
  return [
    {
      code: 'low-confidence',
      message:
        `The network is unsure of the ${ear} ${organ} (mean probability ${(100 * confidence).toFixed(1)} %, ` +
        `threshold ${(100 * threshold).toFixed(1)} %): check the outline.`,
      ear,
      organ,
      values: { confidence, threshold },
    },
  ];
}

/** Once for both ears: silence about confidence must not look like confidence. */
function notJudgedWarning(ears: Ears, findings: EarFinding[]): Warning[] {
  const unjudged = ({ side, confidenceThresholds }: EarFinding) =>
    ears[side] !== null && confidenceThresholds === null;
  if (!findings.some(unjudged)) return [];
  return [
    {
      code: 'confidence-not-judged',
      message:
        'The confidence of this network is not judged, because its manifest states no confidence thresholds: ' +
        'check every outline.',
      ear: null,
    },
  ];
}
