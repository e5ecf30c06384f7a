/** What is derived for an organ and may be voided by a warning. */
export type Output = 'ratio' | 'mixture' | 'grade';

/** What follows from a warning. */
export interface WarningEntry {
  /**
   * Outputs that do not hold where the warning stands, in the warning's own scope: its organ, its ear, or the
   * whole study. A voided ratio voids what is made of it: mixture and grade.
   */
  voids: readonly Output[];
  /** Outputs that it puts in doubt without voiding them. */
  doubts?: readonly Output[];
  /** The result cannot be stored: it has no place in space. */
  preventsStoring?: true;
  /** What the reader should know, in one sentence; the reference page is made of these. */
  meaning: string;
}

const NOTHING: readonly Output[] = [];
const ALL: readonly Output[] = ['ratio', 'mixture', 'grade'];

/**
 * Every warning that a result can carry. A code that is not listed here does not compile; a warning that voids an
 * output does so here and nowhere else.
 */
export const WARNINGS = {
  // Reading
  'duplicate-slices': { voids: NOTHING, meaning: 'Images stored twice were used once.' },
  'slice-spacing-differs': {
    voids: NOTHING,
    meaning: 'The distance of the slices is not the stated one: slices may be missing throughout.',
  },
  'text-unreadable': {
    voids: NOTHING,
    meaning: 'Text of the images cannot be read whole; what is stored repeats it as far as it was.',
  },
  'series-repeated': {
    voids: NOTHING,
    meaning: 'Several series fit a role; the latest was taken and can be changed.',
  },
  // Study
  'negative-values': { voids: NOTHING, meaning: 'A magnitude series holds values below zero.' },
  'frame-of-reference-missing': {
    voids: NOTHING,
    preventsStoring: true,
    meaning: 'Without a Frame of Reference UID no DICOM result can be placed beside MRC.',
  },
  'frame-of-reference-differs': {
    voids: NOTHING,
    meaning:
      'The series were not acquired in one frame of reference; their positions were compared.',
  },
  'studies-differ': { voids: NOTHING, meaning: 'The series come from different studies.' },
  'partial-overlap': { voids: NOTHING, meaning: 'A series does not cover all of MRC.' },
  'geometry-coarse': {
    voids: ['grade'],
    meaning: 'Voxels are too large: endolymph and perilymph share most of them.',
  },
  'geometry-resampled': {
    voids: NOTHING,
    meaning: 'A series was interpolated onto the grid of MRC.',
  },
  'motion-corrected': {
    voids: NOTHING,
    meaning: 'A series had moved against MRC and was moved back.',
  },
  'motion-uncertain': {
    voids: ['grade'],
    meaning: 'Motion between the series could not be measured.',
  },
  'mrc-scale-estimated': {
    // Nakashima's thresholds were not made for this zero (field notes, pitfall 11).
    voids: ['grade'],
    meaning:
      'HYDROPS2 subtracts MRC times a factor of its own: the ratio depends on it, and the thresholds of the grade were not made for it.',
  },
  // Images
  'csf-not-negative': {
    voids: ALL,
    meaning: 'Fluid outside the ears is not negative: the roles of PPI and PEI may be exchanged.',
  },
  'scaling-unusual': {
    voids: ALL,
    meaning: 'PPI and PEI are not on one scale, so zero does not part endolymph from perilymph.',
  },
  'coil-asymmetry': { voids: NOTHING, meaning: 'One ear is much darker on MRC than the other.' },
  // Ears
  'ear-not-found': { voids: NOTHING, meaning: 'An ear was not found and is not measured.' },
  'perilymph-not-enhanced': {
    voids: ALL,
    meaning: 'No enhanced perilymph is seen in the ear: all fluid counts as endolymph.',
  },
  'perilymph-weakly-enhanced': {
    // Ears nearly full of endolymph carry it too, and their grade is right: it is made borderline, not void.
    voids: NOTHING,
    doubts: ['grade'],
    meaning:
      'The perilymph is weakly enhanced, or there is little of it: fluid with too little gadolinium counts as endolymph, so the ratio and its grade may read too high.',
  },
  'enhancement-unequal': {
    voids: ALL,
    meaning: 'HYDROPS2 with one zero for both ears: the ratio of the weaker ear reads too high.',
  },
  // Organs
  'representative-slice-empty': {
    voids: ['grade'],
    meaning: 'The organ has no pixel on its representative slice: there is no area ratio.',
  },
  'roi-in-auditory-canal': {
    voids: ['grade', 'mixture'],
    meaning:
      'The region reaches into the internal auditory canal, whose fluid counts as endolymph.',
  },
  'roi-volume-unusual': {
    voids: ['grade', 'mixture'],
    meaning: 'The region has a volume that no such organ has.',
  },
  'noise-high': {
    voids: ['grade'],
    meaning: 'PPI and PEI differ by no more than the noise in most of the region.',
  },
  'low-confidence': { voids: NOTHING, meaning: 'The network is unsure of the outline.' },
  'confidence-not-judged': {
    voids: NOTHING,
    meaning: 'The model states no confidence thresholds, so outlines are not judged.',
  },
  // Results that were stored, and the software
  'roi-of-other-software': { voids: NOTHING, meaning: 'The region was drawn by other software.' },
  'stored-state-missing': {
    voids: NOTHING,
    meaning:
      'A stored result lacks the software’s own data; the rest was restored from its other attributes.',
  },
  'stored-slice-unknown': {
    voids: NOTHING,
    meaning:
      'A stored result does not say on which slice an area was measured; the slice was chosen again.',
  },
  'stored-ratio-differs': {
    voids: NOTHING,
    meaning: 'A ratio that was stored comes out otherwise when measured again.',
  },
  'segment-doubled': {
    voids: NOTHING,
    meaning: 'Several segments name one organ; the first one counts, the others are left out.',
  },
  'segments-overlap': {
    voids: NOTHING,
    meaning: 'Segments overlap; a voxel of two organs counts for the first.',
  },
  'webgl-failed': {
    voids: NOTHING,
    meaning: 'The graphics processor failed and the computation was repeated without it.',
  },
  // Annotations, for training and evaluation
  'too-few-patients': { voids: NOTHING, meaning: 'There are fewer patients than folds ask for.' },
  'annotation-set-empty': {
    voids: NOTHING,
    meaning: 'A set of annotations holds nothing to learn.',
  },
  'annotation-empty': { voids: NOTHING, meaning: 'An annotation has no voxel.' },
  'annotation-too-large': {
    voids: NOTHING,
    meaning: 'An annotation is larger than any such organ.',
  },
  'annotation-without-images': {
    voids: NOTHING,
    meaning: 'The images of an annotation are missing.',
  },
  'laterality-wrong': {
    voids: NOTHING,
    meaning: 'A structure lies on the other side than its name says.',
  },
} as const satisfies Record<string, WarningEntry>;

export type WarningCode = keyof typeof WARNINGS;

export function isWarningCode(code: string): code is WarningCode {
  return Object.hasOwn(WARNINGS, code);
}

/** Whether a warning puts an output in doubt that it does not void. */
export function putsInDoubt(code: WarningCode, output: Output): boolean {
  const { doubts = NOTHING }: WarningEntry = WARNINGS[code];
  return doubts.includes(output);
}

/** Whether a result that carries the warning cannot be stored. */
export function preventsStoring(code: WarningCode): boolean {
  const entry: WarningEntry = WARNINGS[code];
  return entry.preventsStoring === true;
}

/** Outputs that a warning voids, with those that are made of a voided ratio. */
export function voidedBy(code: WarningCode): readonly Output[] {
  const { voids }: WarningEntry = WARNINGS[code];
  return voids.includes('ratio') ? ALL : voids;
}
