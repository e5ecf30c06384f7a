import type { AnnotationKind } from '../dataset/coverage';
import type { AnnotationSet } from './plans';
import type { SampledImage } from './patchSampler';

export const COCHLEA_BIT = 1 << 1;
export const VESTIBULE_BIT = 1 << 2;

/** A slice and the classes that were annotated on it, as bits. */
export interface AnnotatedSlice {
  slice: number;
  known: number;
  /** The organ that the slice was chosen for. */
  main: number;
}

/** An ear with all that is known of its annotation, from which a phase's set is taken. */
export interface AnnotatedEar extends SampledImage {
  kind: AnnotationKind;
  /** Annotated slices; of a whole organ its representative slice, should a phase ask for the paper's sets. */
  chosen: AnnotatedSlice[];
  /** For a `volume` in the paper's sets: whether this patient counts as fully annotated. */
  countsAsFull: boolean;
}

/**
 * The ear as a phase of training sees it, null where the phase leaves it out. The paper's sets: FA
 * (both organs on a representative slice), SA (the organ of interest alone), FASA (either),
 * FA' and FA'SA (of FA, the organ of interest alone).
 */
export function earInSet(ear: AnnotatedEar, set: AnnotationSet): SampledImage | null {
  // A whole organ is known on every slice, also on those that were chosen for the other one.
  const isFull =
    ear.kind === 'full' || ear.kind === 'mixed' || (ear.kind === 'volume' && ear.countsAsFull);
  if (set === 'all') {
    if (ear.kind === 'volume' || ear.kind === 'mixed') return ear;
    return ear.chosen.length > 0 ? { ...ear, annotated: ear.chosen } : null;
  }
  const takesFull = set !== 'SA';
  const takesSelective = set === 'SA' || set === 'FASA' || set === "FA'SA";
  if (isFull ? !takesFull : !takesSelective) return null;
  const mainOnly = !isFull || set === "FA'" || set === "FA'SA";
  // Background is known wherever anything is; what else lies in it is left open.
  const annotated = ear.chosen.map(({ slice, known, main }) => ({
    slice,
    known: (mainOnly ? known & main : known & (COCHLEA_BIT | VESTIBULE_BIT)) | 1,
  }));
  const useful = annotated.filter(({ known }) => known > 1);
  return useful.length > 0 ? { ...ear, annotated: useful } : null;
}
