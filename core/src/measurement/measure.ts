import type { EarAbsence, EarFinding, PreparedStudy } from '../analysis/analyzeStudy';
import {
  RESEARCH_NOTICE,
  RefusedInputError,
  type AreaMeasurement,
  type ChosenBy,
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
import { imageName, sameGrid, voxelVolume } from '../volume';
import { absentEarWarnings } from './absentEars';
import { countEndolymph } from './countEndolymph';
import { suggestGrade } from './grade';
import { maskOrigins } from './maskOrigin';
import { mixtureFractions } from './mixture';
import { estimateNoise, type NoiseEstimate } from './noise';
import { collectOrgans, type OrganVoxels } from './organVoxels';
import { qualityWarnings } from './quality';
import {
  anatomyFromLabels,
  representativeSlices,
  type RepresentativeSlices,
} from './representativeSlices';
import { measureSlices, type CountedSlice } from './slices';
import { applyWarnings } from './applyWarnings';

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

/** Nobody chose but the software. */
export const AUTOMATIC_CHOICES: Choices = {
  method: 'automatic',
  roles: { mrc: 'automatic', ppi: 'automatic', pei: 'automatic' },
  ears: { left: 'automatic', right: 'automatic' },
};

/**
 * The EH ratios of both ears. A ratio is endolymph (`prepared.endolymph`) / all of the ROI, by area on the
 * representative slice and by volume over the stack; what a warning voids is marked so (`applyWarnings`). An
 * ear without labels is null, which a warning says, and so is an organ without labels. Cheap enough to run
 * after each brush stroke: one pass over the labels, the rest only over the voxels of the organs.
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
  const originOf = maskOrigins(labels, input.automatic);
  const warnings: Warning[] = [...prepared.warnings];

  const measureOrgan = (voxels: OrganVoxels): OrganMeasurement => {
    const chosen = input.representativeSlices?.[voxels.ear]?.[voxels.organ] ?? null;
    const k = chosen ?? automatic[voxels.ear][voxels.organ];
    const slices = measureSlices(prepared, voxels, noise);
    const at = slices.findIndex((slice) => slice.k === k);
    const chosenBy = chosen === null ? 'automatic' : 'reader';
    const area = at < 0 ? null : areaOf(prepared, slices[at], chosenBy);
    if (k !== null && area === null) warnings.push(emptySliceWarning(prepared, voxels, k));
    const volume = measureVolume(prepared, voxels, noise);
    const result: OrganMeasurement = {
      measurable: true,
      voided: {},
      area,
      volume,
      mixture: mixtures.get(voxels) ?? null,
      slices: slices.map(({ measured }) => measured),
      mask: originOf(voxels),
    };
    if (voxels.organ === 'vestibule') {
      const next = (step: number) =>
        slices.find((slice) => slice.k === slices[at].k + step)?.measured ?? null;
      result.grade = area && suggestGrade({ area, neighbours: [next(-1), next(1)], volume });
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
    ...absentEarWarnings(ears, input.absent ?? []),
    ...qualityWarnings({
      prepared,
      organs,
      ears,
      anatomy: input.anatomy ?? null,
      findings: input.ears ?? [],
    })
  );
  return {
    schema: 'inner-ear-hydrops/measurement@2',
    notice: RESEARCH_NOTICE,
    study: { ...prepared.header },
    model: input.model,
    method: prepared.method,
    ears: applyWarnings(ears, warnings, prepared.method),
    choices: input.choices ?? AUTOMATIC_CHOICES,
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

function areaOf(
  { mrc }: PreparedStudy,
  { measured }: CountedSlice,
  chosenBy: ChosenBy
): AreaMeasurement {
  const pixel = mrc.spacing[0] * mrc.spacing[1];
  return {
    ...measured,
    totalMm2: measured.totalPixels * pixel,
    endolymphMm2: measured.endolymphPixels * pixel,
    chosenBy,
  };
}

function measureVolume(
  prepared: PreparedStudy,
  { indices }: OrganVoxels,
  noise: NoiseEstimate | null
): VolumeMeasurement {
  const { ratio, total, endolymph, withinNoise, interval } = countEndolymph(
    prepared,
    indices,
    noise
  );
  const voxel = voxelVolume(prepared.mrc);
  return {
    ratio,
    totalVoxels: total,
    endolymphVoxels: endolymph,
    totalMm3: total * voxel,
    endolymphMm3: endolymph * voxel,
    withinNoise,
    interval,
  };
}

function emptySliceWarning(
  { images }: PreparedStudy,
  { ear, organ }: OrganVoxels,
  k: number
): Warning {
  const image = images.at(k);
  return {
    code: 'representative-slice-empty',
    message:
      `The ${ear} ${organ} has no pixel on its representative slice` +
      `${image ? ` (${imageName(image)})` : ''}: there is no area ratio. Choose another slice.`,
    ear,
    organ,
    ...(image ? { values: { sopInstanceUid: image.sopInstanceUid } } : {}),
  };
}
