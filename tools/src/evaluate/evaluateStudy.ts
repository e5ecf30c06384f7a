import {
  ANATOMY,
  EAR_SIDES,
  type EarFinding,
  EARS,
  type EarSide,
  type Organ,
  ORGAN_KEYS,
  type PreparedStudy,
  prepareStudy,
  RefusedInputError,
  type RepresentativeSlices,
  representativeSlices,
  RIGHT_EAR_OFFSET,
  type Segmenter,
  type Vector3,
  type Volume,
  perAxis,
  AXES,
} from '@inner-ear-hydrops/core';
import { chosenSlices, type ChosenSlices, type Coverage } from '../dataset/coverage';
import { isWholeEar } from '../dataset/knownOrgans';
import type { LoadedStudy } from '../dataset/labelledStudy';
import {
  compareOnSlice,
  distanceOfSlices,
  onSlices,
  referenceSlices,
  type CommonSlice,
  type RatioPair,
  type SliceDistance,
} from './commonSlice';
import { whyWithout, type Without } from './figureCounts';
import { dice, intersectionOverUnion, overlapOf } from './overlap';
import { ratioKey, ratiosOf, type Ratios } from './ratios';
import { compareSurfaces, IN_PLANE, surfaceOf } from './surfaces';

/** Millimetres that count as the same surface. */
export const SURFACE_TOLERANCE = 0.5;

const ORGAN_CODES: readonly (readonly [Organ, number])[] = ORGAN_KEYS.map((organ) => [
  organ,
  ANATOMY[organ],
]);

/** One organ: what was annotated against what a model found. */
export interface OrganResult {
  ear: EarSide;
  organ: Organ;
  /** Chosen slices that were annotated and are compared; null where the whole stack was. */
  annotatedSlices: number | null;
  iou: number;
  dice: number;
  surfaceDice: number;
  /** mm; null where the organ was not found. */
  hausdorff95: number | null;
  /** mm³ */
  annotatedVolume: number;
  foundVolume: number;
  /** Mean probability of the organ's voxels, 0–1; null where the organ was not found. */
  confidence: number | null;
  /** EH ratio by volume; null without PPI and PEI, and where only chosen slices were annotated. */
  volumeRatio: RatioPair | null;
  /** By area, each on the slice that the rules choose for its own region, as the viewer shows it. */
  areaRatio: RatioPair | null;
  /** Both on the slice of the annotation; null where the annotation has none. */
  commonSlice: CommonSlice | null;
  /** Between the slice of the annotation and that of the model; null where the model found no organ. */
  sliceDistance: SliceDistance | null;
  without: Without;
  /** For phantoms: exact share of endolymph, which counting voxels need not reach. */
  exactRatio: number | null;
}

export interface EarResult {
  ear: EarSide;
  annotated: boolean;
  /** Both organs overlap the annotated organs. */
  found: boolean;
  /** The model labelled an ear where the annotation knows of none. */
  invented: boolean;
}

export interface StudyResultOfModel {
  study: string;
  patient: string;
  /** Columns, rows, slices spacing of MRC, mm. */
  spacing: Vector3;
  ears: EarResult[];
  organs: OrganResult[];
  milliseconds: number;
  /** Why the study was refused, when it was. */
  refused: string | null;
}

/** What the annotation says, computed once for all models. */
export interface Reference {
  loaded: LoadedStudy;
  prepared: PreparedStudy | null;
  ratios: Ratios;
  /** Where the annotation says anything. */
  chosen: ChosenSlices;
  /** Slice k that stands for each annotated organ. */
  slices: RepresentativeSlices;
}

/**
 * Aligns PPI and PEI about the annotated ears and measures inside the annotated regions.
 * @param coverage which of the annotated organs are whole
 * @param prepare how the three series are brought onto one grid
 */
export function measureReference(
  loaded: LoadedStudy,
  coverage: Coverage,
  prepare = prepareStudy
): Reference {
  const { series, mrc, anatomy } = loaded;
  const chosen = chosenSlices(coverage);
  const common = { loaded, chosen, slices: referenceSlices(loaded, chosen) };
  if (!series.ppi || !series.pei) return { ...common, prepared: null, ratios: new Map() };
  const prepared = prepare(series, { centers: centersOf(mrc.volume, anatomy) });
  return { ...common, prepared, ratios: ratiosOf(prepared, anatomy) };
}

