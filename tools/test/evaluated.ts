import type { OrganResult, StudyResultOfModel } from '../src/evaluate/evaluateStudy';

/** An organ as an evaluation finds it: all figures known but those of `changes`. */
export function organResult(changes: Partial<OrganResult> = {}): OrganResult {
  return {
    ear: 'left',
    organ: 'cochlea',
    annotatedSlices: null,
    iou: 0.8,
    dice: 0.89,
    surfaceDice: 0.99,
    hausdorff95: 0.5,
    annotatedVolume: 80,
    foundVolume: 82,
    confidence: 0.95,
    volumeRatio: { reference: 0.3, measured: 0.32 },
    areaRatio: { reference: 0.3, measured: 0.28 },
    commonSlice: { iou: 0.7, dice: 0.82, ratio: { reference: 0.2, measured: 0.25 } },
    sliceDistance: { slices: 1, mm: 1 },
    exactRatio: null,
    without: {},
    ...changes,
  };
}

/** A study with one annotated ear, which the model found. */
export function studyResult(study: string, organs: OrganResult[]): StudyResultOfModel {
  return {
    ...{ study, patient: 'P1', spacing: [0.5, 0.5, 1], organs, milliseconds: 1000, refused: null },
    ears: [{ ear: 'left', annotated: true, found: true, invented: false }],
  };
}
