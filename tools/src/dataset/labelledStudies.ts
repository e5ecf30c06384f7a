import path from 'node:path';
import {
  anatomyFromLabels,
  RefusedInputError,
  sameGrid,
  type Role,
  type Series,
  type SliceChoices,
  type StudySeries,
  type Warning,
} from '@inner-ear-hydrops/core';
import { readBuffer } from '../files/inputFiles';
import { isDirectoryFile } from '../files/mediumDirectory';
import {
  requireSameGrid,
  rolesOf,
  seriesOfAnnotation,
  type AnnotatedSeries,
} from './annotatedSeries';
import { chooseAnnotation, STRICT_POLICY, type AnnotationPolicy } from './annotationChoice';
import { decodeAnnotation } from './decodeAnnotation';
import type { AnnotationFile, DicomIndex, IndexedStudy, LostAnnotation } from './dicomIndex';
import { ALL_KNOWN, type KnownOrgans } from './knownOrgans';
import { groupOf, patientQuestions, unusedGroups, type PatientGroups } from './patients';
import { noMrc, readDrawn, readRoles } from './readStudy';
import { readTruth, type StoredTruth } from './phantomTruth';

/** Something wrong with the data, named before any work begins. */
export interface DataProblem {
  /** Stable, kebab-case. */
  code: string;
  /** Folder, patient or file that it concerns. */
  where: string;
  message: string;
}

/** A study with an annotation that can be loaded when its turn comes. */
export interface LabelledStudy {
  name: string;
  patient: string;
  /** All that names the patient: group, Patient ID and Study Instance UID. */
  patientNames: readonly string[];
  studyInstanceUid: string;
  kind: 'phantom' | 'segmentation' | 'structure-set';
  /** @throws RefusedInputError of reading, assembling or decoding */
  load(roles: readonly Role[]): Promise<LoadedStudy>;
}

export interface LoadedStudy {
  mrc: Series;
  /** The roles asked for that the study has. */
  series: StudySeries;
  /** On MRC's grid, `ANATOMY` codes. */
  anatomy: Uint8Array;
  known: KnownOrgans;
  /** Slices k on which the areas of the annotation were measured, where that was stored. */
  slices: SliceChoices;
  truth: StoredTruth | null;
  /** What of the annotation is not used or was carried, and why. */
  notes: string[];
  /** What was said while images and annotation were read. */
  warnings: Warning[];
}

/** How studies are paired with annotations and patients. */
export interface PairingOptions {
  policy: AnnotationPolicy;
  groups: PatientGroups;
}

export const DEFAULT_PAIRING: PairingOptions = { policy: STRICT_POLICY, groups: new Map() };

export interface LabelledStudies {
  studies: LabelledStudy[];
  problems: DataProblem[];
  /** Studies whose patient the data do not tell: a problem where patients are split, else a note. */
  questions: DataProblem[];
  notes: string[];
}

/** Pairs images with annotations; what cannot be paired is a problem or, where it is no fault, a note. */
export async function findLabelledStudies(
  index: DicomIndex,
  { policy, groups }: PairingOptions = DEFAULT_PAIRING
): Promise<LabelledStudies> {
  const studies: LabelledStudy[] = [];
  const problems: DataProblem[] = [];
  const notes: string[] = [];
  const unasked: IndexedStudy[] = [];
  const taken = new Set<string>();
  for (const { file, error } of index.lostInputs) {
    problems.push({ code: error.code, where: file, message: `${error.message} ${error.remedy}` });
  }
  // Which of a medium's studies lack files is not known: none of them is used.
  const media = index.lostInputs.map(({ file }) => file).filter(isDirectoryFile);
  const isLost = ({ series }: IndexedStudy) =>
    [...series.values()].some(({ files }) =>
      files.some((file) => media.some((medium) => isWithin(file, path.dirname(medium))))
    );
  for (const file of index.truths) {
    const truth = await readTruth(file);
    const study = index.studies.get(truth.studyInstanceUid);
    if (study && isLost(study)) continue;
    if (!study) {
      problems.push({
        code: 'annotation-without-images',
        where: file,
        message: `It belongs to study ${truth.studyInstanceUid}, whose images are missing.`,
      });
      continue;
    }
    taken.add(study.studyInstanceUid);
    studies.push(phantomStudy(study, file, index));
  }
  if (index.lost.length > 0) {
    notes.push(
      `${index.lost.length} of the files cannot be read: ${index.lost.map(({ reason }) => reason).join(' ')}`
    );
  }
  for (const study of index.studies.values()) {
    if (taken.has(study.studyInstanceUid) || isLost(study)) continue;
    const unreadable = index.lostAnnotations.filter((lost) => isOf(lost, study));
    if (unreadable.length > 0) {
      problems.push(unreadableAnnotations(study, unreadable));
      continue;
    }
    const annotations = [...study.segmentations, ...study.structureSets];
    if (annotations.length === 0) {
      notes.push(`${study.folder}: no annotation (DICOM SEG or RTSTRUCT); the study is left out.`);
      continue;
    }
    const { chosen, note, problem } = chooseAnnotation(annotations, policy);
    if (note) notes.push(`${study.folder}: ${note}`);
    if (problem) problems.push({ ...problem, where: study.folder });
    if (!chosen) continue;
    const series = ifAccepted(chosen.file, problems, () => seriesOfAnnotation(study, chosen));
    if (!series) continue;
    const patient = groupOf(groups, study);
    if (patient === null) unasked.push(study);
    studies.push(
      annotatedStudy({ ...study, patient: patient ?? study.patient }, chosen, series, index, policy)
    );
  }
  for (const lost of index.lostAnnotations) {
    if ([...index.studies.values()].some((study) => isOf(lost, study))) continue;
    const message = `${lost.reason} It is an annotation; of which study cannot be told.`;
    problems.push({ code: 'annotation-unreadable', where: lost.file, message });
  }
  for (const key of unusedGroups(groups, index.studies.values())) {
    problems.push({
      code: 'group-unknown',
      where: key,
      message:
        'It stands in the file of --groups, and no study has this UID, folder or Patient ID.',
    });
  }
  studies.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { studies, problems, questions: patientQuestions(unasked), notes };
}

