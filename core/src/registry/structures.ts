import { own, sct, type Code } from './codes';
import type { Rgb } from './colors';
import { EAR_SIDES, type EarSide } from './ears';

/** What is known of a structure that is segmented but not measured. Its key is a key of `ANATOMY`, too. */
export interface StructureEntry {
  /** For a sentence: "lateral semicircular canal". */
  label: string;
  code: Code;
  /** Of its region in a stored segment; false where it is a region of its own. */
  inInnerEar: boolean;
  /** Of the outline in other software. */
  color: Rgb;
  /** Number among the stored segments. Stored objects rely on it: it never moves and is never used again. */
  numbers: Record<EarSide, number>;
}

/**
 * What the rules need beside the organs: the lateral canal for the slice of the vestibule, the internal auditory
 * canal for the warning of a region that leaks into it. They are stored as segments of their own, so that a
 * restored result is judged as the computed one was.
 */
const ENTRIES = {
  lateralCanal: {
    label: 'lateral semicircular canal',
    code: own('CANAL-LATERAL', 'Lateral semicircular canal'),
    inInnerEar: true,
    color: [200, 160, 255],
    numbers: { left: 9, right: 12 },
  },
  otherCanals: {
    label: 'superior and posterior semicircular canals',
    code: own('CANALS-OTHER', 'Superior and posterior semicircular canals'),
    inInnerEar: true,
    color: [160, 130, 210],
    numbers: { left: 10, right: 13 },
  },
  internalAuditoryCanal: {
    label: 'internal auditory canal',
    code: sct('361078006', 'Internal Auditory Canal'),
    inInnerEar: false,
    color: [150, 150, 150],
    numbers: { left: 11, right: 14 },
  },
} satisfies Record<string, StructureEntry>;

export type Structure = keyof typeof ENTRIES;

export const STRUCTURES: Readonly<Record<Structure, StructureEntry>> = ENTRIES;

export const STRUCTURE_KEYS = Object.keys(STRUCTURES) as readonly Structure[];

export interface StructureSegment {
  number: number;
  ear: EarSide;
  structure: Structure;
}

/** Every structure of every ear, by number. */
export const STRUCTURE_SEGMENTS: readonly StructureSegment[] = EAR_SIDES.flatMap((ear) =>
  STRUCTURE_KEYS.map((structure) => ({
    number: STRUCTURES[structure].numbers[ear],
    ear,
    structure,
  }))
);
