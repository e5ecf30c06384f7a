import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import dcmjs, { type DicomDataset } from 'dcmjs';
import {
  assembleSeries,
  SEGMENTS,
  voxelToWorld,
  type LabelVolume,
  type Series,
  type Vector3,
  type Volume,
} from '@inner-ear-hydrops/core';
import {
  deriveUid,
  encodeMrSeries,
  encodeSegmentation,
  readSeries,
  type MrSeriesInput,
  type SegmentationInput,
} from '@inner-ear-hydrops/core/dicom';
import type { LoadedStudy } from '../src/dataset/labelledStudy';

/** Small studies on disk, as a site would hand them to the trainer: for tests. */

const SIZE: Vector3 = [240, 40, 10];
const SPACING: Vector3 = [0.5, 0.6, 1];

/** Balls at voxel positions, valued with the segments' numbers. */
export type Balls = Partial<Record<1 | 2 | 3 | 4, Vector3>>;

/** Left organs at the patient's left: larger x, larger column. */
export const BOTH_EARS: Balls = {
  1: [190, 16, 4],
  2: [200, 24, 5],
  3: [50, 16, 4],
  4: [40, 24, 5],
};

const RADIUS = 2.6;

export function drawBalls(balls: Balls): Uint8Array {
  const data = new Uint8Array(SIZE[0] * SIZE[1] * SIZE[2]);
  for (const [number, center] of Object.entries(balls)) {
    data.forEach((_, n) => {
      const at = [
        n % SIZE[0],
        Math.floor(n / SIZE[0]) % SIZE[1],
        Math.floor(n / (SIZE[0] * SIZE[1])),
      ];
      const distance = Math.hypot(...at.map((value, a) => (value - center[a]!) * SPACING[a]!));
      if (distance <= RADIUS) data[n] = Number(number);
    });
  }
  return data;
}

export interface SiteStudy {
  patient: string;
  mrc: Series;
  folder: string;
}

/**
 * Writes an MRC series whose balls are bright.
 * @param more attributes of patient and study by name
 */
export async function writeStudy(
  folder: string,
  patient: string,
  balls: Balls,
  more: Record<string, unknown> = {}
): Promise<SiteStudy> {
  const labels = drawBalls(balls);
  const volume: Volume = {
    size: SIZE,
    spacing: SPACING,
    origin: [-60, -12, 5],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data: Float32Array.from(labels, (label, n) =>
      label ? 900 : 40 + ((Math.imul(n, 2654435761) >>> 8) % 7)
    ),
  };
  const template = {
    StudyInstanceUID: deriveUid('test-site', folder),
    FrameOfReferenceUID: deriveUid('test-site-frame', folder),
    PatientID: patient,
    PatientName: `Test^${patient}`,
    StudyDate: '20260101',
    StudyTime: '120000',
    ...more,
  };
  const mrc = await writeSeries(folder, volume, template, {
    description: 'MRC hT2w 3D',
    seriesNumber: 2,
    acquisition: { scanningSequence: ['SE'], sequenceVariant: ['SK'], echoTime: 544 },
  });
  return { patient, folder, mrc };
}

/** Adds a PPI to a study, on MRC's grid or `shift` millimetres aside. */
export function writePpi({ mrc, folder }: SiteStudy, shift = 0): Promise<Series> {
  const [x, y, z] = mrc.volume.origin;
  const { StudyInstanceUID, PatientID, PatientName } = mrc.header.attributes;
  return writeSeries(
    folder,
    { ...mrc.volume, origin: [x + shift, y, z], data: mrc.volume.data.map((value) => value / 2) },
    {
      ...{ StudyInstanceUID, PatientID, PatientName },
      FrameOfReferenceUID: mrc.header.frameOfReferenceUid,
    },
    {
      description: 'PPI hT2w 3D FLAIR TI 2250',
      seriesNumber: 3,
      acquisition: {
        ...{ scanningSequence: ['SE', 'IR'], sequenceVariant: ['SK', 'SP'] },
        ...{ repetitionTime: 9000, echoTime: 540, inversionTime: 2250 },
      },
    }
  );
}

async function writeSeries(
  folder: string,
  volume: Volume,
  template: Record<string, unknown>,
  series: Pick<MrSeriesInput, 'description' | 'seriesNumber' | 'acquisition'>
): Promise<Series> {
  const objects = encodeMrSeries({
    kind: 'original',
    volume,
    template,
    ...series,
    imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
    scaling: { kind: 'unsigned-12-bit' },
    window: { center: 400, width: 1000 },
    created: new Date(2026, 0, 1),
  });
  await mkdir(folder, { recursive: true });
  for (const [n, object] of objects.entries())
    await writeFile(
      path.join(folder, `${series.seriesNumber}-${n}.dcm`),
      new Uint8Array(object.file)
    );
  const read = await readSeries(
    objects.map((object, n) => ({ name: `${n}`, buffer: object.file }))
  );
  const [entry] = read.series.values();
  if (!entry) throw new Error('The written study holds no series.');
  return assembleSeries(entry.header, entry.slices).series;
}

