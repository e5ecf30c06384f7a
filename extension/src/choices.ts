import { METHODS } from '@inner-ear-hydrops/core';
import type { Choices, EarSide, Measurement, Organ, Role } from '@inner-ear-hydrops/core';
import { INITIAL_STATE, type HydropsState } from './state';

/** The fields of the state that say who chose what the next computation rests on. */
export type ChoosingState = Pick<
  HydropsState,
  'method' | 'roles' | 'automaticRoles' | 'earCenters'
>;

/** Who chose what the next computation rests on. A choice that equals the automatic one is none. */
export function choicesOf({ method, roles, automaticRoles, earCenters }: ChoosingState): Choices {
  const by = (isReaders: boolean) => (isReaders ? 'reader' : 'automatic');
  const role = (one: Role) => by(roles[one] !== automaticRoles[one]);
  return {
    method: by(method !== INITIAL_STATE.method),
    roles: { mrc: role('mrc'), ppi: role('ppi'), pei: role('pei') },
    ears: { left: by(Boolean(earCenters.left)), right: by(Boolean(earCenters.right)) },
  };
}

/** One thing that a measurement rests on, and whether it is the reader's. */
export interface MadeChoice {
  what: string;
  isReaders: boolean;
}

/** Everything that a measurement rests on and the reader can choose, in words. */
export function madeChoices(measurement: Measurement): MadeChoice[] {
  const { choices, ears, method, study } = measurement;
  const made: MadeChoice[] = [
    { what: `method ${METHODS[method].label}`, isReaders: choices.method === 'reader' },
    ...ROLES.filter((role) => study[role]).map((role) => ({
      what: `${role.toUpperCase()} series`,
      isReaders: choices.roles[role] === 'reader',
    })),
    ...EARS.map((ear) => ({
      what: `position of the ${ear} ear`,
      isReaders: choices.ears[ear] === 'reader',
    })),
  ];
  for (const ear of EARS) {
    for (const organ of ORGANS) {
      const measured = ears[ear]?.[organ];
      if (!measured) continue;
      const name = `of the ${ear} ${organ}`;
      if (measured.area) {
        made.push({ what: `slice ${name}`, isReaders: measured.area.chosenBy === 'reader' });
      }
      made.push({ what: `region ${name}`, isReaders: measured.mask !== 'automatic' });
    }
  }
  return made;
}

/** True where nothing in a measurement is the reader's. */
export function isUnedited(measurement: Measurement): boolean {
  return madeChoices(measurement).every(({ isReaders }) => !isReaders);
}

const ROLES: readonly Role[] = ['mrc', 'ppi', 'pei'];
const EARS: readonly EarSide[] = ['left', 'right'];
const ORGANS: readonly Organ[] = ['cochlea', 'vestibule'];
