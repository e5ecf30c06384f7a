import path from 'node:path';
import { RefusedInputError, startSha256, type RunningSha256 } from '@inner-ear-hydrops/core';
import { indexDirectories } from '../dataset/dicomIndex';
import {
  DEFAULT_PAIRING,
  findLabelledStudies,
  type LabelledStudies,
  type PairingOptions,
} from '../dataset/labelledStudies';
import type { DataProblem } from '../dataset/labelledStudy';
import { ALL_KNOWN } from '../dataset/knownOrgans';
import type { AnnotatedEar } from './annotationSets';
import { readCaseFile, type TrainingImage } from './caseFile';
import { checkPlane, checkStudy } from './checkStudy';
import { coarseHead, cropEars } from './cropStudy';
import {
  coverageOf,
  describeCoverage,
  type AnnotationKind,
  type AskedKind,
} from '../dataset/coverage';
import { prepareEar, prepareHead } from './datasets';
import type { SampledImage } from './patchSampler';
import type { TrainingPlan } from './plans';

/** Everything that a run learns from, and what was found on the way. */
export interface TrainingData {
  /** Of segmentation; sorted by patient and study. */
  ears: AnnotatedEar[];
  /** Of the locator. */
  heads: SampledImage[];
  /** In the order in which folds are dealt. */
  patients: string[];
  /** All that names a patient of a study; none for training crops, which are phantoms. */
  namesOfPatients: Map<string, readonly string[]>;
  description: DataDescription;
  problems: DataProblem[];
  notes: string[];
}

type StudyKind = 'case files' | 'phantoms' | 'segmentations' | 'structure sets';

/** Written to the plan file; plans of earlier versions know no label files. */
export interface DataDescription {
  directories: string[];
  patients: number;
  studies: Record<StudyKind, number> & Partial<Record<'label files', number>>;
  ears: Record<AnnotationKind, number>;
  /** Millimetres: smallest and largest, of what the network sees. */
  sliceSpacing: [number, number] | null;
  /** SHA-256 over all images and labels: a resumed run must see the same. */
  sha256: string;
}

export interface DataOptions {
  annotations: AskedKind;
  /** By default names, patients and who annotated are taken from the files. */
  pairing?: PairingOptions;
  /** Hears how far reading has come. */
  onStudy?: (done: number, total: number) => void;
}

/** Reads, checks and prepares the annotated data of some directories. */
export async function loadTrainingData(
  directories: string[],
  plan: TrainingPlan,
  options: DataOptions
): Promise<TrainingData> {
  const index = await indexDirectories(directories);
  const found = await findLabelledStudies(index, options.pairing ?? DEFAULT_PAIRING);
  const data: TrainingData = {
    ears: [],
    heads: [],
    patients: [],
    namesOfPatients: new Map(),
    // Folds are split by patient.
    problems: [...found.problems, ...found.questions],
    notes: [...found.notes, ...notesOf(found)],
    description: {
      directories: directories.map((directory) => path.resolve(directory)),
      patients: 0,
      studies: { 'case files': 0, phantoms: 0, segmentations: 0, 'structure sets': 0 },
      ears: { volume: 0, mixed: 0, full: 0, selective: 0 },
      sliceSpacing: null,
      sha256: '',
    },
  };
  const hash = startSha256();
  const wanted = plan.name === 'segmentation' ? 'ear' : 'head';
  const add = (name: string, images: TrainingImage[]) => {
    for (const image of images) {
      if (image.kind !== wanted || addImage(data, image, plan, hash)) continue;
      data.notes.push(`${name}: ${nothingToLearn(image)}`);
    }
  };
  const { studies } = data.description;
  const total = index.cases.length + found.studies.length;
  let done = 0;
  for (const file of index.cases) {
    const patient = `case ${path.basename(file, '.case')}`;
    const images = await readCaseFile(file);
    add(
      file,
      images.map((image) => ({ ...image, patient, annotation: 'volume', ...WHOLLY_KNOWN }))
    );
    studies['case files']++;
    options.onStudy?.(++done, total);
  }
  for (const study of found.studies) {
    try {
      const loaded = await study.load([]);
      const coverage = coverageOf(loaded, options.annotations);
      const covered = describeCoverage(coverage, loaded, options.annotations) ?? [];
      const said = [...loaded.notes, ...loaded.warnings.map(({ message }) => message)].concat(
        covered
      );
      data.notes.push(...said.map((note) => `${study.name}: ${note}`));
      const problems = [
        ...checkStudy(study.name, loaded, coverage),
        ...checkPlane(study.name, loaded, coverage),
      ];
      data.problems.push(...problems);
      if (problems.length === 0) {
        add(study.name, cropEars(loaded, study.patient, plan, coverage));
        add(study.name, [coarseHead(loaded, study.patient, plan, coverage)]);
        const kinds = {
          'label-file': 'label files',
          phantom: 'phantoms',
          segmentation: 'segmentations',
          'structure-set': 'structure sets',
        } as const;
        const kind = kinds[study.kind];
        studies[kind] = (studies[kind] ?? 0) + 1;
        const names = data.namesOfPatients.get(study.patient) ?? [];
        data.namesOfPatients.set(study.patient, [...names, ...study.patientNames]);
      }
    } catch (error) {
      if (!(error instanceof RefusedInputError)) throw error;
      data.problems.push({ code: error.code, where: study.name, message: error.message });
    }
    options.onStudy?.(++done, total);
  }
  data.description.patients = data.patients.length;
  data.description.sha256 = hash.hex();
  return data;
}

/** Studies that are left out without a fault: the others are among the problems. */
function notesOf({ leftOut, problems }: LabelledStudies): string[] {
  return leftOut
    .filter((entry) => !problems.includes(entry))
    .map(({ where, message, code }) => `left out: ${where}: ${message} [${code}]`);
}

/** A phantom's crop is known to the last voxel. */
const WHOLLY_KNOWN = { known: ALL_KNOWN.left, whole: ALL_KNOWN.left };

function nothingToLearn({ kind, side }: TrainingImage): string {
  return kind === 'head'
    ? 'left out: it cannot teach the locator, because no ear has both cochlea and vestibule annotated whole.'
    : `the ${side ?? 'one'} ear holds no voxel of a cochlea or vestibule on the network's grid; left out.`;
}

/** Whether there is anything to learn from the image. */
function addImage(
  data: TrainingData,
  image: TrainingImage,
  plan: TrainingPlan,
  hash: RunningSha256
): boolean {
  const { annotation, whole } = image;
  const covered = annotation === 'mixed' ? `mixed ${whole}` : annotation;
  hash.add(`${image.patient} ${image.side} ${image.size} ${covered} ${image.known}\n`);
  hash.add(new Uint8Array(image.mrc.buffer, image.mrc.byteOffset, image.mrc.byteLength));
  hash.add(image.anatomy);
  const heads = plan.name === 'locator' ? prepareHead(image, plan) : [];
  const ear = plan.name === 'locator' ? null : prepareEar(image, plan);
  if (heads.length === 0 && !ear) return false;
  if (!data.patients.includes(image.patient)) data.patients.push(image.patient);
  data.heads.push(...heads);
  if (!ear) return true;
  data.ears.push(ear);
  data.description.ears[ear.kind]++;
  const range = data.description.sliceSpacing;
  const spacing = image.spacing[2];
  data.description.sliceSpacing = range
    ? [Math.min(range[0], spacing), Math.max(range[1], spacing)]
    : [spacing, spacing];
  return true;
}