export function labelsOn(mrc: Series, data: Uint8Array): LabelVolume {
  const { size, spacing, origin, direction } = mrc.volume;
  return { size, spacing, origin, direction, data, segments: [...SEGMENTS] };
}

/** Both organs of both ears annotated. */
const BOTH_KNOWN = { left: 0b111, right: 0b111 };

/** A study with this annotation, as it is loaded. @param anatomy on MRC's grid, `ANATOMY` codes */
export function loadedStudy(mrc: Series, anatomy: Uint8Array): LoadedStudy {
  return {
    ...{ mrc, series: { mrc }, anatomy, known: BOTH_KNOWN, missing: [] },
    ...{ slices: {}, isDrawn: true, truth: null, notes: [], warnings: [] },
  };
}

/** A network, for results that it found. */
export const A_MODEL = { name: 'net', version: '1.0.0', sha256: 'ab'.repeat(32) };

/**
 * A result as this software saves it: drawn by hand, unless `more` names a model.
 * @param change of the file's elements by tag, as other software would write them
 */
export async function writeSegmentation(
  study: SiteStudy,
  data: Uint8Array,
  name = 'seg.dcm',
  created = new Date(2026, 0, 2),
  more: Partial<SegmentationInput> = {},
  change?: (elements: DicomDataset) => void
): Promise<void> {
  const mrc = more.mrc ?? study.mrc;
  const labels = labelsOn(mrc, data);
  const { file } = encodeSegmentation({ mrc, labels, model: null, created, ...more });
  const dict = dcmjs.data.DicomMessage.readFile(file);
  change?.(dict.dict);
  const written = change ? dict.write() : file;
  await writeFile(path.join(study.folder, name), new Uint8Array(written));
}

/** Turns a result of this software into one of another, whose segments have other names and no codes. */
export function asOtherSoftware(names: Record<string, string>) {
  const tissue = {
    '00080100': { vr: 'SH', Value: ['85756007'] },
    '00080102': { vr: 'SH', Value: ['SCT'] },
    '00080104': { vr: 'LO', Value: ['Tissue'] },
  };
  return (elements: DicomDataset): void => {
    elements['00080070'] = { vr: 'LO', Value: ['Another Company'] };
    for (const segment of segmentsOf(elements)) {
      const label = String(segment['00620005']?.Value?.[0] ?? '');
      segment['00620005'] = { vr: 'LO', Value: [names[label] ?? label] };
      segment['0062000F'] = { vr: 'SQ', Value: [tissue] };
      delete segment['00082218'];
    }
  };
}

/** Items of the Segment Sequence. */
export function segmentsOf(elements: DicomDataset): DicomDataset[] {
  return (elements['00620002']?.Value ?? []) as DicomDataset[];
}

/** A structure set with one square contour a region: [name, slice, columns and rows of its corners]. */
export async function writeStructureSet(
  study: SiteStudy,
  regions: { name: string; slice: number; corners: [number, number][] }[]
): Promise<void> {
  const { attributes, studyInstanceUid, seriesInstanceUid } = study.mrc.header;
  const dataset = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.3',
    SOPInstanceUID: deriveUid('test-structure-set', study.folder),
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: deriveUid('test-structure-set-series', study.folder),
    Modality: 'RTSTRUCT',
    PatientID: attributes.PatientID,
    StructureSetDate: '20260103',
    ReferencedFrameOfReferenceSequence: [
      {
        FrameOfReferenceUID: study.mrc.header.frameOfReferenceUid,
        RTReferencedStudySequence: [
          {
            ReferencedSOPInstanceUID: studyInstanceUid,
            RTReferencedSeriesSequence: [{ SeriesInstanceUID: seriesInstanceUid }],
          },
        ],
      },
    ],
    StructureSetROISequence: regions.map(({ name }, n) => ({ ROINumber: n + 1, ROIName: name })),
    ROIContourSequence: regions.map(({ slice, corners }, n) => ({
      ReferencedROINumber: n + 1,
      ContourSequence: [
        {
          ContourGeometricType: 'CLOSED_PLANAR',
          NumberOfContourPoints: corners.length,
          ContourData: corners.flatMap(([i, j]) =>
            voxelToWorld(study.mrc.volume, [i, j, slice]).map((value) => value.toFixed(4))
          ),
        },
      ],
    })),
  };
  const meta = dcmjs.data.DicomMetaDictionary.denaturalizeDataset({
    MediaStorageSOPClassUID: dataset.SOPClassUID,
    MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
    TransferSyntaxUID: '1.2.840.10008.1.2.1',
    ImplementationClassUID: '1.2.3.4',
  });
  const dict = new dcmjs.data.DicomDict(meta);
  dict.dict = dcmjs.data.DicomMetaDictionary.denaturalizeDataset(dataset);
  await writeFile(path.join(study.folder, 'rtstruct.dcm'), new Uint8Array(dict.write()));
}
