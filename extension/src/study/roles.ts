import { recognizeRoles, ROLE_KEYS } from '@inner-ear-hydrops/core';
import type {
  RecognizedRoles,
  Role,
  RoleRules,
  SeriesHeader,
  Warning,
} from '@inner-ear-hydrops/core';
import { headerFromDataset, headersOfInstances } from '@inner-ear-hydrops/core/dicom';
import { DERIVED_FLAG, derivedKind, storedDerivedKind } from '../host/displaySets';
import type { SeriesEntry } from '../state/HydropsState';
import type { DisplaySet } from '../host/types';

export { ROLE_KEYS as ROLES };

/** What the reader has set: a display set, or `null` for "no series has this role". */
export type RoleChoices = Partial<Record<Role, string | null>>;

export interface RoleAssignment {
  series: SeriesEntry[];
  roles: Record<Role, string | null>;
  /** As recognised, whatever the reader chose. */
  automatic: Record<Role, string | null>;
  headers: Map<string, SeriesHeader>;
  /** Warnings from recognising: several series for one role. */
  warnings: Warning[];
}

/** True for a display set of MR images that may play a role. */
function isImageSeries(displaySet: DisplaySet): boolean {
  return (
    !displaySet[DERIVED_FLAG] &&
    // Also while the host is making it: corrected images carry the times of the series that they are made of.
    derivedKind(displaySet) === null &&
    !storedDerivedKind(displaySet) &&
    !displaySet.excludeFromThumbnailBrowser &&
    displaySet.Modality === 'MR' &&
    (displaySet.instances?.length ?? 0) > 0
  );
}

/**
 * Lists a study's series with their roles: as recognised by the rules, unless the reader chose.
 * Roles name display sets, since a host may split a series into several.
 */
export function assignRoles(
  displaySets: DisplaySet[],
  choices: RoleChoices,
  rules: unknown
): RoleAssignment {
  const candidates = displaySets.filter(isImageSeries);
  const headers = new Map<string, SeriesHeader>();
  for (const displaySet of candidates) {
    headers.set(displaySet.displaySetInstanceUID, headerOf(displaySet));
  }
  // Of a series that the host has split, the largest part stands for it.
  const ofSeries = new Map<string, string>();
  for (const [uid, header] of headers) {
    const known = ofSeries.get(header.seriesInstanceUid);
    if (!known || (headers.get(known)?.imageCount ?? 0) < header.imageCount) {
      ofSeries.set(header.seriesInstanceUid, uid);
    }
  }
  const largest = new Set(ofSeries.values());
  const recognised = recognizeRoles(
    candidates
      .filter(({ displaySetInstanceUID }) => largest.has(displaySetInstanceUID))
      .flatMap(kindsOf),
    rules ? (rules as RoleRules) : undefined
  );
  const roles: Record<Role, string | null> = { mrc: null, ppi: null, pei: null };
  const automatic: Record<Role, string | null> = { mrc: null, ppi: null, pei: null };
  const chosen = new Set(Object.values(choices).filter((uid): uid is string => Boolean(uid)));
  for (const role of ROLE_KEYS) {
    const choice = choices[role];
    const seriesUid = recognised.roles[role];
    const uid = seriesUid ? (ofSeries.get(seriesUid) ?? null) : null;
    automatic[role] = uid;
    if (choice !== undefined) {
      roles[role] = choice !== null && headers.has(choice) ? choice : null;
      continue;
    }
    roles[role] = uid !== null && chosen.has(uid) ? null : uid;
  }
  const series = candidates.map((displaySet): SeriesEntry => {
    const uid = displaySet.displaySetInstanceUID;
    const header = headers.get(uid) as SeriesHeader;
    const role = ROLE_KEYS.find((key) => roles[key] === uid) ?? null;
    return {
      displaySetInstanceUID: uid,
      seriesInstanceUid: header.seriesInstanceUid,
      seriesNumber: header.seriesNumber,
      description: header.seriesDescription,
      imageCount: header.imageCount,
      inversionTimes: inversionTimesOf(displaySet),
      role,
      reason: chosen.has(uid)
        ? 'set by the reader'
        : (recognised.reasons[header.seriesInstanceUid] ?? ''),
    };
  });
  const { warnings = [] } = recognised as RecognizedRoles & { warnings?: Warning[] };
  return {
    series,
    roles,
    automatic,
    headers,
    // Of a role that the reader has chosen a series for, "the latest was taken" is no longer true.
    warnings: warnings.filter(
      ({ values }) => !ROLE_KEYS.some((role) => role === values?.['role'] && choices[role])
    ),
  };
}

/** Kept, since the host asks for roles at each change of its layout and a series has hundreds of instances. */
const known = new WeakMap<DisplaySet, { instances: number; kinds: SeriesHeader[] }>();

/** A header of each kind of image, as the command line has them of the files. */
function kindsOf(displaySet: DisplaySet): SeriesHeader[] {
  const instances = displaySet.instances ?? [];
  const before = known.get(displaySet);
  if (before?.instances === instances.length) return before.kinds;
  const found = headersOfInstances(instances);
  const kinds = found.length > 1 ? found : [headerOf(displaySet)];
  known.set(displaySet, { instances: instances.length, kinds });
  return kinds;
}

/** A kind of image needs this many to be a stack. */
const MIN_IMAGES = 3;

/** Milliseconds, ascending, where a series holds stacks of several. */
function inversionTimesOf(displaySet: DisplaySet): number[] {
  const times = kindsOf(displaySet).flatMap(({ inversionTime, imageCount }) =>
    inversionTime !== null && imageCount >= MIN_IMAGES ? [inversionTime] : []
  );
  const distinct = [...new Set(times)].sort((a, b) => a - b);
  return distinct.length > 1 ? distinct : [];
}

function headerOf(displaySet: DisplaySet): SeriesHeader {
  const instances = displaySet.instances ?? [];
  const frames = Number(displaySet['numImageFrames']);
  return headerFromDataset(
    instances[0] as Record<string, unknown>,
    Number.isFinite(frames) && frames > 0 ? frames : instances.length
  );
}

/** Milliseconds: the images of a series that the reader has chosen for a role, where it holds several times. */
export type InversionTimes = Partial<Record<Role, number>>;

/**
 * The reader's choices after giving `role` to a display set; it loses any other role.
 * @param keeps other roles that stay with it: other images of it play them
 */
export function withChoice(
  choices: RoleChoices,
  current: Record<Role, string | null>,
  displaySetInstanceUID: string,
  role: Role | null,
  keeps: readonly Role[] = []
): RoleChoices {
  const next: RoleChoices = { ...choices };
  for (const key of ROLE_KEYS) {
    if (current[key] !== displaySetInstanceUID || key === role) continue;
    next[key] = keeps.includes(key) ? displaySetInstanceUID : null;
  }
  if (role) next[role] = displaySetInstanceUID;
  return next;
}

/** The reader's choices after giving a role back to the series that was recognised for it. */
export function withoutChoice(
  choices: RoleChoices,
  automatic: Record<Role, string | null>,
  role: Role
): RoleChoices {
  const next: RoleChoices = {};
  const freed = choices[role];
  for (const key of ROLE_KEYS) {
    const choice = choices[key];
    if (key === role || choice === undefined) continue;
    // The series goes back from the role that the reader gave it.
    if (choice !== null && choice === automatic[role]) continue;
    // A role that was emptied by this choice gets its series back.
    if (choice === null && freed && freed === automatic[key]) continue;
    next[key] = choice;
  }
  return next;
}
