import {
  recognizeRoles,
  RefusedInputError,
  wishFor,
  type Method,
  type Role,
  type SeriesHeader,
  type StudySeries,
  type Warning,
  REQUIRED_ROLES,
} from '@inner-ear-hydrops/core';
import {
  assembleCollected,
  lostWarnings,
  namingLost,
  readSeries,
  roleHeaders,
} from '@inner-ear-hydrops/core/dicom';
import { PIXEL_CODECS } from '@inner-ear-hydrops/core/codecs';
import { listFiles, readBuffer } from '../files/inputFiles';

export interface StudyChoice {
  roles: Partial<Record<Role, string>>;
  /** Milliseconds: the images of a role, in a series that holds several. */
  inversionTimes?: Partial<Record<Role, number>>;
  studyInstanceUid?: string;
  method: Method;
}

/** The series of a study by role. */
export interface LoadedSeries {
  series: StudySeries;
  warnings: Warning[];
  /** What each role's series is called, for people. */
  names: Record<string, string>;
}

/**
 * Reads DICOM files and directories and picks the series of one study by role.
 * @throws RefusedInputError `no-dicom`, `several-studies`, `series-unknown`, `series-missing`, and those of
 * reading
 */
export async function loadStudy(inputs: string[], choice: StudyChoice): Promise<LoadedSeries> {
  const paths = await listFiles(inputs);
  const files = () => paths.map((name) => ({ name, buffer: () => readBuffer(name) }));
  // Two passes, so that only the pixels of the series with a role are ever held.
  const {
    series: found,
    ignored,
    lost,
    folders,
  } = await readSeries(files(), { headersOnly: true });
  if (found.size === 0) {
    throw new RefusedInputError(
      'no-dicom',
      `None of the ${paths.length} files is a DICOM image that can be used` +
        (ignored[0] ? ` (${ignored[0].name}: ${ignored[0].reason}).` : '.'),
      'Give a directory that holds the MRC, PPI and PEI series of one study.'
    );
  }
  const headers = [...found.values()].flatMap(roleHeaders);
  const { roles, warnings: repeated } = chooseRoles(headers, choice);
  const wanted = REQUIRED_ROLES[choice.method].flatMap((role) => roles[role] ?? []);
  const { series: read } = await readSeries(files(), {
    only: new Set(wanted),
    codecs: PIXEL_CODECS,
  });
  const series: StudySeries = {};
  const warnings: Warning[] = [...repeated];
  const names: Record<string, string> = {};
  for (const role of REQUIRED_ROLES[choice.method]) {
    const uid = roles[role];
    const entry = uid ? read.get(uid) : undefined;
    if (!entry) continue;
    const wish = wishFor(role, choice.method, choice.inversionTimes?.[role]);
    const assembled = namingLost(lost, entry.header, folders, () => assembleCollected(entry, wish));
    series[role] = assembled.series;
    warnings.push(...assembled.warnings);
    names[role.toUpperCase()] =
      `${entry.header.seriesDescription || '(no description)'} (${entry.header.seriesInstanceUid})`;
  }
  warnings.push(...lostWarnings(lost, Object.values(series), folders));
  return { series, warnings, names };
}

function chooseRoles(
  headers: SeriesHeader[],
  choice: StudyChoice
): { roles: Partial<Record<Role, string | null>>; warnings: Warning[] } {
  for (const [role, uid] of Object.entries(choice.roles)) {
    if (!headers.some((header) => header.seriesInstanceUid === uid)) {
      throw new RefusedInputError(
        'series-unknown',
        `--roles names the series ${uid} as ${role.toUpperCase()}, which the input does not hold.`,
        `The input holds: ${list(headers)}.`,
        { role, uid }
      );
    }
  }
  const study = chooseStudy(headers, choice);
  const ofStudy = headers.filter((header) => header.studyInstanceUid === study);
  const recognised = recognizeRoles(ofStudy, undefined, choice.roles);
  const roles = { ...recognised.roles, ...choice.roles };
  const required = REQUIRED_ROLES[choice.method];
  const missing = required.filter((role) => !roles[role]);
  if (missing.length > 0) {
    const names = new Intl.ListFormat('en').format(missing.map((role) => role.toUpperCase()));
    throw new RefusedInputError(
      'series-missing',
      `No series was recognised as ${names}, which the method ${choice.method} needs.`,
      `Name it with --roles ${missing.map((role) => `${role}=UID`).join(',')}, or with UID@TI where a series holds the ` +
        `images of several inversion times. The study holds: ${list(ofStudy)}.`,
      { roles: missing.join(','), method: choice.method }
    );
  }
  const warnings = recognised.warnings.filter(({ values }) =>
    required.some((role) => role === values?.role)
  );
  return { roles, warnings };
}

/** The one study that holds the roles; naming it is the caller's task when there are several. */
function chooseStudy(headers: SeriesHeader[], choice: StudyChoice): string {
  const named = Object.values(choice.roles)[0];
  const wanted =
    choice.studyInstanceUid ??
    headers.find((header) => header.seriesInstanceUid === named)?.studyInstanceUid;
  const studies = [...new Set(headers.map((header) => header.studyInstanceUid))];
  if (wanted) {
    if (studies.includes(wanted)) return wanted;
    throw new RefusedInputError(
      'study-unknown',
      `The input does not hold the study ${wanted}.`,
      `It holds: ${studies.join(', ')}.`
    );
  }
  const [only] = studies;
  if (only && studies.length === 1) return only;
  const complete = studies.filter((study) => {
    const { roles } = recognizeRoles(headers.filter((entry) => entry.studyInstanceUid === study));
    return REQUIRED_ROLES[choice.method].every((role) => roles[role]);
  });
  const [onlyComplete] = complete;
  if (onlyComplete && complete.length === 1) return onlyComplete;
  throw new RefusedInputError(
    'several-studies',
    `The input holds ${studies.length} studies, ${complete.length} of them with all series that ${choice.method} needs.`,
    `Name one with --study: ${(complete.length > 0 ? complete : studies).join(', ')}.`
  );
}

function list(headers: SeriesHeader[]): string {
  const series = new Map<string, { name: string; images: number; times: Set<number> }>();
  for (const header of headers) {
    const { seriesInstanceUid: uid, seriesDescription: name, imageCount, inversionTime } = header;
    const known = series.get(uid);
    const times = new Set([...(known?.times ?? []), ...(inversionTime ? [inversionTime] : [])]);
    series.set(uid, { name, images: imageCount + (known?.images ?? 0), times });
  }
  return [...series]
    .map(([uid, { name, images, times }]) => {
      const ofTimes =
        times.size > 1
          ? `, inversion times ${[...times].sort((a, b) => a - b).join(' and ')} ms`
          : '';
      return `${uid} "${name}" (${images} images${ofTimes})`;
    })
    .join('; ');
}
