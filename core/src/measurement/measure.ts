import { itemAt } from '../items';
import { isGraded, perEar, perOrgan } from '../registry';
import type { EarAbsence, EarFinding, PreparedStudy } from '../study';
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
  type Vector3,
  type VolumeMeasurement,
  type Warning,
} from '../types';
import { sameGrid, voxelVolume } from '../volume';
import { absencesOf, absentEarWarnings } from './absentEars';
import { alignmentDoubt } from './alignmentDoubt';
import { automaticRatiosOf, type RatiosOfOrgans } from './automaticRatios';
import { countEndolymph } from './countEndolymph';
import { alignmentError, type AlignmentError } from './alignmentError';
import { emptySliceOf, emptySliceWarning } from './emptySlice';
import { suggestGrade } from './grade';
import { withFiniteValues, withKnownWarnings } from './knownWarnings';
import { isUnchanged, maskOrigins, type MaskOrigins } from './maskOrigin';
import { mixtureFractions, mixtureWarnings } from './mixture';
import { estimateNoise, type NoiseEstimate } from './noise';
import { collectOrgans, measuredVoxels, type OrganVoxels } from './organVoxels';
import { qualityWarnings } from './quality';
import { automaticSlices } from './automaticSlices';
import { measureSlices, type CountedSlice, type SliceChoices } from './slices';
import { applyWarnings } from './applyWarnings';

/** What belongs to a region as it was found or stored, and every measurement of it needs. */
export interface RegionContext {
  /** On MRC's grid, values of `ANATOMY`; the labels stand in for it when absent. */
  anatomy?: Uint8Array;
  ears?: EarFinding[];
  /** Ears that the network looked for in vain. */
  absent?: EarAbsence[];
  /**
   * The labels before any edit: the network's own, or those of a stored result; absent where no network made any.
   */
  automatic?: LabelVolume;
  /** Origin of `automatic`, if it is a stored result that had been edited. */
  origins?: MaskOrigins;
  /** What regions gave that had been edited in `automatic` already, as it was stored. */
  automaticRatios?: RatiosOfOrgans;
  /**
   * LPS mm: middles of the ears about which the series were aligned, where no network found them; a region of other software
   * says where its ears are.
   */
  centers?: Vector3[];
  /** Slices k that the rules chose when the region was made, where they cannot be found again. */
  automaticSlices?: SliceChoices;
  /** Who chose method, roles and ear positions; all automatic where absent. */
  choices?: Choices;
  /**
   * Found when the region was made or stored, and not to be found again: of reading, of the network's anatomy, of the
   * software. Those of an ear or organ hold until its region is edited, unless they say how it was obtained.
   */
  warnings?: Warning[];
  model: ModelIdentity | null;
}

