import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import dcmjs from 'dcmjs';
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
} from '@inner-ear-hydrops/core/dicom';

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

/** Writes an MRC series whose balls are bright. */
export async function writeStudy(
  folder: string,
  patient: string,
  balls: Balls
): Promise<SiteStudy> {
  const labels = drawBalls(balls);
  const volume: Volume = {
    size: SIZE,
    spacing: SPACING,
    origin: [-60, -12, 5],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data: Float32Array.from(labels, (label, n) => (label ? 900 : 40 + (n % 7))),
  };
  const objects = encodeMrSeries({
    kind: 'original',
    volume,
    template: {
      StudyInstanceUID: deriveUid('test-site', folder),
      FrameOfReferenceUID: deriveUid('test-site-frame', folder),
      PatientID: patient,
      PatientName: `Test^${patient}`,
      StudyDate: '20260101',
      StudyTime: '120000',
    },
    description: 'MRC hT2w 3D',
    seriesNumber: 2,
    imageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'],
    scaling: { kind: 'unsigned-12-bit' },
    acquisition: { scanningSequence: ['SE'], sequenceVariant: ['SK'], echoTime: 544 },
    window: { center: 400, width: 1000 },
    created: new Date(2026, 0, 1),
  });
  await mkdir(folder, { recursive: true });
  for (const [n, object] of objects.entries())
    await writeFile(path.join(folder, `${n}.dcm`), new Uint8Array(object.file));
  const read = await readSeries(
    objects.map((object, n) => ({ name: `${n}`, buffer: object.file }))
  );
  const [entry] = read.series.values();
  if (!entry) throw new Error('The written study holds no series.');
  return { patient, folder, mrc: assembleSeries(entry.header, entry.slices).series };
}

export function labelsOn(mrc: Series, data: Uint8Array): LabelVolume {
  const { size, spacing, origin, direction } = mrc.volume;
  return { size, spacing, origin, direction, data, segments: [...SEGMENTS] };
}

/** A result as this software saves it. */
export async function writeSegmentation(
  study: SiteStudy,
  data: Uint8Array,
  name = 'seg.dcm',
  created = new Date(2026, 0, 2)
): Promise<void> {
  const labels = labelsOn(study.mrc, data);
  const object = encodeSegmentation({ mrc: study.mrc, labels, model: null, created });
  await writeFile(path.join(study.folder, name), new Uint8Array(object.file));
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
