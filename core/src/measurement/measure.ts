import type { EarAbsence, EarFinding, PreparedStudy } from '../analysis/analyzeStudy';
import {
  RESEARCH_NOTICE,
  RefusedInputError,
  type AreaMeasurement,
  type Choices,
  type EarMeasurement,
  type EarSide,
  type LabelVolume,
  type Measurement,
  type ModelIdentity,
  type Organ,
  type OrganMeasurement,
  type VolumeMeasurement,
  type Warning,
} from '../types';
import { sameGrid, voxelVolume } from '../volume';
import { nakashimaGrade } from './grade';
import { mixtureFractions } from './mixture';
import { estimateNoise, type NoiseEstimate } from './noise';
import { collectOrgans, type OrganVoxels } from './organVoxels';
import { qualityWarnings } from './quality';
import {
  anatomyFromLabels,
  representativeSlices,
  type RepresentativeSlices,
} from './representativeSlices';
import { normalCdf, roundEstimate } from './statistics';

export interface MeasureInput {
  prepared: PreparedStudy;
  /** On MRC's grid. */
  labels: LabelVolume;
  /** On MRC's grid, values of `ANATOMY`; the labels stand in for it when absent. */
  anatomy?: Uint8Array;
  ears?: EarFinding[];
  /** Ears that the network looked for in vain. */
  absent?: EarAbsence[];
  /** The network's own labels, against which `labels` may have been edited; absent where no network made any. */
  automatic?: LabelVolume;
  /** Who chose method, roles and ear positions; all automatic where absent. */
  choices?: Choices;
  /** Slices k that the reader chose; the automatic ones are used for the others. */
  representativeSlices?: Partial<Record<EarSide, Partial<Record<Organ, number | null>>>>;
  model: ModelIdentity | null;
  /** Milliseconds by stage, passed on to the result. */
  timings?: Record<string, number>;
}

/**
 * The EH ratios of both ears. Endolymph is where HYDROPS-Mi2 < 0 (zero is not endolymph); a ratio is
 * endolymph / all of the ROI, by area on the representative slice and by volume over the stack. An
 * ear without labels is null and so is an organ without labels. Cheap enough to run after each
 * brush stroke: one pass over the labels, the rest only over the voxels of the organs.
 *
 * @throws RefusedInputError `grid-differs` when the labels do not lie on MRC's grid.
 */
export function measure(input: MeasureInput): Measurement {
  const { prepared, labels } = input;
  if (!sameGrid(prepared.mrc, labels, 0.05)) {
    throw new RefusedInputError(
      'grid-differs',
      `The segmentation (${labels.size.join(' × ')} voxels) does not lie on the grid of MRC ` +
        `(${prepared.mrc.size.join(' × ')} voxels).`,
      'Load the segmentation that was made for this MRC series, or resample it to its grid.'
    );
  }
  const organs = collectOrgans(labels);
  const noise = estimateNoise(prepared);
  const mixtures = mixtureFractions(prepared, organs);
  const automatic = automaticSlices(input);
  const warnings: Warning[] = [...prepared.warnings];

  const measureOrgan = (voxels: OrganVoxels): OrganMeasurement => {
    const chosen = input.representativeSlices?.[voxels.ear]?.[voxels.organ];
    const slice = chosen ?? automatic[voxels.ear][voxels.organ];
    const area = slice === null ? null : measureArea(prepared, voxels, slice);
    if (slice !== null && area === null) warnings.push(emptySliceWarning(voxels, slice));
    const result: OrganMeasurement = {
      area,
      volume: measureVolume(prepared, voxels, noise),
      mixture: mixtures.get(voxels) ?? null,
    };
    if (voxels.organ === 'vestibule') {
      result.grade = area && { scheme: 'nakashima', suggested: nakashimaGrade(area.ratio) };
    }
    return result;
  };

  const ears: Record<EarSide, EarMeasurement | null> = { left: null, right: null };
  for (const voxels of organs) {
    const ear = ears[voxels.ear] ?? { cochlea: null, vestibule: null };
    ear[voxels.organ] = measureOrgan(voxels);
    ears[voxels.ear] = ear;
  }
  warnings.push(
    ...qualityWarnings({
      prepared,
      organs,
      ears,
      anatomy: input.anatomy ?? null,
      findings: input.ears ?? [],
    })
  );
  return {
    schema: 'inner-ear-hydrops/measurement@1',
    notice: RESEARCH_NOTICE,
    study: { ...prepared.header },
    model: input.model,
    method: prepared.method,
    ears,
    warnings,
    alignment: prepared.alignment,
    timings: { ...input.timings },
  };
}

