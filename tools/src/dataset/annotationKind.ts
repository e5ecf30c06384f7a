import {
  ANATOMY,
  EAR_SIDES,
  EARS,
  ORGAN_KEYS,
  perOrgan,
  type EarSide,
  type Organ,
  type Vector3,
} from '@inner-ear-hydrops/core';
import type { LoadedStudy } from './labelledStudies';

/**
 * Which slices of an ear a reader annotated, as in the paper: `full` (FA) with both organs on each
 * representative slice, `selective` (SA) with the organ of interest alone; `volume` where the whole stack
 * is annotated.
 */
export type AnnotationKind = 'volume' | 'full' | 'selective';

/** What the user says of all annotations; `auto`: each ear shows it. */
export type AskedKind = 'auto' | 'volume' | 'slices';

/** Annotations on more slices than this of one organ describe a volume, not chosen slices. */
const MAX_CHOSEN_SLICES = 2;

/** Slices k that show an organ, from labels of one ear without its offset. */
function slicesShowing(own: Uint8Array, size: Vector3): Record<Organ, number[]> {
  const plane = size[0] * size[1];
  const shows = (k: number, organ: Organ) =>
    own.subarray(k * plane, (k + 1) * plane).includes(ANATOMY[organ]);
  const all = Array.from({ length: size[2] }, (_, k) => k);
  return perOrgan((organ) => all.filter((k) => shows(k, organ)));
}

/** Whole stack or chosen slices; of chosen slices, `full` where some slice shows all organs. */
export function annotationKind(own: Uint8Array, size: Vector3, asked: AskedKind): AnnotationKind {
  if (asked === 'volume') return 'volume';
  const slices = slicesShowing(own, size);
  const most = Math.max(...ORGAN_KEYS.map((organ) => slices[organ].length));
  if (asked === 'auto' && most > MAX_CHOSEN_SLICES) return 'volume';
  const [first, ...others] = ORGAN_KEYS.map((organ) => slices[organ]);
  return first?.some((k) => others.every((other) => other.includes(k))) ? 'full' : 'selective';
}

/** Slices k of MRC on which each organ of an ear was annotated; null where the whole stack was. */
export type ChosenSlices = Readonly<Record<EarSide, Record<Organ, number[]> | null>>;

/** Where an annotation may be compared: what lies on other slices is not known. */
export function chosenSlices(
  { mrc, anatomy, truth }: Pick<LoadedStudy, 'mrc' | 'anatomy' | 'truth'>,
  asked: AskedKind
): ChosenSlices {
  const { size } = mrc.volume;
  const found: Partial<Record<EarSide, Record<Organ, number[]> | null>> = {};
  for (const ear of EAR_SIDES) {
    const own = anatomy.map((code) => code - EARS[ear].anatomyOffset);
    const isChosen = !truth && annotationKind(own, size, asked) !== 'volume';
    found[ear] = isChosen ? slicesShowing(own, size) : null;
  }
  return { left: found.left ?? null, right: found.right ?? null };
}
