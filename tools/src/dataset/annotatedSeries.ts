import {
  recognizeRoles,
  RefusedInputError,
  ROLE_KEYS,
  ROLES,
  sameGrid,
  type Role,
  type Series,
} from '@inner-ear-hydrops/core';
import { roleHeaders } from '@inner-ear-hydrops/core/dicom';
import type { AnnotationFile, IndexedStudy } from './dicomIndex';

/** Where an annotation was drawn, and the MRC that it is used for, by Series Instance UID. */
export interface AnnotatedSeries {
  mrc: string;
  drawnOn: string;
  /** What is to be known of that choice; null where it was drawn on the one MRC. */
  note: string | null;
}

/** Millimetres by which grids that are one may differ. */
const SAME_GRID = 0.05;

export function rolesOf(study: IndexedStudy): Record<Role, string | null> {
  return recognizeRoles([...study.series.values()].flatMap(roleHeaders)).roles;
}

/**
 * The series of a study that an annotation belongs to. A network sees MRC: what was drawn on another series is used
 * where the study has an MRC, and `carriedTo` refuses it where that MRC is on another grid.
 * @throws RefusedInputError `annotation-without-images`, `annotation-without-mrc`
 */
export function seriesOfAnnotation(
  study: IndexedStudy,
  annotation: AnnotationFile
): AnnotatedSeries {
  const roles = rolesOf(study);
  if (annotation.kind === 'label-file') return seriesOfLabels(roles.mrc);
  const { referencedSeries, referencedCount } = annotation;
  const drawnOn = referencedSeries ?? roles.mrc;
  const drawn = drawnOn === null ? undefined : study.series.get(drawnOn);
  if (drawnOn === null || !drawn)
    throw new RefusedInputError(
      'annotation-without-images',
      `It was drawn on series ${drawnOn ?? '(not named)'}, which is not among the data.`,
      'Add the images of that series.'
    );
  if (drawnOn === roles.mrc)
    return { mrc: drawnOn, drawnOn, note: referencedSeries ? ofSeveral(referencedCount) : UNNAMED };
  const name = `"${drawn.header.seriesDescription}"`;
  // Of several MRC the one that was drawn on, not the one that a measurement would take.
  if (recognizeRoles(roleHeaders(drawn)).roles.mrc === drawnOn)
    return { mrc: drawnOn, drawnOn, note: `drawn on ${name}, one of several MRC` };
  const role = ROLE_KEYS.find((key) => roles[key] === drawnOn);
  const what = role ? `${ROLES[role].label} ${name}` : name;
  if (roles.mrc)
    return {
      mrc: roles.mrc,
      drawnOn,
      note: `drawn on ${what} and carried to MRC, whose grid is the same`,
    };
  if (role)
    throw new RefusedInputError(
      'annotation-without-mrc',
      `It was drawn on ${what}, and no series of the study is recognised as MRC.`,
      'Add the MRC series, or name it so that it can be recognised, for example "MRC".'
    );
  return {
    mrc: drawnOn,
    drawnOn,
    note: `no series is recognised as MRC; ${name}, on which it was drawn, is used as MRC`,
  };
}

/** A file of labels names no series: its own geometry says where it lies, and whether that is on MRC. */
function seriesOfLabels(mrc: string | null): AnnotatedSeries {
  if (mrc) return { mrc, drawnOn: mrc, note: null };
  throw new RefusedInputError(
    'annotation-without-mrc',
    'No series of the study is recognised as MRC, and a file of labels names none.',
    'Add the MRC series, or name it so that it can be recognised, for example "MRC".'
  );
}

const UNNAMED =
  'it does not name the series that it was drawn on; MRC is used, since it lies on the voxels of MRC';

const ofSeveral = (count: number): string | null =>
  count > 1 ? `it names ${count} series; the first is used` : null;

/**
 * Refuses to carry labels from one series to another unless a voxel of one is the same voxel of the other.
 * @throws RefusedInputError `annotation-series-differs`
 */
export function requireSameGrid(drawn: Series, mrc: Series): void {
  const [from, to] = [drawn.header, mrc.header];
  const isSameFrame =
    !from.frameOfReferenceUid ||
    !to.frameOfReferenceUid ||
    from.frameOfReferenceUid === to.frameOfReferenceUid;
  if (isSameFrame && sameGrid(drawn.volume, mrc.volume, SAME_GRID)) return;
  throw new RefusedInputError(
    'annotation-series-differs',
    `The annotation was drawn on series "${from.seriesDescription}" (${gridOf(drawn)}), which ` +
      (isSameFrame
        ? `is on another grid than MRC "${to.seriesDescription}" (${gridOf(mrc)}).`
        : `is in another Frame of Reference than MRC "${to.seriesDescription}".`),
    'Draw it on MRC, or export it from there.'
  );
}

const gridOf = ({ volume: { size, spacing } }: Series): string =>
  `${size.join(' × ')} voxels of ${spacing.map((mm) => mm.toFixed(2)).join(' × ')} mm`;
