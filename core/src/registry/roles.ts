/** What is known of the part that a series plays in a study. */
export interface RoleEntry {
  label: string;
  /** What the abbreviation stands for. */
  meaning: string;
}

const ENTRIES = {
  mrc: { label: 'MRC', meaning: 'MR cisternography' },
  ppi: { label: 'PPI', meaning: 'positive perilymph image' },
  pei: { label: 'PEI', meaning: 'positive endolymph image' },
} satisfies Record<string, RoleEntry>;

export type Role = keyof typeof ENTRIES;

export const ROLES: Readonly<Record<Role, RoleEntry>> = ENTRIES;

/** In the order in which they are shown. */
export const ROLE_KEYS = Object.keys(ROLES) as readonly Role[];

/** Series that are brought onto MRC. */
export type MovingRole = Exclude<Role, 'mrc'>;
export const MOVING_ROLES: readonly MovingRole[] = ['ppi', 'pei'];

/** A value for each role. */
export function perRole<T>(value: (role: Role) => T): Record<Role, T> {
  return Object.fromEntries(ROLE_KEYS.map((role) => [role, value(role)])) as Record<Role, T>;
}
