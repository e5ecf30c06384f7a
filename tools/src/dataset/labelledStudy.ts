import type { Role, Series, SliceChoices, StudySeries, Warning } from '@inner-ear-hydrops/core';
import type { AnnotationFile } from './dicomIndex';
import type { KnownOrgans, MissingOrgan } from './knownOrgans';
import type { StoredTruth } from './phantomTruth';

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
  kind: 'phantom' | AnnotationFile['kind'];
  /** Who drew the annotation; null where nobody is named. */
  reader: string | null;
  /** The file that holds the annotation; null where it is made as it is needed. */
  file: string | null;
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
  /** Each organ that is not annotated, and why. */
  missing: readonly MissingOrgan[];
  /** Slices k on which the areas of the annotation were measured, where that was stored. */
  slices: SliceChoices;
  /** Whether people drew all of the annotation, so that no program has a part in it. */
  isDrawn: boolean;
  truth: StoredTruth | null;
  /** What of the annotation is not used or was carried, and why. */
  notes: string[];
  /** What was said while images and annotation were read. */
  warnings: Warning[];
}
