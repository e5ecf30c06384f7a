import path from 'node:path';
import { RefusedInputError } from '@inner-ear-hydrops/core';
import { isDirectoryFile } from '../files/mediumDirectory';
import { seriesOfAnnotation } from './annotatedSeries';
import { chooseAnnotation, STRICT_POLICY, type AnnotationPolicy } from './annotationChoice';
import type { AnnotationFile, DicomIndex, IndexedStudy, LostAnnotation } from './dicomIndex';
import type { DataProblem, LabelledStudy } from './labelledStudy';
import { annotatedStudy, phantomStudy } from './openStudies';
import { groupOf, patientQuestions, unusedGroups, type PatientGroups } from './patients';
import { pairLabels, type LabelPairs } from './labelPairing';
import { NO_LABELS, type LabelSource } from './labelSource';
import { candidatesOf, readStudyLabels, sayUnclear, type StudyLabels } from './studyLabels';
import { policyNotes } from './policyNotes';
import { severalPatients, severalStates, withoutCopies } from './sameObjects';
import { readTruth } from './phantomTruth';

/** How studies are paired with annotations and patients. */
export interface PairingOptions {
  policy: AnnotationPolicy;
  groups: PatientGroups;
  /** NIfTI and NRRD files beside those that lie among the data. */
  labels?: LabelSource;
}

export const DEFAULT_PAIRING: PairingOptions = { policy: STRICT_POLICY, groups: new Map() };

export interface LabelledStudies {
  studies: LabelledStudy[];
  problems: DataProblem[];
  /** Studies whose patient the data do not tell: a problem where patients are split, else a note. */
  questions: DataProblem[];
  notes: string[];
  /** Studies that were given: as many as `studies` and `leftOut` together. */
  given: number;
  /** Each study that cannot be paired, with its reason; those of them that are faults are among `problems` as well. */
  leftOut: DataProblem[];
}

/** Pairs images with annotations; of what cannot be paired the reason is told. */
export async function findLabelledStudies(
  index: DicomIndex,
  { policy, groups, labels = NO_LABELS }: PairingOptions = DEFAULT_PAIRING
): Promise<LabelledStudies> {
  const found: LabelledStudies = {
    ...{ studies: [], problems: [], questions: [], notes: [], leftOut: [] },
    given: index.studies.size,
  };
  const { studies, problems, notes } = found;
  for (const { file, error } of index.lostInputs) {
    problems.push({ code: error.code, where: file, message: `${error.message} ${error.remedy}` });
  }
  if (index.lost.length > 0) {
    notes.push(
      `${index.lost.length} of the files cannot be read: ${index.lost.map(({ reason }) => reason).join(' ')}`
    );
  }
  const pairs = pairLabels(index, labels);
  const unclear = await sayUnclear(pairs.unclear, labels.names);
  problems.push(...unclear.problems);
  notes.push(...unclear.notes);
  const taken = await pairTruths(index, pairs, found);
  const unasked: IndexedStudy[] = [];
  const readers: (string | null)[] = [];
  for (const study of index.studies.values()) {
    if (taken.has(study.studyInstanceUid)) continue;
    const patient = groupOf(groups, study);
    const own = { ...study, patient: patient ?? study.patient };
    const read = await readStudyLabels(
      pairs.byStudy.get(study.studyInstanceUid) ?? [],
      labels.names
    );
    study.labelFiles.push(...read.given, ...read.beside);
    const isTold = patient !== null;
    const paired = pairStudy(own, { isTold, labels: read, index, policy, found, readers });
    if (!paired) continue;
    if (patient === null) unasked.push(study);
    studies.push(paired);
  }
  for (const lost of index.lostAnnotations) {
    if ([...index.studies.values()].some((study) => isOf(lost, study))) continue;
    const message = `${lost.reason} It is an annotation, but its study cannot be told.`;
    problems.push({ code: 'annotation-unreadable', where: lost.file, message });
  }
  for (const key of unusedGroups(groups, index.studies.values())) {
    problems.push({
      code: 'group-unknown',
      where: key,
      message: 'The file of --groups names it, but no study has this UID, folder or Patient ID.',
    });
  }
  studies.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  notes.push(...policyNotes(index, policy, readers));
  return { ...found, questions: patientQuestions(unasked) };
}

/** Why a study is left out; `isFault`: training asks about it first. */
type Reason = Omit<DataProblem, 'where'> & { isFault: boolean };

function leaveOut(where: string, { isFault, ...reason }: Reason, found: LabelledStudies): void {
  const problem = { ...reason, where };
  found.leftOut.push(problem);
  if (isFault) found.problems.push(problem);
}

/** Which of a medium's studies lack files is not known: none of them is used. */
function lostMedium({ series }: IndexedStudy, index: DicomIndex): string | undefined {
  const media = index.lostInputs.map(({ file }) => file).filter(isDirectoryFile);
  const files = [...series.values()].flatMap((entry) => entry.files);
  return media.find((medium) => files.some((file) => isWithin(file, path.dirname(medium))));
}

const onLostMedium = (medium: string): Reason => ({
  code: 'dicomdir-incomplete',
  message: `It lies on the medium of ${medium}, which is incomplete: it cannot be told which study the missing files belong to.`,
  // The medium itself is named already.
  isFault: false,
});

