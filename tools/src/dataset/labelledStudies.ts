import path from 'node:path';
import {
  anatomyFromLabels,
  recognizeRoles,
  RefusedInputError,
  sameGrid,
  wishFor,
  DEFAULT_METHOD,
  type Role,
  type Series,
  type StudySeries,
  type Warning,
} from '@inner-ear-hydrops/core';
import { PIXEL_CODECS } from '@inner-ear-hydrops/core/codecs';
import {
  assembleCollected,
  decodeSegmentation,
  lostWarnings,
  namingLost,
  readSeries,
  roleHeaders,
} from '@inner-ear-hydrops/core/dicom';
import { readBuffer } from '../files/inputFiles';
import { isDirectoryFile } from '../files/mediumDirectory';
import type { AnnotationFile, DicomIndex, IndexedStudy } from './dicomIndex';
import { readTruth, type StoredTruth } from './phantomTruth';
import { decodeStructureSet } from './structureSet';

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
  /** Codes that were annotated, as bits: all of them in phantoms, cochlea and vestibule else. */
  known: number;
  truth: StoredTruth | null;
  /** What was said while the images were read. */
  warnings: Warning[];
}

const EVERYTHING = 0b111111;
const ORGANS = 0b000111;

/** Pairs images with annotations; what cannot be paired is a problem or, where it is no fault, a note. */
export async function findLabelledStudies(
  index: DicomIndex
): Promise<{ studies: LabelledStudy[]; problems: DataProblem[]; notes: string[] }> {
  const studies: LabelledStudy[] = [];
  const problems: DataProblem[] = [];
  const notes: string[] = [];
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
    const annotations = [...study.segmentations, ...study.structureSets];
    if (annotations.length === 0) {
      notes.push(`${study.folder}: no annotation (DICOM SEG or RTSTRUCT); the study is left out.`);
      continue;
    }
    const chosen = newest(annotations);
    if (annotations.length > 1) {
      notes.push(
        `${study.folder}: ${annotations.length} annotations; the latest is used (${path.basename(chosen.file)}).`
      );
    }
    const series = annotatedSeries(study, chosen);
    if (!series) {
      problems.push({
        code: 'annotation-without-images',
        where: chosen.file,
        message: `It was drawn on series ${chosen.referencedSeries ?? '(not named)'}, which is not among the data.`,
      });
      continue;
    }
    studies.push(annotatedStudy(study, chosen, series, index));
  }
  studies.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { studies, problems, notes };
}

const isWithin = (file: string, folder: string): boolean => file.startsWith(folder + path.sep);

/** Edited results carry a later date than the automatic results that they came from. */
function newest(annotations: AnnotationFile[]): AnnotationFile {
  const moment = ({ header, file }: AnnotationFile) => {
    const { ContentDate, ContentTime, SeriesDate, SeriesTime, StructureSetDate, StructureSetTime } =
      header.attributes as Record<string, string | undefined>;
    return `${ContentDate ?? StructureSetDate ?? SeriesDate ?? ''} ${ContentTime ?? StructureSetTime ?? SeriesTime ?? ''} ${file}`;
  };
  return annotations.reduce((a, b) => (moment(b) > moment(a) ? b : a));
}

function annotatedSeries(study: IndexedStudy, annotation: AnnotationFile): string | null {
  if (annotation.referencedSeries)
    return study.series.has(annotation.referencedSeries) ? annotation.referencedSeries : null;
  return rolesOf(study).mrc;
}

function rolesOf(study: IndexedStudy): Record<Role, string | null> {
  return recognizeRoles([...study.series.values()].flatMap(roleHeaders)).roles;
}

function phantomStudy(study: IndexedStudy, file: string, index: DicomIndex): LabelledStudy {
  const name = path.dirname(file);
  return {
    name,
    patient: study.patient,
    studyInstanceUid: study.studyInstanceUid,
    kind: 'phantom',
    async load(roles) {
      const truth = await readTruth(file);
      const uid = rolesOf(study).mrc;
      if (!uid) throw noMrc(name);
      const { mrc, series, warnings } = await readRoles(study, uid, roles, index);
      if (!sameGrid(mrc.volume, truth.grid, 0.05)) throw otherGrid(file, mrc);
      return { mrc, series, anatomy: truth.anatomy, known: EVERYTHING, truth, warnings };
    },
  };
}

function annotatedStudy(
  study: IndexedStudy,
  annotation: AnnotationFile,
  uid: string,
  index: DicomIndex
): LabelledStudy {
  const isSegmentation = annotation.header.modality === 'SEG';
  return {
    name: study.folder,
    patient: study.patient,
    studyInstanceUid: study.studyInstanceUid,
    kind: isSegmentation ? 'segmentation' : 'structure-set',
    async load(roles) {
      const { mrc, series, warnings } = await readRoles(study, uid, roles, index);
      const contents = await readBuffer(annotation.file);
      const decoded = isSegmentation ? decodeSegmentation(contents, mrc) : null;
      const labels = decoded?.labels ?? decodeStructureSet(contents, mrc);
      warnings.push(...(decoded?.warnings ?? []));
      return {
        mrc,
        series,
        anatomy: anatomyFromLabels(labels),
        known: ORGANS,
        truth: null,
        warnings,
      };
    },
  };
}

async function readRoles(
  study: IndexedStudy,
  mrcUid: string,
  roles: readonly Role[],
  { lost, folders }: DicomIndex
): Promise<{ mrc: Series; series: StudySeries; warnings: Warning[] }> {
  // A cohort lies in many folders; what is lost outside a study's own is none of its files.
  const near = lost.filter(({ name }) => name.startsWith(study.folder));
  const found = { ...rolesOf(study), mrc: mrcUid };
  const series: StudySeries = {};
  const warnings: Warning[] = [];
  for (const role of new Set<Role>(['mrc', ...roles])) {
    const uid = found[role];
    const entry = uid ? study.series.get(uid) : undefined;
    if (!uid || !entry) continue;
    const files = entry.files.map((name) => ({ name, buffer: () => readBuffer(name) }));
    const read = (await readSeries(files, { codecs: PIXEL_CODECS })).series.get(uid);
    if (!read) continue;
    const assembled = namingLost(near, read.header, folders, () =>
      assembleCollected(read, wishFor(role, DEFAULT_METHOD))
    );
    series[role] = assembled.series;
    warnings.push(...assembled.warnings);
  }
  if (!series.mrc) throw noMrc(study.folder);
  warnings.push(...lostWarnings(near, Object.values(series), folders));
  return { mrc: series.mrc, series, warnings };
}

function noMrc(where: string): RefusedInputError {
  return new RefusedInputError(
    'series-missing',
    `No series of ${where} was recognised as the MR cisternography.`,
    'Name the series so that it can be recognised, for example "MRC".'
  );
}

function otherGrid(file: string, mrc: Series): RefusedInputError {
  return new RefusedInputError(
    'annotation-grid-differs',
    `${file} is on another grid than series "${mrc.header.seriesDescription}" (${mrc.volume.size.join(' × ')} voxels).`,
    'Make the cohort again with hydrops phantom.'
  );
}