/** Found once for each anatomy: an edit of the labels does not move the slices. */
const sliceCache = new WeakMap<Uint8Array, RepresentativeSlices>();

function automaticSlices({ anatomy, labels, prepared }: MeasureInput): RepresentativeSlices {
  if (!anatomy) return representativeSlices(anatomyFromLabels(labels), prepared.mrc);
  const known = sliceCache.get(anatomy);
  if (known) return known;
  const found = representativeSlices(anatomy, prepared.mrc);
  sliceCache.set(anatomy, found);
  return found;
}

function measureArea(
  prepared: PreparedStudy,
  { indices }: OrganVoxels,
  slice: number
): AreaMeasurement | null {
  const plane = prepared.mrc.size[0] * prepared.mrc.size[1];
  const first = slice * plane;
  const { data } = prepared.hydropsMi2;
  let total = 0;
  let endolymph = 0;
  for (const n of indices) {
    if (n < first || n >= first + plane) continue;
    total++;
    if (data[n] < 0) endolymph++;
  }
  if (total === 0) return null;
  const pixel = prepared.mrc.spacing[0] * prepared.mrc.spacing[1];
  return {
    ratio: endolymph / total,
    totalPixels: total,
    endolymphPixels: endolymph,
    totalMm2: total * pixel,
    endolymphMm2: endolymph * pixel,
    slice,
    sopInstanceUid: prepared.sopInstanceUids[slice] ?? '',
  };
}

function measureVolume(
  prepared: PreparedStudy,
  { indices }: OrganVoxels,
  noise: NoiseEstimate | null
): VolumeMeasurement {
  const { data } = prepared.hydropsMi2;
  const hydrops = prepared.hydrops.data;
  let endolymph = 0;
  let within = 0;
  let expected = 0;
  let variance = 0;
  for (const n of indices) {
    if (data[n] < 0) endolymph++;
    if (!noise) continue;
    const score = hydrops[n] / noise.hydrops;
    if (Math.abs(score) <= 1.96) within++;
    const negative = normalCdf(-score);
    expected += negative;
    variance += negative * (1 - negative);
  }
  const total = indices.length;
  const voxel = voxelVolume(prepared.mrc);
  const ratio = endolymph / total;
  let interval: [number, number] | null = null;
  if (noise) {
    // Noise also pulls the count towards one half: the interval reaches as far as it may have done.
    const reach = (1.96 * Math.sqrt(variance)) / total;
    const pull = expected / total - ratio;
    interval = [
      roundEstimate(Math.max(0, ratio - reach - Math.max(0, pull))),
      roundEstimate(Math.min(1, ratio + reach + Math.max(0, -pull))),
    ];
  }
  return {
    ratio,
    totalVoxels: total,
    endolymphVoxels: endolymph,
    totalMm3: total * voxel,
    endolymphMm3: endolymph * voxel,
    withinNoise: noise ? within / total : null,
    interval,
  };
}

function emptySliceWarning({ ear, organ }: OrganVoxels, slice: number): Warning {
  return {
    code: 'representative-slice-empty',
    message:
      `The ${ear} ${organ} has no pixel on its representative slice ${slice + 1}: ` +
      'there is no area ratio. Choose another slice.',
    ear,
    values: { organ, slice: slice + 1 },
  };
}