/** Phantoms, by their `truth.json`. @returns Study Instance UIDs of studies that are paired or left out */
async function pairTruths(
  index: DicomIndex,
  { byStudy }: LabelPairs,
  found: LabelledStudies
): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const file of index.truths) {
    const { studyInstanceUid } = await readTruth(file);
    const study = index.studies.get(studyInstanceUid);
    if (!study || taken.has(studyInstanceUid)) {
      found.given++;
      leaveOut(file, study ? TRUTH_TWICE : withoutImages(studyInstanceUid), found);
      continue;
    }
    taken.add(studyInstanceUid);
    const medium = lostMedium(study, index);
    if (medium) {
      leaveOut(study.folder, onLostMedium(medium), found);
      continue;
    }
    const passedOver = [
      ...study.segmentations,
      ...study.structureSets,
      ...(byStudy.get(studyInstanceUid) ?? []),
    ];
    if (passedOver.length > 0) {
      const names = passedOver.map((annotation) => path.basename(annotation.file)).join(', ');
      found.notes.push(`${study.folder}: a phantom; its truth.json is used, not ${names}.`);
    }
    found.studies.push(phantomStudy(study, file, index));
  }
  return taken;
}

const TRUTH_TWICE: Reason = {
  code: 'study-given-twice',
  message: 'Another truth.json belongs to the same study, which is used once.',
  isFault: false,
};

const withoutImages = (uid: string): Reason => ({
  code: 'annotation-without-images',
  message: `It belongs to study ${uid}, whose images are missing.`,
  isFault: true,
});

interface Pairing {
  /** Whether the user said whose study it is. */
  isTold: boolean;
  labels: StudyLabels;
  index: DicomIndex;
  policy: AnnotationPolicy;
  found: LabelledStudies;
  /** Who drew what is used; null where nobody is named. */
  readers: (string | null)[];
}

/** A study with its annotation; null where it is left out. */
function pairStudy(
  study: IndexedStudy,
  { isTold, labels, index, policy, found, readers }: Pairing
): LabelledStudy | null {
  const refuse = (reason: Reason) => {
    leaveOut(study.folder, reason, found);
    return null;
  };
  const medium = lostMedium(study, index);
  if (medium) return refuse(onLostMedium(medium));
  found.notes.push(...labels.notes.map((note) => `${study.folder}: ${note}`));
  const unreadable = [
    ...index.lostAnnotations.filter((lost) => isOf(lost, study)),
    ...labels.unreadable,
  ];
  if (unreadable.length > 0) return refuse(unreadableAnnotations(unreadable));
  const dicom = withoutCopies([...study.segmentations, ...study.structureSets]);
  const copies = {
    ...labels,
    given: withoutCopies(labels.given),
    beside: withoutCopies(labels.beside),
  };
  const candidates = candidatesOf(dicom, copies, policy);
  if ('ambiguous' in candidates)
    return refuse({ code: 'labels-ambiguous', message: candidates.ambiguous, isFault: true });
  const { annotations } = candidates;
  if (candidates.note) found.notes.push(`${study.folder}: ${candidates.note}`);
  const fault = severalPatients(study, isTold) ?? severalStates(annotations);
  if (fault && annotations.length > 0) return refuse({ ...fault, isFault: true });
  if (annotations.length === 0)
    return refuse({
      code: 'no-annotation',
      message: 'It has no annotation (DICOM SEG, RTSTRUCT, or a file of labels).',
      isFault: false,
    });
  const choice = chooseAnnotation(annotations, policy);
  if (!choice.chosen) return refuse(choice.leftOut);
  const { chosen, reader, note } = choice;
  if (note) found.notes.push(`${study.folder}: ${note}`);
  try {
    const paired = annotatedStudy(
      study,
      chosen,
      seriesOfAnnotation(study, chosen),
      reader,
      index,
      policy
    );
    readers.push(reader);
    return paired;
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    const { code, message } = error;
    const where = elsewhere(chosen, study, index);
    return refuse({
      code,
      message: `${path.basename(chosen.file)}: ${message}${where}`,
      isFault: true,
    });
  }
}

/** Of a series that lies in another study, which. */
function elsewhere(
  annotation: AnnotationFile,
  study: IndexedStudy,
  { studies }: DicomIndex
): string {
  if (annotation.kind === 'label-file') return '';
  const { referencedSeries, header } = annotation;
  const other = [...studies.values()].find(({ series }) => series.has(referencedSeries ?? ''));
  if (!other || other.studyInstanceUid === study.studyInstanceUid) return '';
  return ` The series is in ${other.folder}, of study ${other.studyInstanceUid}; the annotation says that it is of study ${header.studyInstanceUid}.`;
}

const isWithin = (file: string, folder: string): boolean => file.startsWith(folder + path.sep);

/** By its study or, where it cannot be read that far, by the folder that it lies in. */
function isOf({ file, study: uid }: LostAnnotation, study: IndexedStudy): boolean {
  return uid === null ? isWithin(file, study.folder) : uid === study.studyInstanceUid;
}

/** It may be the newest annotation of the study: an older one must not stand in for it. */
function unreadableAnnotations(unreadable: readonly Pick<LostAnnotation, 'reason'>[]): Reason {
  const reasons = unreadable.map(({ reason }) => reason).join(' ');
  return {
    code: 'annotation-unreadable',
    message:
      `${reasons} It is an annotation of this study, perhaps the newest, so no other is used in its place. ` +
      'Export it again, or remove the file.',
    isFault: true,
  };
}
