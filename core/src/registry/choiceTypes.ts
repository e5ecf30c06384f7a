import type { EarSide } from './ears';
import type { Role } from './roles';

/** Who made a choice that the numbers rest on. */
export type ChosenBy = 'automatic' | 'reader';

/** Who chose what the numbers rest on; slices and masks say it of themselves. */
export interface Choices {
  method: ChosenBy;
  roles: Record<Role, ChosenBy>;
  /** Where the network looked for each ear. */
  ears: Record<EarSide, ChosenBy>;
  /** What the software had where the reader chose; absent where the reader chose none of these. */
  automatic?: AutomaticChoices;
}

/** What the software had in place of the reader's choices; what is absent is not known. */
export interface AutomaticChoices {
  /** Series Instance UID; null: the software had found no series for the role. */
  series: Partial<Record<Role, string | null>>;
  /** LPS mm: where the software had found the ear. */
  ears: Partial<Record<EarSide, [number, number, number]>>;
}
