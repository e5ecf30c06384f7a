import { stat } from 'node:fs/promises';
import {
  AUTOMATIC_CHOICES,
  collectOrgans,
  earCentersOf,
  measure,
  misplacedOrgans,
  prepareStudy,
  RefusedInputError,
  sha256,
  type Choices,
  type EarAbsence,
  type EarFinding,
  type LabelVolume,
  type Measurement,
  type Method,
  type PreparedStudy,
  type Role,
  type Series,
  type Vector3,
} from '@inner-ear-hydrops/core';
import { FOREIGN_REGION, readDicomFile, restoreResult } from '@inner-ear-hydrops/core/dicom';
import { annotatedRegions } from '../dataset/annotatedRegions';
import { assignments, decodeAnnotation, type OpenAnnotation } from '../dataset/decodeAnnotation';
import { annotationOf } from '../dataset/dicomIndex';
import { readLabelSource } from '../dataset/labelSource';
import { readOrganNames, type OrganNames } from '../dataset/organNames';
import { CommandError } from '../errors';
import { contentOf, readBuffer } from '../files/inputFiles';
import { isLabelName } from '../labelFiles/labelNames';
import { readLabelFile } from '../labelFiles/readLabelFile';
import type { LoadedSeries } from './loadStudy';

/** A measured study, whoever found or drew the regions. */
export interface ComputedResult {
  prepared: PreparedStudy;
  labels: LabelVolume;
  measurement: Measurement;
  /** As a network found it; absent where none did. */
  anatomy?: Uint8Array;
  ears: EarFinding[];
  absent: EarAbsence[];
  /** LPS mm: middles of the ears, where no network found them. */
  centers?: Vector3[];
  backend?: string;
  reader?: string;
  /** When the regions were made. */
  created: Date;
}

export interface RegionRequest {
  method: Method;
  methodChosen: boolean;
  roles: Partial<Record<Role, string>>;
  names?: string[];
  labelNames?: string;
}

/** Who chose method and series. */
export function choicesOf({ methodChosen, roles }: Omit<RegionRequest, 'method'>) {
  const by = (role: Role) => (roles[role] ? 'reader' : 'automatic');
  return {
    method: methodChosen ? 'reader' : 'automatic',
    roles: { mrc: by('mrc'), ppi: by('ppi'), pei: by('pei') },
  } satisfies Partial<Choices>;
}

/**
 * Measures a study in the regions of a file: NIfTI or NRRD labels, an RT Structure Set, or a DICOM Segmentation, which is
 * restored as the viewer restores it. What of the file is not used is printed.
 * @throws RefusedInputError of reading and decoding, `laterality-wrong`, `organs-exchanged`, `made-by-program`
 */
export async function measureRegions(
  file: string,
  { series, warnings }: LoadedSeries,
  request: RegionRequest
): Promise<ComputedResult> {
  const { mrc } = series;
  if (!mrc) throw new CommandError('The study has no MRC.', 2);
  const names = await readOrganNames(request.names ?? []);
  const open = await openRegions(file, request.labelNames);
  const choices = { ...AUTOMATIC_CHOICES, ...choicesOf(request) };
  const created = (await stat(file).catch(() => null))?.mtime ?? new Date();
  if ('contents' in open && open.annotation.kind === 'segmentation')
    return restored(open.contents, { ...series, mrc }, request.method, {
      assigned: assignments(annotatedRegions(open.annotation, names), []),
      ...{ warnings, choices, created },
    });
  const { labels, ...decoded } = decodeRegions(open, mrc, names);
  const centers = Object.values(earCentersOf(labels));
  const prepared = prepareStudy(series, { method: request.method, centers, warnings });
  const measurement = measure({
    ...{ prepared, labels, centers, choices, model: null },
    warnings: [...warnings, FOREIGN_REGION, ...decoded.warnings],
  });
  return { prepared, labels, measurement, centers, created, ears: [], absent: [] };
}

async function openRegions(file: string, labelNames?: string): Promise<OpenAnnotation> {
  const { names } = await readLabelSource([], labelNames);
  const stored = await contentOf(file).catch((error: unknown) => {
    throw new CommandError(`--labels ${file} cannot be read: ${(error as Error).message}`);
  });
  if (isLabelName(file)) {
    const { image, labels } = await readLabelFile(file, names);
    const hash = sha256(new Uint8Array(stored));
    const annotation = { kind: 'label-file', file, labels, reader: null } as const;
    return { annotation: { ...annotation, sopInstanceUid: hash, sha256: hash }, image };
  }
  const contents = await readBuffer(file);
  const { header } = readDicomFile(contents, file);
  if (header.modality !== 'SEG' && header.modality !== 'RTSTRUCT')
    throw new RefusedInputError(
      'labels-expected',
      `${file} is of modality ${header.modality || '(none)'}, and holds no regions.`,
      'Give a DICOM Segmentation, an RT Structure Set, or a NIfTI or NRRD file of labels.'
    );
  return { annotation: annotationOf(file, header, new Uint8Array(contents)), contents };
}

function decodeRegions(open: OpenAnnotation, mrc: Series, names: OrganNames) {
  const decoded = decodeAnnotation(open, mrc, { names, acceptAutomatic: true });
  for (const note of decoded.notes) process.stderr.write(`note: ${note}\n`);
  if (!decoded.isDrawn)
    throw new RefusedInputError(
      'made-by-program',
      `A program made regions of ${open.annotation.file}, or had a part in them, and a result would say that they were drawn.`,
      'Give regions that a person drew.'
    );
  const found = misplacedOrgans(decoded.labels, collectOrgans(decoded.labels));
  if (!found) return decoded;
  throw new RefusedInputError(
    found.code,
    `The regions contradict the patient's anatomy and are not measured. ${found.message}`,
    'Say with --names which organ each of them is; if they are right as they are, the images or the file have lost their orientation.',
    found.values
  );
}

function restored(
  contents: ArrayBuffer,
  series: LoadedSeries['series'] & { mrc: Series },
  method: Method,
  { created, ...options }: Parameters<typeof restoreResult>[3] & { created: Date }
): ComputedResult {
  const result = restoreResult(contents, series, method, options);
  const { prepared, labels, measurement, context, backend, reader } = result;
  const { anatomy, centers, ears = [], absent = [] } = context;
  return {
    ...{ prepared, labels, measurement, anatomy, centers, ears, absent },
    ...{ backend: backend ?? undefined, reader: reader ?? undefined },
    created: result.created ?? created,
  };
}
