import { EAR_SIDES, METHODS, REQUIRED_ROLES } from '@inner-ear-hydrops/core';
import type { Vector3 } from '@inner-ear-hydrops/core';
import type { HydropsState } from './HydropsState';

/**
 * What has changed since the measurement on the screen was made, in words: "method changed to HYDROPS2-Mi2".
 * Empty where it is up to date or where there is none.
 */
export function outOfDate(state: HydropsState): string[] {
  const { measurement, measuredWith } = state;
  if (!measurement || !measuredWith) return [];
  const changes: string[] = [];
  if (state.method !== measuredWith.method) {
    changes.push(`method changed to ${METHODS[state.method].label}`);
  }
  for (const role of REQUIRED_ROLES[measuredWith.method]) {
    const time = state.inversionTimes[role];
    const isSame = time === measuredWith.inversionTimes[role];
    if (state.roles[role] === measuredWith.roles[role] && isSame) continue;
    const now = state.series.find(
      (candidate) => candidate.displaySetInstanceUID === state.roles[role]
    );
    const number = now?.seriesNumber ?? null;
    const series = now ? (number === null ? 'another series' : `series ${number}`) : 'no series';
    const images = time === undefined ? '' : `, TI ${time} ms`;
    changes.push(`${role.toUpperCase()} changed to ${series}${images}`);
  }
  for (const ear of EAR_SIDES) {
    if (samePlace(state.earCenters[ear], measuredWith.earCenters[ear])) continue;
    changes.push(`position of the ${ear} ear changed`);
  }
  return changes;
}

function samePlace(a: Vector3 | undefined, b: Vector3 | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.every((x, n) => x === b[n]));
}
