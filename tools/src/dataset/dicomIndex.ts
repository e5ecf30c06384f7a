import path from 'node:path';
import { RefusedInputError, sha256, type SeriesHeader } from '@inner-ear-hydrops/core';
import {
  folderOf,
  frameTraits,
  lostFile,
  readDicomFile,
  withImage,
  type CollectedSeries,
  type LostFile,
} from '@inner-ear-hydrops/core/dicom';
import { listFiles, readBuffer, type LostInput } from '../files/inputFiles';
import type { StoredLabel } from '../labelFiles/labelImage';
import { isLabelName } from '../labelFiles/labelNames';

/** An annotation object and the series that it says it was drawn on. */
export interface DicomAnnotation {
  kind: 'segmentation' | 'structure-set';
  file: string;
  header: SeriesHeader;
  referencedSeries: string | null;
  /** How many series it says that; the first counts. */
  referencedCount: number;
  sopInstanceUid: string;
  /** SHA-256 of the file. */
  sha256: string;
}

/** A NIfTI or NRRD file of labels, which names neither study nor series. */
export interface LabelAnnotation {
  kind: 'label-file';
  file: string;
  labels: readonly StoredLabel[];
  /** Of the table that names it; null where nobody is named. */
  reader: string | null;
  /** SHA-256 of the file, which has no UID. */
  sopInstanceUid: string;
  sha256: string;
}

export type AnnotationFile = DicomAnnotation | LabelAnnotation;

/** Who the data say a study's patient is. */
export interface PatientIdentity {
  /** Patient ID (0010,0020); empty where it is. */
  id: string;
  name: string;
  birthDate: string;
  sex: string;
}

export interface IndexedStudy {
  studyInstanceUid: string;
  /** Patient ID; where that is empty the study is a patient of its own until `--groups` says more. */
  patient: string;
  identity: PatientIdentity;
  /** Every Patient ID in its files that is not empty, each with a file. */
  patientIds: Map<string, string>;
  /** Shortest folder that holds all of its files, for messages. */
  folder: string;
  /** Files and headers of each image series. */
  series: Map<string, CollectedSeries & { files: string[] }>;
  segmentations: DicomAnnotation[];
  structureSets: DicomAnnotation[];
  /** Once they are read: those that belong to it. */
  labelFiles: LabelAnnotation[];
}

export interface LostAnnotation {
  file: string;
  reason: string;
  /** Study Instance UID; null where the file cannot be read that far. */
  study: string | null;
}

/** Segmentation Storage, Label Map Segmentation Storage, RT Structure Set Storage. */
const ANNOTATION_CLASSES: ReadonlySet<unknown> = new Set([
  '1.2.840.10008.5.1.4.1.1.66.4',
  '1.2.840.10008.5.1.4.1.1.66.7',
  '1.2.840.10008.5.1.4.1.1.481.3',
]);

/** What lies below some directories, pixels unread. */
export interface DicomIndex {
  studies: Map<string, IndexedStudy>;
  /** `truth.json` of phantom studies, with their folders. */
  truths: string[];
  /** Files that may be images of any series, and where the readable ones lie. */
  lost: LostFile[];
  /** Annotations that cannot be read, or not to the end of their attributes. */
  lostAnnotations: LostAnnotation[];
  folders: Map<string, Set<string>>;
  /** By Series Instance UID: files that are no acquired images (screen captures). */
  others: Map<string, string[]>;
  /** Media and zip files that are not all there. */
  lostInputs: LostInput[];
  /** `*.case`, see `caseFile.ts`. */
  cases: string[];
  /** NIfTI and NRRD files. */
  labelFiles: string[];
}

/** Reads the header of every file once, one file in memory at a time. */
export async function indexDirectories(directories: string[]): Promise<DicomIndex> {
  const index: DicomIndex = {
    studies: new Map(),
    truths: [],
    lost: [],
    lostAnnotations: [],
    folders: new Map(),
    others: new Map(),
    lostInputs: [],
    cases: [],
    labelFiles: [],
  };
  for (const file of await listFiles(directories, (lost) => index.lostInputs.push(lost))) {
    if (path.basename(file) === 'truth.json') index.truths.push(file);
    else if (file.endsWith('.case')) index.cases.push(file);
    else if (isLabelName(file)) index.labelFiles.push(file);
    else await addFile(index, file);
  }
  return index;
}

