import { ROLE_KEYS } from '../registry';
import type { SeriesHeader } from '../types';
import { exclusion, fitsTime } from './rateSeries';
import type { RoleRules } from './roleRules';

/**
 * Series that hold the images of several roles, told apart by inversion time: PPI and PEI acquired as one series. Their
 * kinds of images are candidates one by one.
 *
 * @param headers of each series one for each kind of image in it
 * @returns Series Instance UIDs
 */
export function kindsByTime(
  headers: readonly SeriesHeader[],
  rules: RoleRules
): ReadonlySet<string> {
  const roles = new Map<string, Set<string>>();
  for (const header of headers) {
    const { seriesInstanceUid: uid, inversionTime: time } = header;
    if (!time || exclusion(header, rules)) continue;
    const role = ROLE_KEYS.find((candidate) => fitsTime(rules.roles[candidate], time));
    if (role) roles.set(uid, (roles.get(uid) ?? new Set()).add(role));
  }
  return new Set([...roles].flatMap(([uid, found]) => (found.size > 1 ? [uid] : [])));
}

/** The header without its names: they are those of the series, and say nothing of one kind of its images. */
export function ratedByTime(header: SeriesHeader): SeriesHeader {
  return { ...header, seriesDescription: '', protocolName: '', sequenceName: '' };
}
