import {
  anatomyFromLabels,
  RefusedInputError,
  sameGrid,
  type Series,
} from '@inner-ear-hydrops/core';
import { readBuffer } from '../files/inputFiles';
import { requireSameGrid, rolesOf, type AnnotatedSeries } from './annotatedSeries';
import type { AnnotationPolicy } from './annotationChoice';
import { readLabelImage } from '../labelFiles/readLabelFile';
import { decodeAnnotation, type OpenAnnotation } from './decodeAnnotation';
import path from 'node:path';
import type { AnnotationFile, DicomIndex, IndexedStudy } from './dicomIndex';
import { absentOrgans, ALL_KNOWN } from './knownOrgans';
import type { LabelledStudy } from './labelledStudy';
import { readTruth } from './phantomTruth';
import { noMrc, readDrawn, readRoles } from './readStudy';

/** A study of `hydrops phantom`. @param file its truth.json */
export function phantomStudy(study: IndexedStudy, file: string, index: DicomIndex): LabelledStudy {
  const name = path.dirname(file);
  return {
    name,
    patient: study.patient,
    patientNames: namesOf(study),
    studyInstanceUid: study.studyInstanceUid,
    kind: 'phantom',
    reader: null,
    file,
    async load(roles) {
      const truth = await readTruth(file);
      const uid = rolesOf(study).mrc;
      if (!uid) throw noMrc(name);
      const { mrc, series, warnings } = await readRoles(study, uid, roles, index);
      if (!sameGrid(mrc.volume, truth.grid, 0.05)) throw otherGrid(file, mrc);
      const { anatomy } = truth;
      return {
        ...{ mrc, series, anatomy, known: ALL_KNOWN, missing: absentOrgans(anatomy) },
        ...{ slices: {}, isDrawn: false, truth, notes: [], warnings },
      };
    },
  };
}

/** A study with the annotation that was chosen of it. */
export function annotatedStudy(
  study: IndexedStudy,
  annotation: AnnotationFile,
  { mrc: uid, drawnOn, note }: AnnotatedSeries,
  reader: string | null,
  index: DicomIndex,
  policy: AnnotationPolicy
): LabelledStudy {
  return {
    name: study.folder,
    patient: study.patient,
    patientNames: namesOf(study),
    studyInstanceUid: study.studyInstanceUid,
    kind: annotation.kind,
    reader,
    file: annotation.file,
    async load(roles) {
      const { mrc, series, warnings } = await readRoles(study, uid, roles, index);
      const drawn = drawnOn === uid ? mrc : await readDrawn(study, drawnOn, index);
      requireSameGrid(drawn, mrc);
      const { labels, known, missing, slices, notes, isDrawn, ...decoded } = decodeAnnotation(
        await openAnnotation(annotation),
        drawn,
        policy
      );
      return {
        mrc,
        series,
        anatomy: anatomyFromLabels(labels),
        known,
        missing,
        slices,
        isDrawn,
        truth: null,
        notes: note ? [`The annotation: ${note}.`, ...notes] : notes,
        warnings: [...warnings, ...decoded.warnings],
      };
    },
  };
}

/** Its voxels, which are read when its turn comes. */
async function openAnnotation(annotation: AnnotationFile): Promise<OpenAnnotation> {
  if (annotation.kind !== 'label-file')
    return { annotation, contents: await readBuffer(annotation.file) };
  return { annotation, image: await readLabelImage(annotation.file) };
}

const namesOf = ({ patient, identity, studyInstanceUid }: IndexedStudy): string[] =>
  [...new Set([patient, identity.id, studyInstanceUid])].filter(Boolean);

function otherGrid(file: string, mrc: Series): RefusedInputError {
  return new RefusedInputError(
    'annotation-grid-differs',
    `${file} is on another grid than series "${mrc.header.seriesDescription}" (${mrc.volume.size.join(' × ')} voxels).`,
    'Make the cohort again with hydrops phantom.'
  );
}
