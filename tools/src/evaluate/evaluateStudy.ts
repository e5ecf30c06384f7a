import {
  ANATOMY,
  EAR_SIDES,
  type EarFinding,
  EARS,
  type EarSide,
  type LabelVolume,
  measure,
  type Organ,
  ORGAN_KEYS,
  type PreparedStudy,
  prepareStudy,
  RefusedInputError,
  RIGHT_EAR_OFFSET,
  type Segmenter,
  SEGMENTS,
  type Vector3,
  type Volume,
  perAxis,
  AXES,
} from '@inner-ear-hydrops/core';
import type { LoadedStudy } from '../dataset/labelledStudies';
import { dice, intersectionOverUnion, overlapOf } from './overlap';
import { compareSurfaces, surfaceOf } from './surfaces';

/** Millimetres that count as the same surface. */
export const SURFACE_TOLERANCE = 0.5;

export const ORGAN_CODES: readonly (readonly [Organ, number])[] = ORGAN_KEYS.map((organ) => [
  organ,
  ANATOMY[organ],
]);

/** One organ: what was annotated against what a model found. */
export interface OrganResult {
  ear: EarSide;
  organ: Organ;
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
  /** EH ratio by volume and, on the representative slice, by area; null without PPI and PEI. */
  volumeRatio: RatioPair | null;
  areaRatio: RatioPair | null;
  /** For phantoms: exact share of endolymph, which counting voxels need not reach. */
  exactRatio: number | null;
}

export interface RatioPair {
  /** In the annotated region, on the same images. */
  reference: number;
  measured: number;
}

export interface EarResult {
  ear: EarSide;
  annotated: boolean;
  /** Both organs overlap the annotated organs. */
  found: boolean;
  /** The model labelled an ear here that is not annotated. */
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
  ratios: Map<string, { volume: number; area: number | null }>;
}

/**
 * Aligns PPI and PEI about the annotated ears and measures inside the annotated regions.
 * @param prepare how the three series are brought onto one grid
 */
export function measureReference(loaded: LoadedStudy, prepare = prepareStudy): Reference {
  const { series, mrc, anatomy } = loaded;
  if (!series.ppi || !series.pei) return { loaded, prepared: null, ratios: new Map() };
  const prepared = prepare(series, { centers: centersOf(mrc.volume, anatomy) });
  return { loaded, prepared, ratios: ratiosOf(prepared, anatomy) };
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
  const found = prepared && !refused ? ratiosOf(prepared, anatomy) : null;
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
      return [{ ...compareOrgan(reference, anatomy, ear, organ, value, found), confidence }];
    });
    const codes = ORGAN_CODES.map(([, code]) => code + EARS[ear].anatomyOffset);
    const labelled = codes.some((code) => anatomy.includes(code));
    result.organs.push(...organs);
    result.ears.push({
      ear,
      annotated: organs.length > 0,
      found: organs.length > 0 && organs.every((entry) => entry.iou > 0),
      invented: organs.length === 0 && labelled,
    });
  }
  return { result, anatomy };
}

function compareOrgan(
  reference: Reference,
  anatomy: Uint8Array,
  ear: EarSide,
  organ: Organ,
  code: number,
  found: Reference['ratios'] | null
): Omit<OrganResult, 'confidence'> {
  const { loaded, ratios } = reference;
  const { size, spacing } = loaded.mrc.volume;
  const overlap = overlapOf(loaded.anatomy, anatomy, code);
  const voxel = spacing[0] * spacing[1] * spacing[2];
  const surfaces = compareSurfaces(
    surfaceOf(loaded.anatomy, size, spacing, code),
    surfaceOf(anatomy, size, spacing, code),
    SURFACE_TOLERANCE
  );
  const key = `${ear} ${organ}`;
  const [expected, measured] = [ratios.get(key), found?.get(key)];
  return {
    ear,
    organ,
    iou: intersectionOverUnion(overlap),
    dice: dice(overlap),
    ...surfaces,
    annotatedVolume: overlap.truth * voxel,
    foundVolume: overlap.found * voxel,
    volumeRatio:
      expected && measured ? { reference: expected.volume, measured: measured.volume } : null,
    areaRatio:
      expected?.area != null && measured?.area != null
        ? { reference: expected.area, measured: measured.area }
        : null,
    exactRatio: loaded.truth?.ratios[ear]?.[organ] ?? null,
  };
}

/** As the viewer and `hydrops compute` measure, by the same code. */
function ratiosOf(prepared: PreparedStudy, anatomy: Uint8Array): Reference['ratios'] {
  const { size, spacing, origin, direction } = prepared.mrc;
  const labels: LabelVolume = {
    size,
    spacing,
    origin,
    direction,
    data: segmentNumbers(anatomy),
    segments: [...SEGMENTS],
  };
  const { ears } = measure({ prepared, labels, anatomy, model: null });
  const ratios: Reference['ratios'] = new Map();
  for (const side of EAR_SIDES) {
    for (const [organ] of ORGAN_CODES) {
      const values = ears[side]?.[organ];
      if (!values) continue;
      ratios.set(`${side} ${organ}`, {
        volume: values.volume.ratio,
        area: values.area?.ratio ?? null,
      });
    }
  }
  return ratios;
}

function segmentNumbers(anatomy: Uint8Array): Uint8Array {
  const table = new Uint8Array(256);
  SEGMENTS.forEach(({ ear, organ, number }) => {
    const code = ANATOMY[organ];
    table[code + EARS[ear].anatomyOffset] = number;
  });
  return anatomy.map((code) => table[code]!);
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
