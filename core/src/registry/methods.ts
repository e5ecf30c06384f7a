import { ROLES, type Role, type RoleEntry } from './roles';
import type { Output } from './warnings';

/** What is known of a method of measurement. */
export interface MethodEntry {
  label: string;
  /** The series that it reads. */
  roles: readonly Role[];
  /** `signed`: the series in the place of PPI is phase-sensitive; else PPI and PEI are magnitude images. */
  signed: boolean;
  /** Roles that another kind of series takes under this method. */
  roleEntries: Partial<Record<Role, RoleEntry>>;
  /** The image whose sign tells the fluids apart. */
  hydrops: string;
  /** The same weighted by MRC. */
  mi2: string;
  /** What counts as endolymph. */
  formula: string;
  /** Outputs that the method has: thresholds made on one scale do not hold on another. */
  allows: readonly Output[];
}

const subtraction = (hydrops: string) => ({
  hydrops,
  mi2: `(${hydrops}) × MRC`,
  formula: `(${hydrops}) × MRC below zero`,
  signed: false,
  roleEntries: {},
});

const ENTRIES = {
  'hydrops-mi2': {
    label: 'HYDROPS-Mi2',
    roles: ['mrc', 'ppi', 'pei'],
    ...subtraction('PPI − PEI'),
    allows: ['ratio', 'mixture', 'grade'],
  },
  'hydrops2-mi2': {
    label: 'HYDROPS2-Mi2',
    roles: ['mrc', 'ppi'],
    ...subtraction('PPI − s·MRC'),
    // Its zero is on another scale: the thresholds of Nakashima et al. (2009) were not made for it.
    allows: ['ratio'],
  },
  'real-ir': {
    label: '3D-real IR',
    roles: ['mrc', 'ppi'],
    signed: true,
    roleEntries: { ppi: { label: '3D-real IR', meaning: 'signed inversion recovery' } },
    hydrops: 'phase-sensitive inversion recovery',
    mi2: 'phase-sensitive inversion recovery × MRC',
    formula: 'phase-sensitive inversion recovery below zero',
    allows: ['ratio', 'grade'],
  },
} satisfies Record<string, MethodEntry>;

export type Method = keyof typeof ENTRIES;

export const METHODS: Readonly<Record<Method, MethodEntry>> = ENTRIES;

export const METHOD_KEYS = Object.keys(METHODS) as readonly Method[];

/** Where nobody chooses another. */
export const DEFAULT_METHOD: Method = 'hydrops-mi2';

/** The series that a method reads; for `real-ir` the signed series stands in the place of PPI. */
export const REQUIRED_ROLES = Object.fromEntries(
  METHOD_KEYS.map((method) => [method, METHODS[method].roles])
) as Record<Method, readonly Role[]>;

/** "PPI"; under `real-ir` "3D-real IR". */
export function roleLabel(role: Role, method: Method): string {
  return roleEntry(role, method).label;
}

/** "PPI (positive perilymph image)". */
export function roleName(role: Role, method: Method): string {
  const { label, meaning } = roleEntry(role, method);
  return `${label} (${meaning})`;
}

function roleEntry(role: Role, method: Method): RoleEntry {
  const { roleEntries } = METHODS[method];
  return roleEntries[role] ?? ROLES[role];
}
