import {
  DEFAULT_METHOD,
  RefusedInputError,
  wishFor,
  type Role,
  type Series,
  type StudySeries,
  type Warning,
} from '@inner-ear-hydrops/core';
import { PIXEL_CODECS } from '@inner-ear-hydrops/core/codecs';
import {
  assembleCollected,
  lostWarnings,
  namingLost,
  readSeries,
} from '@inner-ear-hydrops/core/dicom';
import { readBuffer } from '../files/inputFiles';
import { rolesOf } from './annotatedSeries';
import type { DicomIndex, IndexedStudy } from './dicomIndex';

/** The series that an annotation was drawn on, where that is not MRC. */
export async function readDrawn(
  study: IndexedStudy,
  uid: string,
  index: DicomIndex
): Promise<Series> {
  const roles = rolesOf(study);
  const role: Role = roles.ppi === uid ? 'ppi' : roles.pei === uid ? 'pei' : 'mrc';
  const read = await readRole(study, uid, role, index);
  if (!read)
    throw new RefusedInputError(
      'annotation-without-images',
      `Series ${uid}, on which the annotation was drawn, holds no image that can be read.`,
      'Add the images of that series.'
    );
  return read.series;
}

/**
 * MRC and the other roles asked for that the study has.
 * @throws RefusedInputError of reading and assembling, and `series-missing`
 */
export async function readRoles(
  study: IndexedStudy,
  mrcUid: string,
  roles: readonly Role[],
  index: DicomIndex
): Promise<{ mrc: Series; series: StudySeries; warnings: Warning[] }> {
  const found = { ...rolesOf(study), mrc: mrcUid };
  const series: StudySeries = {};
  const warnings: Warning[] = [];
  for (const role of new Set<Role>(['mrc', ...roles])) {
    const uid = found[role];
    const read = uid ? await readRole(study, uid, role, index) : null;
    if (!read) continue;
    series[role] = read.series;
    warnings.push(...read.warnings);
  }
  if (!series.mrc) throw noMrc(study.folder);
  warnings.push(...lostWarnings(lostNear(study, index), Object.values(series), index.folders));
  return { mrc: series.mrc, series, warnings };
}

/** A cohort lies in many folders; what is lost outside a study's own is none of its files. */
const lostNear = (study: IndexedStudy, { lost }: DicomIndex) =>
  lost.filter(({ name }) => name.startsWith(study.folder));

/** The images of a series that fit a role; null where none can be read. */
async function readRole(
  study: IndexedStudy,
  uid: string,
  role: Role,
  index: DicomIndex
): Promise<{ series: Series; warnings: Warning[] } | null> {
  const entry = study.series.get(uid);
  if (!entry) return null;
  const files = [...entry.files, ...(index.others.get(uid) ?? [])].map((name) => ({
    name,
    buffer: () => readBuffer(name),
  }));
  const read = (await readSeries(files, { codecs: PIXEL_CODECS })).series.get(uid);
  if (!read) return null;
  return namingLost(lostNear(study, index), read.header, index.folders, () =>
    assembleCollected(read, wishFor(role, DEFAULT_METHOD))
  );
}

export function noMrc(where: string): RefusedInputError {
  return new RefusedInputError(
    'series-missing',
    `No series of ${where} was recognised as the MR cisternography.`,
    'Name the series so that it can be recognised, for example "MRC".'
  );
}
