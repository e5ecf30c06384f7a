import type { Organ } from '@inner-ear-hydrops/core';

/** What an organ must at least be to be a whole one. */
export interface OrganBounds {
  /** mm, in whatever direction: the shortest way through it. */
  extent: number;
  /** mm³ */
  volume: number;
}

/**
 * Of whole organs. Extents: a cochlea is 3.3–5.1 mm high and longer in its other two directions, a vestibule some 5 × 5 × 3
 * mm (literature values in the project's field notes). Volumes: half of the one real ear that was measured (cochlea 74 mm³,
 * vestibule 64 mm³), because readers draw inside or outside the border; phantoms of that grid have 52–103 and 49–81 mm³
 * (`npm run bench -- anatomy`).
 */
export const LEAST_WHOLE: Readonly<Record<Organ, OrganBounds>> = {
  cochlea: { extent: 3.3, volume: 37 },
  vestibule: { extent: 3, volume: 32 },
};

/** mm³: no organ is larger. All fluid of an inner ear is 200–250 mm³ (field notes). */
export const LARGEST_ORGAN = 400;

/**
 * mm²: a section through the thinnest part, the basal turn with its lumen of 2.1 mm (field notes), is a disc of 3.5 mm². What
 * a reader drew on a slice and is smaller is a stray dab.
 */
export const LEAST_SECTION = 3;
