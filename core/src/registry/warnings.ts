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
  /**
   * Says how the region was obtained: holds as long as the region stems from that, whatever is edited. Other warnings of
   * an ear or organ hold until its region is edited.
   */
  ofSource?: true;
  /** The result cannot be stored: it has no place in space. */
  preventsStoring?: true;
  /** In a few words, small letters at the start: the reason that stands beside a voided number. */
  brief: string;
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
  'duplicate-slices': {
    brief: 'images stored twice',
    voids: NOTHING,
    meaning: 'Images stored twice were used once.',
  },
  'slice-spacing-differs': {
    brief: 'slice distance differs',
    voids: NOTHING,
    meaning:
      'The slice distance differs from the stated distance: slices may be missing throughout.',
  },
  'images-left-out': {
    brief: 'images of other kinds left out',
    voids: NOTHING,
    meaning:
      'A series holds images of several kinds; those that fit its role were used, the others left out.',
  },
  'scale-slope-used': {
    brief: 'Philips’ own scale slope used',
    voids: NOTHING,
    meaning:
      'Philips’ own scale slope (2005,100E) was used to bring images onto one scale that Rescale Slope leaves apart.',
  },
  'real-world-values-used': {
    brief: 'scaled by its real world values',
    voids: NOTHING,
    meaning:
      'A series without Rescale Slope was scaled by its Real World Value Mapping (0040,9096).',
  },
  'lossy-compression': {
    brief: 'images compressed with loss',
    // How much a ratio changes by it is not known; results are marked as made of such images.
    voids: NOTHING,
    meaning:
      'Images were compressed with loss: their values are not those that the scanner measured. What is stored is marked as such.',
  },
  'files-unreadable': {
    brief: 'files not readable',
    voids: NOTHING,
    meaning: 'Files could not be read; the volumes that were measured are whole without them.',
  },
  'text-unreadable': {
    brief: 'text not readable',
    voids: NOTHING,
    meaning:
      'Some text of the images cannot be read; what is stored repeats it as far as it can be read.',
  },
  'series-repeated': {
    brief: 'several series fit a role',
    voids: NOTHING,
    meaning:
      'A sequence was acquired more than once; the series that was used for the role is named and can be changed.',
  },
  // Study
  'negative-values': {
    brief: 'values below zero in a magnitude series',
    voids: NOTHING,
    meaning: 'A magnitude series holds values below zero.',
  },
  'frame-of-reference-missing': {
    brief: 'no Frame of Reference UID',
    voids: NOTHING,
    preventsStoring: true,
    meaning: 'Without a Frame of Reference UID no DICOM result can be placed beside MRC.',
  },
  'instance-numbers-ambiguous': {
    brief: 'Instance Numbers missing or repeated',
    voids: NOTHING,
    meaning:
      'Instance Numbers of MRC are missing or repeat: slices are named by their place in the stack.',
  },
  'frame-of-reference-differs': {
    brief: 'frames of reference differ',
    voids: NOTHING,
    meaning:
      'The series were not acquired in one frame of reference; their positions were compared.',
  },
  'studies-differ': {
    brief: 'series of different studies',
    voids: NOTHING,
    meaning: 'The series come from different studies.',
  },
  'partial-overlap': {
    brief: 'a series does not cover all of MRC',
    voids: NOTHING,
    meaning: 'A series does not cover all of MRC.',
  },
  'series-shorter': {
    brief: 'a series lacks slices at an end',
    voids: NOTHING,
    meaning:
      'A series lacks slices that MRC has at an end; nothing was interpolated on the others.',
  },
  'geometry-coarse': {
    brief: 'voxels too large',
    voids: ['grade'],
    meaning: 'Voxels are too large: endolymph and perilymph share most of them.',
  },
  'geometry-resampled': {
    brief: 'a series was interpolated',
    voids: NOTHING,
    meaning: 'A series was interpolated onto the grid of MRC.',
  },
  'motion-corrected': {
    brief: 'motion corrected',
    voids: NOTHING,
    meaning: 'The patient had moved between MRC and a series; the motion was corrected.',
  },
  'ears-apart': {
    brief: 'a series is scaled or distorted against another',
    voids: ALL,
    meaning:
      'No movement of the head brings both ears of a series onto another: one of the two is scaled or distorted, and their difference is no measurement.',
  },
  'motion-uncertain': {
    brief: 'motion could not be measured',
    voids: ['grade'],
    meaning: 'Motion between the series could not be measured.',
  },
  'mrc-scale-estimated': {
    brief: 'MRC was scaled by a factor',
    // The thresholds of Nakashima et al. (2009) were not made for this zero.
    voids: ['grade'],
    meaning:
      'HYDROPS2 subtracts MRC times a factor: the ratio depends on this factor, and the thresholds of the grade were not made for it.',
  },
  // Images
  'csf-not-negative': {
    brief: 'CSF not negative',
    voids: ALL,
    meaning: 'Fluid outside the ears is not negative: the roles of PPI and PEI may be exchanged.',
  },
  'scaling-unusual': {
    brief: 'PPI and PEI not on one scale',
    voids: ALL,
    meaning:
      'PPI and PEI are not on the same scale, so zero does not separate endolymph from perilymph.',
  },
  'images-blank': {
    brief: 'blank images',
    voids: NOTHING,
    meaning: 'Images hold one single value everywhere; they show no ear that was found.',
  },
  'signal-missing': {
    brief: 'no image of its own in part of the region',
    voids: ALL,
    meaning:
      'Part of the ear or organ lies where an image is padding, holds one single value or repeats another image: nothing was measured there.',
  },
  'images-repeated': {
    brief: 'images that repeat another image',
    voids: NOTHING,
    meaning:
      'Images hold the pixels of another image of their series; they show no ear that was found.',
  },
  'images-out-of-line': {
    brief: 'images brighter or darker than their neighbours',
    voids: NOTHING,
    meaning:
      'Images are brighter or darker than their neighbours, away from the ears that were found.',
  },
  'brightness-out-of-line': {
    brief: 'images through the organ brighter or darker than their neighbours',
    voids: ALL,
    meaning:
      'Images through the organ are brighter or darker than their neighbours, so zero does not separate endolymph from perilymph on them.',
  },
  'mrc-out-of-line': {
    brief: 'MRC through the ear brighter or darker than its neighbours',
    // The sign of HYDROPS does not depend on MRC; its outline and weight do.
    voids: ['mixture', 'grade'],
    meaning:
      'Images of MRC through the ear are brighter or darker than their neighbours: the outline there was found on them.',
  },
  'coil-asymmetry': {
    brief: 'one ear much darker than the other',
    voids: NOTHING,
    meaning: 'One ear is much darker on MRC than the other.',
  },
  // Ears
  'ear-not-found': {
    brief: 'ear not found',
    voids: NOTHING,
    meaning: 'An ear was not found and is not measured.',
  },
  'perilymph-not-enhanced': {
    brief: 'perilymph not enhanced',
    voids: ALL,
    meaning: 'No enhanced perilymph is seen in the ear: all fluid counts as endolymph.',
  },
  'perilymph-weakly-enhanced': {
    brief: 'perilymph weakly enhanced',
    // Ears nearly full of endolymph carry it too, and their grade is right: it is made borderline, not void.
    voids: NOTHING,
    doubts: ['grade'],
    meaning:
      'The perilymph is weakly enhanced, or there is little of it: fluid with too little gadolinium counts as endolymph, so the ratio and its grade may read too high.',
  },
  'enhancement-unequal': {
    brief: 'ears enhanced unequally',
    voids: ALL,
    meaning:
      'HYDROPS2 with the same factor for both ears: the ratio of the more weakly enhanced ear reads too high.',
  },
  // Organs
  'representative-slice-empty': {
    brief: 'no pixel on the representative slice',
    voids: ['grade'],
    meaning: 'The organ has no pixel on its representative slice: there is no area ratio.',
  },
  'slice-by-area': {
    brief: 'no lateral canal to choose the slice by',
    voids: NOTHING,
    meaning:
      'The lateral semicircular canal is not known, so the automatic slice of the vestibule is the slice of its largest area.',
  },
  'laterality-wrong': {
    brief: 'structure on the wrong side',
    voids: ALL,
    meaning:
      'A structure lies on the other side than its name says. A segmentation of other software, or an annotation, is refused.',
  },
  'organs-exchanged': {
    brief: 'cochlea and vestibule exchanged',
    voids: ALL,
    meaning:
      'The structure named cochlea lies where the vestibule is, and the other way round. A segmentation of other software, or an annotation, is refused.',
  },
  'roi-off-fluid': {
    brief: 'the region does not lie on fluid',
    voids: ALL,
    meaning:
      'A region that people or other software drew does not lie on the bright fluid of MRC: its slices may be in another order, or the file mirrored or shifted. An annotation is refused.',
  },
  'organs-out-of-place': {
    brief: 'cochlea not in front of the vestibule',
    // The grade of the one would be taken for that of the other.
    voids: ['grade'],
    meaning:
      'The cochlea does not lie in front of the vestibule and medially of it: the two may be exchanged.',
  },
  'roi-not-covered': {
    brief: 'the region reaches beyond PPI or PEI',
    voids: ALL,
    meaning: 'The region reaches where PPI or PEI has no image: part of it cannot be counted.',
  },
  'roi-cut-off': {
    brief: 'the region is cut off by the border of MRC',
    voids: ALL,
    meaning:
      'The region reaches the first or last image of MRC, or their border: the rest of the organ is not on MRC.',
  },
  'roi-in-auditory-canal': {
    brief: 'the region reaches into the internal auditory canal',
    voids: ['grade', 'mixture'],
    meaning:
      'The region reaches into the internal auditory canal, whose fluid counts as endolymph.',
  },
  'roi-volume-unusual': {
    brief: 'the region is unusually large or small',
    voids: ['grade', 'mixture'],
    meaning: 'The region is larger or smaller than expected for the organ.',
  },
  'roi-in-parts': {
    brief: 'the region has detached parts',
    voids: NOTHING,
    meaning: 'The region has detached parts, which count like the rest.',
  },
  'roi-part-far': {
    brief: 'a part of the region lies far from the ear',
    // As of a region in the auditory canal: some of what is counted is not this organ.
    voids: ['grade', 'mixture'],
    meaning: 'A detached part of the region lies farther away than the organ reaches.',
  },
  'noise-high': {
    brief: 'PPI and PEI differ by no more than noise',
    voids: ['grade'],
    meaning: 'PPI and PEI differ by no more than the noise in most of the region.',
  },
  'contrast-low': {
    brief: 'perilymph differs little between PPI and PEI',
    voids: ['grade'],
    meaning:
      'The perilymph of the organ is hardly brighter on PPI than on PEI: small movements and differences of scale change the ratio.',
  },
  'mixture-undetermined': {
    brief: 'too little signal for a mixture fraction',
    voids: ['mixture'],
    meaning: 'The voxels of the organ hold too little signal for a mixture fraction.',
  },
  'low-confidence': {
    brief: 'the network is unsure of the outline',
    voids: NOTHING,
    meaning: 'The network is unsure of the outline.',
  },
  'confidence-not-judged': {
    brief: 'outlines not judged',
    voids: NOTHING,
    meaning: 'The model states no confidence thresholds, so outlines are not judged.',
  },
  // Results that were stored, and the software
  'roi-of-other-software': {
    brief: 'region drawn by other software',
    voids: NOTHING,
    ofSource: true,
    meaning: 'The region was drawn by other software.',
  },
  'segment-assigned': {
    brief: 'the reader chose which organ a segment is',
    voids: NOTHING,
    ofSource: true,
    meaning: 'The reader chose which organ a segment of other software is.',
  },
  'segmentation-resampled': {
    brief: 'the segmentation was drawn on another grid',
    voids: NOTHING,
    ofSource: true,
    meaning:
      'A segmentation of other software, drawn on another grid, was resampled to the voxels of MRC.',
  },
  'stored-state-missing': {
    brief: 'the stored result lacks the software’s own data',
    voids: NOTHING,
    ofSource: true,
    meaning:
      'A stored result lacks the software’s own data; the rest was restored from its other attributes.',
  },
  'stored-measurement-unreadable': {
    brief: 'a stored value could not be read',
    voids: NOTHING,
    ofSource: true,
    meaning:
      'A stored result holds a value that is not a measurement; slices, choices and origins were taken from its other attributes.',
  },
  'stored-slice-unknown': {
    brief: 'the stored slice is not known',
    voids: NOTHING,
    ofSource: true,
    meaning:
      'A stored result does not say on which slice an area was measured; the slice was chosen again.',
  },
  'stored-ratio-differs': {
    brief: 'a stored ratio differs',
    voids: NOTHING,
    meaning: 'A stored ratio differs when it is measured again.',
  },
  'segment-doubled': {
    brief: 'several segments name the same organ',
    voids: NOTHING,
    ofSource: true,
    meaning:
      'Several stored segments name the same organ; the first one counts, the others are left out.',
  },
  'segments-overlap': {
    brief: 'stored segments overlap',
    voids: NOTHING,
    ofSource: true,
    meaning: 'Stored segments overlap; the first keeps the shared voxels.',
  },
  'webgl-failed': {
    brief: 'computed again without the graphics processor',
    voids: NOTHING,
    meaning: 'The graphics processor failed and the computation was repeated without it.',
  },
  // Annotations, for training and evaluation
  'too-few-patients': {
    brief: 'too few patients',
    voids: NOTHING,
    meaning: 'There are too few patients for the folds.',
  },
  'annotation-set-empty': {
    brief: 'a set of annotations is empty',
    voids: NOTHING,
    meaning: 'A set of annotations holds nothing to learn.',
  },
  'annotation-empty': {
    brief: 'empty annotation',
    voids: NOTHING,
    meaning: 'An annotation has no voxel.',
  },
  'annotation-too-large': {
    brief: 'annotation too large',
    voids: NOTHING,
    meaning: 'An annotation is larger than any such organ.',
  },
  'annotation-without-images': {
    brief: 'images of an annotation missing',
    voids: NOTHING,
    meaning: 'The images of an annotation are missing.',
  },
} as const satisfies Record<string, WarningEntry>;

export type WarningCode = keyof typeof WARNINGS;

export function isWarningCode(code: string): code is WarningCode {
  return Object.hasOwn(WARNINGS, code);
}

/** A warning in a few words, "perilymph not enhanced", where the warning itself says the rest. */
export function warningWords(code: WarningCode): string {
  return WARNINGS[code].brief;
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

/** Whether a warning says how the region was obtained, which no edit undoes. */
export function isOfSource(code: WarningCode): boolean {
  const entry: WarningEntry = WARNINGS[code];
  return entry.ofSource === true;
}

/** Outputs that a warning voids, with those that are made of a voided ratio. */
export function voidedBy(code: WarningCode): readonly Output[] {
  const { voids }: WarningEntry = WARNINGS[code];
  return voids.includes('ratio') ? ALL : voids;
}