export interface MeasureInput extends RegionContext {
  prepared: PreparedStudy;
  /** On MRC's grid. */
  labels: LabelVolume;
  /** Slices k that the reader chose; for other organs the automatic slices are used. */
  representativeSlices?: Partial<Record<EarSide, Partial<Record<Organ, number | null>>>>;
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
 * representative slice and by volume over the stack; voxels at which a series was not measured (padding) are not
 * counted; what a warning voids is marked so (`applyWarnings`). An
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
      `The segmentation (${labels.size.join(' × ')} voxels) is not on the grid of MRC ` +
        `(${prepared.mrc.size.join(' × ')} voxels).`,
      'Load the segmentation that was made for this MRC series, or resample it to the grid of MRC.'
    );
  }
  const organs = collectOrgans(labels);
  const measured = organs.map((voxels) => measuredVoxels(voxels, prepared));
  const noise = estimateNoise(prepared);
  const mixtures = mixtureFractions(prepared, measured);
  const { slices: automatic, warnings: ofSlices } = automaticSlices(input);
  const originOf = maskOrigins(labels, input.automatic, input.origins);
  const doubt = alignmentDoubt(prepared);

  const measureOrgan = (voxels: OrganVoxels, whole: OrganVoxels): OrganMeasurement => {
    const chosen = input.representativeSlices?.[voxels.ear]?.[voxels.organ] ?? null;
    const byRules = automatic[voxels.ear][voxels.organ];
    const k = chosen ?? byRules;
    const mayBeOff = noise && alignmentError(prepared, voxels.indices);
    const slices = measureSlices(prepared, voxels, noise, mayBeOff);
    // Where nothing on the slice was measured, what is counted is void (`signal-missing`); the region is there.
    const counted =
      slices.find((slice) => slice.k === k) ??
      measureSlices(prepared, whole, noise, null).find((slice) => slice.k === k);
    const chosenBy = chosen === null ? 'automatic' : 'reader';
    const area = counted ? areaOf(prepared, counted, chosenBy, byRules) : null;
    const emptySlice =
      k !== null && area === null
        ? emptySliceOf(prepared.images, { k, chosenBy, automatic: byRules })
        : null;
    if (emptySlice) ofSlices.push(emptySliceWarning(voxels, emptySlice));
    const volume = measureVolume(prepared, voxels, noise, mayBeOff);
    const result: OrganMeasurement = {
      measurable: true,
      voided: {},
      area,
      ...(emptySlice && { emptySlice }),
      volume,
      mixture: mixtures.get(voxels) ?? null,
      slices: slices.map(({ measured }) => measured),
      mask: originOf(voxels),
    };
    if (result.mask === 'edited') {
      result.automatic = automaticRatiosOf(prepared, input, voxels, byRules);
    }
    if (isGraded(voxels.organ)) {
      const next = (step: number) =>
        slices.find((slice) => slice.k === (k ?? NaN) + step)?.measured ?? null;
      result.grade =
        area && suggestGrade({ area, neighbours: [next(-1), next(1)], volume, alignment: doubt });
    }
    return result;
  };

  const ears: Record<EarSide, EarMeasurement | null> = perEar(() => null);
  organs.forEach((whole, n) => {
    const ear = ears[whole.ear] ?? perOrgan(() => null);
    ear[whole.organ] = measureOrgan(itemAt(measured, n), whole);
    ears[whole.ear] = ear;
  });
  const absentEars = absencesOf(ears, input.absent ?? []);
  const found: Warning[] = [
    ...absentEarWarnings(absentEars),
    ...qualityWarnings({
      prepared,
      organs,
      measured,
      ears,
      anatomy: input.anatomy ?? null,
      findings: input.ears ?? [],
    }),
  ];
  const warnings = withKnownWarnings(
    [...prepared.warnings, ...ofSlices, ...mixtureWarnings(mixtures), ...found],
    input.warnings ?? [],
    isUnchanged(labels, input.automatic)
  ).map(withFiniteValues);
  return {
    schema: 'inner-ear-hydrops/measurement@2',
    notice: RESEARCH_NOTICE,
    study: { ...prepared.header },
    model: input.model,
    method: prepared.method,
    ears: applyWarnings(ears, warnings, prepared.method),
    absentEars,
    choices: input.choices ?? AUTOMATIC_CHOICES,
    ...positionsOf(input.ears ?? []),
    warnings,
    alignment: prepared.alignment,
    timings: { ...input.timings },
  };
}

function positionsOf(ears: readonly EarFinding[]): Pick<Measurement, 'earPositions'> {
  if (ears.length === 0) return {};
  return { earPositions: Object.fromEntries(ears.map(({ side, center }) => [side, center])) };
}

function areaOf(
  { mrc, images }: PreparedStudy,
  { measured }: CountedSlice,
  chosenBy: ChosenBy,
  automatic: number | null
): AreaMeasurement {
  const pixel = mrc.spacing[0] * mrc.spacing[1];
  return {
    ...measured,
    totalMm2: measured.totalPixels * pixel,
    endolymphMm2: measured.endolymphPixels * pixel,
    chosenBy,
    automaticImage: automatic === null ? null : (images[automatic] ?? null),
  };
}

function measureVolume(
  prepared: PreparedStudy,
  { indices }: OrganVoxels,
  noise: NoiseEstimate | null,
  mayBeOff: AlignmentError | null
): VolumeMeasurement {
  const { ratio, total, endolymph, withinNoise, interval } = countEndolymph(
    prepared,
    indices,
    noise,
    mayBeOff
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