const isWithin = (file: string, folder: string): boolean => file.startsWith(folder + path.sep);

/** By its study or, where it cannot be read that far, by the folder that it lies in. */
function isOf({ file, study: uid }: LostAnnotation, study: IndexedStudy): boolean {
  return uid === null ? isWithin(file, study.folder) : uid === study.studyInstanceUid;
}

/** It may be the newest annotation of the study: an older one must not stand in for it. */
function unreadableAnnotations(
  study: IndexedStudy,
  unreadable: readonly LostAnnotation[]
): DataProblem {
  const reasons = unreadable.map(({ reason }) => reason).join(' ');
  return {
    code: 'annotation-unreadable',
    where: study.folder,
    message:
      `${reasons} It is an annotation of this study, perhaps the newest, so that no other one is taken for it. ` +
      'Export it again, or take the file away.',
  };
}

/** A refusal becomes a problem of the data: the other studies go on. */
function ifAccepted<T>(where: string, problems: DataProblem[], work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    problems.push({ code: error.code, where, message: error.message });
    return null;
  }
}

function phantomStudy(study: IndexedStudy, file: string, index: DicomIndex): LabelledStudy {
  const name = path.dirname(file);
  return {
    name,
    patient: study.patient,
    patientNames: namesOf(study),
    studyInstanceUid: study.studyInstanceUid,
    kind: 'phantom',
    async load(roles) {
      const truth = await readTruth(file);
      const uid = rolesOf(study).mrc;
      if (!uid) throw noMrc(name);
      const { mrc, series, warnings } = await readRoles(study, uid, roles, index);
      if (!sameGrid(mrc.volume, truth.grid, 0.05)) throw otherGrid(file, mrc);
      const { anatomy } = truth;
      return { mrc, series, anatomy, known: ALL_KNOWN, slices: {}, truth, notes: [], warnings };
    },
  };
}

function annotatedStudy(
  study: IndexedStudy,
  annotation: AnnotationFile,
  { mrc: uid, drawnOn, note }: AnnotatedSeries,
  index: DicomIndex,
  policy: AnnotationPolicy
): LabelledStudy {
  return {
    name: study.folder,
    patient: study.patient,
    patientNames: namesOf(study),
    studyInstanceUid: study.studyInstanceUid,
    kind: annotation.header.modality === 'SEG' ? 'segmentation' : 'structure-set',
    async load(roles) {
      const { mrc, series, warnings } = await readRoles(study, uid, roles, index);
      const drawn = drawnOn === uid ? mrc : await readDrawn(study, drawnOn, index);
      requireSameGrid(drawn, mrc);
      const contents = await readBuffer(annotation.file);
      const { labels, known, slices, notes, ...decoded } = decodeAnnotation(
        annotation,
        contents,
        drawn,
        policy
      );
      return {
        mrc,
        series,
        anatomy: anatomyFromLabels(labels),
        known,
        slices,
        truth: null,
        notes: note ? [`The annotation: ${note}.`, ...notes] : notes,
        warnings: [...warnings, ...decoded.warnings],
      };
    },
  };
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
