import { EAR_SIDES, knownAutomatic, perRole, ROLE_KEYS } from '@inner-ear-hydrops/core';
import type { Choices, Role } from '@inner-ear-hydrops/core';
import { INITIAL_STATE, type HydropsState } from './HydropsState';

/** The fields of the state that say who chose what the next computation rests on. */
export type ChoosingState = Pick<
  HydropsState,
  'method' | 'series' | 'roles' | 'automaticRoles' | 'inversionTimes' | 'earCenters' | 'foundEars'
>;

/** Who chose what the next computation rests on. A choice that equals the automatic choice does not count. */
export function choicesOf(state: ChoosingState): Choices {
  const { method, series, roles, automaticRoles, inversionTimes, earCenters, foundEars } = state;
  const automaticSeries = (key: Role) =>
    series.find(({ displaySetInstanceUID }) => displaySetInstanceUID === automaticRoles[key])
      ?.seriesInstanceUid ?? null;
  const by = (isReaders: boolean) => (isReaders ? 'reader' : 'automatic');
  const role = (key: Role) =>
    by(roles[key] !== automaticRoles[key] || inversionTimes[key] !== undefined);
  return {
    method: by(method !== INITIAL_STATE.method),
    roles: perRole(role),
    ears: { left: by(Boolean(earCenters.left)), right: by(Boolean(earCenters.right)) },
    ...knownAutomatic({
      series: Object.fromEntries(
        ROLE_KEYS.filter((key) => role(key) === 'reader').map((key) => [key, automaticSeries(key)])
      ),
      ears: Object.fromEntries(
        EAR_SIDES.flatMap((ear) => {
          const found = foundEars[ear];
          return earCenters[ear] && found ? [[ear, found]] : [];
        })
      ),
    }),
  };
}