/** Runs a model over one study and compares. */
export async function evaluateStudy(
  name: string,
  patient: string,
  reference: Reference,
  segmenter: Segmenter
): Promise<{ result: StudyResultOfModel; anatomy: Uint8Array }> {
  const { loaded, prepared } = reference;
  const { volume } = loaded.mrc;
  const started = performance.now();
  let anatomy = new Uint8Array(volume.data.length);
  let refused: string | null = null;
  let findings: EarFinding[] = [];
  try {
    const segmentation = await segmenter.segment(volume, {});
    anatomy = Uint8Array.from(segmentation.anatomy);
    findings = segmentation.ears;
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    refused = error.code;
  }
  const milliseconds = performance.now() - started;
  const found: Found = {
    anatomy,
    ratios: prepared && !refused ? ratiosOf(prepared, anatomy) : new Map(),
    slices: representativeSlices(anatomy, volume),
  };
  const result: StudyResultOfModel = {
    study: name,
    patient,
    spacing: volume.spacing,
    ears: [],
    organs: [],
    milliseconds,
    refused,
  };
  for (const ear of EAR_SIDES) {
    const organs = ORGAN_CODES.flatMap(([organ, code]) => {
      const value = code + EARS[ear].anatomyOffset;
      const overlap = overlapOf(loaded.anatomy, anatomy, value);
      if (overlap.truth === 0) return [];
      const finding = findings.find((entry) => entry.side === ear);
      const confidence = overlap.found > 0 ? (finding?.confidence[organ] ?? null) : null;
      return [{ ...compareOrgan(reference, found, ear, organ, value), confidence }];
    });
    const codes = ORGAN_CODES.map(([, code]) => code + EARS[ear].anatomyOffset);
    const labelled = codes.some((code) => anatomy.includes(code));
    result.organs.push(...organs);
    result.ears.push({
      ear,
      annotated: organs.length > 0,
      found: organs.length > 0 && organs.every((entry) => entry.iou > 0),
      // An ear that nobody annotated may be there.
      invented: organs.length === 0 && labelled && isWholeEar(loaded.known, ear),
    });
  }
  return { result, anatomy };
}

/** What a model found in a study. */
interface Found {
  anatomy: Uint8Array;
  ratios: Ratios;
  slices: RepresentativeSlices;
}

function compareOrgan(
  { loaded, prepared, ratios, chosen, slices }: Reference,
  found: Found,
  ear: EarSide,
  organ: Organ,
  code: number
): Omit<OrganResult, 'confidence'> {
  const { size, spacing } = loaded.mrc.volume;
  const compared = chosen[ear][organ];
  const seen = onSlices(found.anatomy, size, compared);
  const overlap = overlapOf(loaded.anatomy, seen, code);
  const voxel = spacing[0] * spacing[1] * spacing[2];
  const across = compared ? IN_PLANE : undefined;
  const surfaces = compareSurfaces(
    surfaceOf(loaded.anatomy, size, spacing, code, across),
    surfaceOf(seen, size, spacing, code, across),
    SURFACE_TOLERANCE
  );
  const key = ratioKey(ear, organ);
  const [expected, measured] = [ratios.get(key), found.ratios.get(key)];
  const k = slices[ear][organ];
  const figures = {
    hausdorff95: surfaces.hausdorff95,
    volumeRatio:
      expected && measured && !compared
        ? { reference: expected.volume, measured: measured.volume }
        : null,
    areaRatio:
      expected?.area != null && measured?.area != null
        ? { reference: expected.area, measured: measured.area }
        : null,
    commonSlice:
      k === null
        ? null
        : compareOnSlice([loaded.anatomy, found.anatomy], size, code, k, [expected, measured]),
    sliceDistance: distanceOfSlices(k, found.slices[ear][organ], spacing[2]),
  };
  return {
    ear,
    organ,
    annotatedSlices: compared?.length ?? null,
    iou: intersectionOverUnion(overlap),
    dice: dice(overlap),
    surfaceDice: surfaces.surfaceDice,
    ...figures,
    annotatedVolume: overlap.truth * voxel,
    foundVolume: overlap.found * voxel,
    without: whyWithout(figures, {
      isFound: found.anatomy.includes(code),
      hasSlice: k !== null,
      isChosen: compared !== null,
      hasImages: prepared !== null,
      hasReference: expected !== undefined,
    }),
    exactRatio: loaded.truth?.ratios[ear]?.[organ] ?? null,
  };
}

/** Centroids of the annotated ears, LPS mm. */
function centersOf(volume: Volume, anatomy: Uint8Array): Vector3[] {
  const [columns, rows] = volume.size;
  const { origin, spacing, direction } = volume;
  return [0, RIGHT_EAR_OFFSET].flatMap((offset) => {
    const sum: Vector3 = [0, 0, 0];
    let count = 0;
    anatomy.forEach((code, voxel) => {
      if (code !== 1 + offset && code !== 2 + offset) return;
      count++;
      sum[0] += voxel % columns;
      sum[1] += Math.floor(voxel / columns) % rows;
      sum[2] += Math.floor(voxel / (columns * rows));
    });
    if (count === 0) return [];
    const center = perAxis((axis) =>
      AXES.reduce<number>(
        (value, a) => value + (sum[a] / count) * spacing[a] * direction[3 * a + axis]!,
        origin[axis]
      )
    );
    return [center];
  });
}