async function addFile(index: DicomIndex, file: string): Promise<void> {
  let image: ReturnType<typeof readDicomFile>;
  let content: ArrayBuffer | null = null;
  try {
    content = await readBuffer(file);
    image = readDicomFile(content, file);
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    const { sopClass, study } = error.values;
    if (ANNOTATION_CLASSES.has(sopClass)) {
      const of = study === undefined ? null : String(study);
      index.lostAnnotations.push({ file, reason: error.message, study: of });
    }
    const lost = lostFile(file, error, content && new Uint8Array(content));
    if (lost) index.lost.push(lost);
    return;
  }
  const { header } = image;
  const ofStudy = studyOf(index, header, path.dirname(file));
  const { id } = identityOf(header.attributes);
  if (id && !ofStudy.patientIds.has(id)) ofStudy.patientIds.set(id, file);
  if (header.modality === 'SEG' || header.modality === 'RTSTRUCT') {
    const { stop, pixelData } = image.file;
    if (stop && !pixelData) {
      const reason = `File ${file} is incomplete or damaged: it can be read up to element ${stop.tag} only.`;
      index.lostAnnotations.push({ file, reason, study: header.studyInstanceUid || null });
      return;
    }
    const list = header.modality === 'SEG' ? ofStudy.segmentations : ofStudy.structureSets;
    list.push(annotationOf(file, header, new Uint8Array(content)));
  } else if (image.isImage && header.seriesInstanceUid) {
    const study = studyOfSeries(index, header) ?? ofStudy;
    const known = study.series.get(header.seriesInstanceUid);
    const traits = frameTraits(image.file.dataset);
    const collected = withImage(known, { header, traits, slices: [] });
    const folder = folderOf(file);
    index.folders.set(
      folder,
      (index.folders.get(folder) ?? new Set()).add(header.seriesInstanceUid)
    );
    const files = [...(known?.files ?? []), file];
    study.series.set(header.seriesInstanceUid, { ...collected, files });
  } else {
    const others = index.others.get(header.seriesInstanceUid) ?? [];
    index.others.set(header.seriesInstanceUid, [...others, file]);
  }
}

/** What a segmentation or structure set says of itself. @param content the file */
export function annotationOf(
  file: string,
  header: SeriesHeader,
  content: Uint8Array
): DicomAnnotation {
  const named = referencedSeries(header.attributes);
  return {
    kind: header.modality === 'SEG' ? 'segmentation' : 'structure-set',
    ...{ file, header, referencedSeries: named[0] ?? null, referencedCount: named.length },
    sopInstanceUid: textOf(header.attributes.SOPInstanceUID),
    sha256: sha256(content),
  };
}

/** Images of one series that name two studies stay together, so that reading refuses them. */
function studyOfSeries({ studies }: DicomIndex, header: SeriesHeader): IndexedStudy | undefined {
  return [...studies.values()].find(({ series }) => series.has(header.seriesInstanceUid));
}

function studyOf(index: DicomIndex, header: SeriesHeader, folder: string): IndexedStudy {
  const known = index.studies.get(header.studyInstanceUid);
  if (known) {
    while (
      known.folder !== '.' &&
      !`${folder}${path.sep}`.startsWith(`${known.folder}${path.sep}`)
    ) {
      const parent = path.dirname(known.folder);
      if (parent === known.folder) break;
      known.folder = parent;
    }
    return known;
  }
  const identity = identityOf(header.attributes);
  const study: IndexedStudy = {
    studyInstanceUid: header.studyInstanceUid,
    patient: identity.id || header.studyInstanceUid,
    identity,
    patientIds: new Map(),
    folder,
    series: new Map(),
    segmentations: [],
    structureSets: [],
    labelFiles: [],
  };
  index.studies.set(header.studyInstanceUid, study);
  return study;
}

function identityOf(attributes: Record<string, unknown>): PatientIdentity {
  const of = (keyword: string) => textOf(attributes[keyword]);
  return {
    id: of('PatientID'),
    name: of('PatientName'),
    birthDate: of('PatientBirthDate'),
    sex: of('PatientSex'),
  };
}

/** First value as text; a name may come as an object of its groups (PS3.18 F.2.2). */
export function textOf(value: unknown): string {
  const first: unknown = Array.isArray(value) ? (value as unknown[])[0] : value;
  const text =
    first !== null && typeof first === 'object'
      ? (first as { Alphabetic?: unknown }).Alphabetic
      : first;
  return typeof text === 'string' || typeof text === 'number' ? String(text).trim() : '';
}

/**
 * Series Instance UIDs that a segmentation (Referenced Series Sequence) or a structure set (Referenced
 * Frame of Reference Sequence, PS3.3 C.8.8.5) was drawn on, each once.
 */
function referencedSeries(attributes: Record<string, unknown>): string[] {
  const ofFrames = itemsOf(attributes.ReferencedFrameOfReferenceSequence)
    .flatMap((frame) => itemsOf(frame.RTReferencedStudySequence))
    .flatMap((study) => itemsOf(study.RTReferencedSeriesSequence));
  const uids = [...itemsOf(attributes.ReferencedSeriesSequence), ...ofFrames].map(
    ({ SeriesInstanceUID }) => textOf(SeriesInstanceUID)
  );
  return [...new Set(uids)].filter(Boolean);
}

export function itemsOf(value: unknown): Record<string, unknown>[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as Record<string, unknown>[];
}
