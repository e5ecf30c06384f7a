import { ANATOMY } from '@inner-ear-hydrops/core';

/** What a point of an ear can be made of; `outside` leaves the head's own tissue. */
export const COMPARTMENT = {
  outside: 0,
  cochlearPerilymph: 1,
  cochlearEndolymph: 2,
  /** Osseous spiral lamina: bone within the cochlea's lumen, part of the organ but not of its fluid. */
  cochlearLamina: 3,
  vestibularPerilymph: 4,
  vestibularEndolymph: 5,
  lateralCanalPerilymph: 6,
  lateralCanalEndolymph: 7,
  otherCanalsPerilymph: 8,
  otherCanalsEndolymph: 9,
  internalAuditoryCanal: 10,
  nerve: 11,
  /** CSF and septa that belong to no labelled structure: beyond the porus, the cochlear aqueduct. */
  unlabelledFluid: 12,
  bone: 13,
} as const;
export const COMPARTMENT_COUNT = 14;

/** `ANATOMY` of each compartment. */
export const COMPARTMENT_ANATOMY: readonly number[] = [
  ANATOMY.background,
  ANATOMY.cochlea,
  ANATOMY.cochlea,
  ANATOMY.cochlea,
  ANATOMY.vestibule,
  ANATOMY.vestibule,
  ANATOMY.lateralCanal,
  ANATOMY.lateralCanal,
  ANATOMY.otherCanals,
  ANATOMY.otherCanals,
  ANATOMY.internalAuditoryCanal,
  ANATOMY.internalAuditoryCanal,
  ANATOMY.background,
  ANATOMY.background,
];

export const ENDOLYMPH_COMPARTMENTS = [2, 5, 7, 9] as const;
export const PERILYMPH_COMPARTMENTS = [1, 4, 6, 8] as const;
