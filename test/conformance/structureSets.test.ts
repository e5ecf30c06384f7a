import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { worldToVoxel, type LabelVolume, type Vector3 } from '@inner-ear-hydrops/core';
import { readDicomFile } from '@inner-ear-hydrops/core/dicom';
import { TEST_GRID, testSeries, testVolume } from '../../core/test/testSeries';
import { STRICT_POLICY } from '../../tools/src/dataset/annotationChoice';
import { decodeAnnotation } from '../../tools/src/dataset/decodeAnnotation';
import { PYTHON, describeWithTools, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

/** What finding an annotation knows of it, and reading it does not need. */
const UNREAD = { referencedCount: 0, sopInstanceUid: '', sha256: '' };

/** RT Structure Sets that pydicom writes: rings within rings, Korean names, and what encloses nothing. */
const mrc = testSeries(
  'MRC',
  testVolume((i, j, k) => i + j + k)
);
const { origin, spacing, direction } = TEST_GRID;

/** LPS mm of a place in MRC's voxels. */
const world = (at: Vector3): number[] =>
  [0, 1, 2].map(
    (d) => origin[d]! + at.reduce((sum, n, a) => sum + n * spacing[a]! * direction[3 * a + d]!, 0)
  );

/** A square about voxel (6, 4) on slice 2, whose border lies between voxels. */
const ring = (reach: number): number[] =>
  (
    [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const
  ).flatMap(([x, y]) => world([6 + x * (reach + 0.5), 4 + y * (reach + 0.5), 2]));

const folder = temporaryFolder();

/** @param change Python that alters each `contour` */
function structureSet(
  name: string,
  type: string,
  contours: number[][],
  change = 'pass'
): ArrayBuffer {
  const path = join(folder, 'rtstruct.dcm');
  const args = [path, name, type, JSON.stringify(contours), change];
  const { status, output } = runTool(PYTHON, ['-W', 'ignore', '-c', SCRIPT, ...args]);
  if (status !== 0) throw new Error(output);
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

function labelsOf(contents: ArrayBuffer): LabelVolume {
  const { header } = readDicomFile(contents, 'rtstruct.dcm');
  const known = { file: 'rtstruct.dcm', header, referencedSeries: null, ...UNREAD };
  const annotation = { kind: 'structure-set' as const, ...known };
  return decodeAnnotation({ annotation, contents }, mrc, STRICT_POLICY).labels;
}

describeWithTools('an RT Structure Set of other software', ['pydicom'], () => {
  test.each(['CLOSED_PLANAR', 'CLOSEDPLANAR_XOR'])(
    'in %s contours keeps holes, and what lies within a hole',
    (type) => {
      const { data } = labelsOf(structureSet('Left cochlea', type, [ring(3), ring(1), ring(0)]));
      const rows = Array.from({ length: 9 }, (_, j) =>
        [...data.slice(13 * (j + 9 * 2), 13 * (j + 1 + 9 * 2))].join('')
      );
      expect(rows).toEqual([
        '0000000000000',
        '0001111111000',
        '0001111111000',
        '0001100011000',
        '0001101011000',
        '0001100011000',
        '0001111111000',
        '0001111111000',
        '0000000000000',
      ]);
      expect(data.reduce((sum, label) => sum + label, 0)).toBe(49 - 9 + 1);
    }
  );

  test('with Korean names is read in its character set', () => {
    const { data } = labelsOf(structureSet('우측 전정', 'CLOSED_PLANAR', [ring(1)]));
    expect(new Set(data)).toEqual(new Set([0, 4]));
  });

  test.each([
    [
      'a coordinate that is no number',
      "contour = broken('0,5', points)",
      /Contour Data \(3006,0050\) .* is "0,5\\.*not a number/,
    ],
    ['an empty coordinate', "contour = broken('', points)", /has \d+ coordinates in Contour Data/],
    [
      'half a point',
      'contour.ContourData = contour.ContourData[:-1]',
      /has \d+ coordinates in Contour Data .* for \d+ points/,
    ],
  ])('with %s is refused, not filled otherwise', (_, change, words) => {
    const file = structureSet('Left cochlea', 'CLOSED_PLANAR', [ring(2)], change);
    expect(() => labelsOf(file)).toThrow(words);
  });

  test('with an open line as an organ is refused by name and type', () => {
    const file = structureSet('Left cochlea', 'OPEN_PLANAR', [ring(2)]);
    expect(() => labelsOf(file)).toThrow(/"Left cochlea" is of .* "OPEN_PLANAR"/);
  });
});

test('the rings lie where the test means them', () => {
  const [x, y, z] = ring(0) as [number, number, number];
  expect(worldToVoxel(mrc.volume, [x, y, z]).map((n) => Number(n.toFixed(6)))).toEqual([
    5.5, 3.5, 2,
  ]);
});

const SCRIPT = `
import sys, json, pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
path, name, kind, contours, change = sys.argv[1:]
def broken(first, points):
    from pydicom.dataelem import RawDataElement
    value = '\\\\'.join([first] + [format(p, '.3f') for p in points[1:]]).encode()
    value += b' ' * (len(value) % 2)
    return RawDataElement(pydicom.tag.Tag(0x30060050), 'DS', len(value), value, 0, False, True)
meta = FileMetaDataset()
meta.TransferSyntaxUID = ExplicitVRLittleEndian
meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.481.3'
meta.MediaStorageSOPInstanceUID = '2.25.5'
ds = FileDataset(path, {}, file_meta=meta, preamble=bytes(128))
ds.SpecificCharacterSet = ['', 'ISO 2022 IR 149']
ds.SOPClassUID, ds.SOPInstanceUID, ds.Modality = meta.MediaStorageSOPClassUID, '2.25.5', 'RTSTRUCT'
roi = Dataset()
roi.ROINumber, roi.ROIName, roi.ReferencedFrameOfReferenceUID = 7, name, '2.25.3001'
ds.StructureSetROISequence = [roi]
shape = Dataset()
shape.ReferencedROINumber = 7
shape.ContourSequence = []
for points in json.loads(contours):
    contour = Dataset()
    contour.ContourGeometricType, contour.NumberOfContourPoints = kind, len(points) // 3
    contour.ContourData = [format(p, '.8f') for p in points]
    if 'broken' in change: contour._dict[pydicom.tag.Tag(0x30060050)] = eval(change.split('=')[1])
    else: exec(change, {'contour': contour})
    shape.ContourSequence.append(contour)
ds.ROIContourSequence = [shape]
ds.is_implicit_VR, ds.is_little_endian = False, True
ds.save_as(path)
`;
