import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeMeasurementReport,
  encodeMrSeries,
  encodeSegmentation,
  type EncodedObject,
} from '@inner-ear-hydrops/core/dicom';
import {
  TEST_CASES,
  testLabels,
  testMeasurement,
  testSeries,
  testVolume,
} from '../../core/test/testSeries';
import { PYTHON, describeWithTools, runTool } from '../support/tools';
import { temporaryFolder } from '../support/temporaryFolder';

/** The report's Image Library beside the image files that it describes, as pydicom and dcmtk read them. */
const created = new Date('2026-03-04T05:06:07Z');
const volume = testVolume((i, j, k) => 10 * i + 3 * j + k);
const template = testSeries('MRC', volume);
const images = encodeMrSeries({
  kind: 'original',
  ...{ volume, created, template: template.header.attributes, description: 'MRC', seriesNumber: 1 },
  seriesInstanceUid: template.header.seriesInstanceUid,
  imageType: ['ORIGINAL', 'PRIMARY', 'M'],
  scaling: { kind: 'unsigned-12-bit' },
  acquisition: {
    ...{ scanningSequence: ['SE'], sequenceVariant: ['SK'], repetitionTime: 9000, echoTime: 540 },
    ...{ inversionTime: 2250, echoTrainLength: 173, magneticFieldStrength: 3 },
  },
  window: { center: 400, width: 1000 },
  equipment: { Manufacturer: 'Phantom', ManufacturerModelName: 'Phantom' },
});
const mrc = {
  ...template,
  sources: images.map(({ sopInstanceUid, sopClassUid, dataset }) => ({
    ...{ sopInstanceUid, sopClassUid, instanceNumber: Number(dataset.InstanceNumber) },
  })),
};
const measurement = testMeasurement(mrc);
TEST_CASES['a voided ear'](measurement);
const common = { mrc, measurement, created };
const segmentation = encodeSegmentation({ ...common, labels: testLabels(), model: null });
const report = encodeMeasurementReport({
  ...{ ...common, segmentation, ppi: testSeries('PPI', volume), pei: null },
});

const folder = temporaryFolder();

function write(name: string, { file }: EncodedObject): string {
  const path = join(folder, `${name}.dcm`);
  writeFileSync(path, new Uint8Array(file));
  return path;
}

describeWithTools('Image Library', ['pydicom', 'dsr2html'], () => {
  test('describes each image as the file itself does', () => {
    const { status, output } = runTool(PYTHON, [
      '-W',
      'ignore',
      '-c',
      `
import sys, json, pydicom
sr = pydicom.dcmread(sys.argv[1])
files = {ds.SOPInstanceUID: ds for ds in map(pydicom.dcmread, sys.argv[2:])}
evidence = {i.ReferencedSOPInstanceUID for s in sr.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence for i in s.ReferencedSOPSequence}
def value(item):
    if item.ValueType == 'NUM': return float(item.MeasuredValueSequence[0].NumericValue)
    if item.ValueType == 'CODE': return item.ConceptCodeSequence[0].CodeValue
    return item.UID if item.ValueType == 'UIDREF' else item.get('TextValue')
def said(items): return {i.ConceptNameCodeSequence[0].CodeMeaning: value(i) for i in items if i.get('RelationshipType') == 'HAS ACQ CONTEXT'}
library = [c for c in sr.ContentSequence if c.ConceptNameCodeSequence[0].CodeValue == '111028'][0]
group = library.ContentSequence[0]
shared, seen, problems = said(group.ContentSequence), 0, []
def same(name, found, expected):
    if found != expected and not (isinstance(expected, float) and abs(found - expected) < 1e-6): problems.append([name, found, expected])
for entry in group.ContentSequence:
    if entry.ValueType != 'IMAGE': continue
    uid = entry.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
    ds, own, seen = files[uid], said(entry.ContentSequence), seen + 1
    if uid not in evidence: problems.append(['not evidence', uid])
    for i, axis in enumerate('XYZ'): same('position', own['Image Position (Patient) ' + axis], float(ds.ImagePositionPatient[i]))
    for i, name in enumerate(['Row X', 'Row Y', 'Row Z', 'Column X', 'Column Y', 'Column Z']): same(name, shared['Image Orientation (Patient) ' + name], float(ds.ImageOrientationPatient[i]))
    same('vertical', shared['Vertical Pixel Spacing'], float(ds.PixelSpacing[0]))
    same('horizontal', shared['Horizontal Pixel Spacing'], float(ds.PixelSpacing[1]))
    same('between', shared['Spacing between slices'], float(ds.SpacingBetweenSlices))
    same('rows', shared['Pixel Data Rows'], float(ds.Rows))
    same('columns', shared['Pixel Data Columns'], float(ds.Columns))
    same('frame', shared['Frame of Reference UID'], ds.FrameOfReferenceUID)
    same('series', shared['Series Instance UID'], ds.SeriesInstanceUID)
    same('description', shared['Series Description'], ds.SeriesDescription)
    same('number', shared['Series Number'], float(ds.SeriesNumber))
    same('modality', shared['Modality'], ds.Modality)
print(json.dumps([seen, problems]))`,
      write('sr', report),
      ...images.map((image, k) => write(`mrc-${k}`, image)),
    ]);
    if (status !== 0) throw new Error(output);
    // The organs lie on four of the six images.
    expect(JSON.parse(output)).toEqual([4, []]);
  });

  test('a page made by dcmtk shows series, sides and what is not measurable', () => {
    const { status, output } = runTool('dsr2html', [write('sr-html', report)]);
    expect(status).toBe(0);
    expect(output.split('\n').filter((line) => /^[EF]:/.test(line))).toEqual([]);
    const page = output.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(page).toContain('Image Library');
    expect(page).toContain('Role of the series in the measurement = "MRC"');
    expect(page).toContain('Laterality = Left');
    expect(page).toContain('volume ratio: counted 100.0 %, not measurable');
    expect(page.match(/Algorithm Name/g)).toHaveLength(1);
  });
});
